"""How often the words of a page come again, told from their looks alone.

Takes the grey picture; gives counts, never text. A model that has written a word more often than anything
on the page comes again is not reading any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.neighbours import (
    FEWEST,
    LikeWords,
    columns_of_words,
    count_in_clusters,
    count_lines,
    count_neighbours,
)
from papertray.engine.layout.printing import share_of_print
from papertray.engine.layout.sequences import CLOSE, TIGHT, count_beginnings, count_pairs, gaps_before

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

LOOKED_AT = 1600
"""The picture's longer side is made this many pixels, if it isn't far too small."""

LARGEST_ZOOM = 2.5
FAINT, INK = 12, 28
"""A rule may be darker than its paper by less than letters are, of 255."""

GAP, FLAT = 0.28, 0.35
"""Marks nearer than the first are one word, lower than the second a dash or dot; in heights of letters."""

ALIKE, WIDER, HIGHER = 0.72, 0.09, 0.2
"""Two words that look the same correlate so well, and differ in size by no more."""

MOST_WORDS, RULE_SAMPLES = 2600, 40
TALL = 2.5
"""A word that is higher, in heights of letters, is several."""

TOGETHER = 0.8
"""A group is a repetition when such a share of it stand next to others of it."""


@dataclass(frozen=True, slots=True)
class PageLooks:
    """`alike` are words that look like each other, the largest such group first; `repeated` are those
    whose words stand next to each other. `columns` are words of one size that stand in columns, be they
    written by hand. `numbers` may be numbers among numbers; `ruled` rules go across; `lines` stand one below
    the other. `body` is the usual height of a letter, in pixels. `beginnings` are words with nothing close
    before them, `cells` those with some room; `pairs` is how often the same two words stand one behind the
    other, the most frequent first; such a share of the letters is `printed`, and such a
    share of the words' area `fused`: of several lines that have run together."""

    words: int
    numbers: int
    alike: tuple[LikeWords, ...]
    ruled: int
    repeated: tuple[LikeWords, ...] = ()
    columns: tuple[LikeWords, ...] = ()
    lines: int = 0
    body: float = 0
    beginnings: int = 0
    cells: int = 0
    pairs: tuple[int, ...] = ()
    printed: float = 0
    fused: float = 0


def look_at_words(grey: Numbers) -> PageLooks:
    import cv2
    import numpy as np

    depth = _depth_of_ink(_resized(grey))
    ruled, rules = _find_rules(depth)
    strong = depth[depth > FAINT]
    limit = max(INK, 0.35 * float(np.percentile(strong, 90))) if strong.size else INK
    ink = ((depth > limit) & ~rules).astype(np.uint8)
    _, glyphs, sizes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    kept = (sizes[:, 4] >= 5) & (sizes[:, 3] < height / 12) & (sizes[:, 2] < width / 4)
    kept[0] = False
    tall = kept & (sizes[:, 3] >= 5)
    if not tall.any():
        return PageLooks(0, 0, (), ruled)
    body = float(np.median(sizes[tall, 3]))
    blobs, boxes = _join_words(kept[glyphs].astype(np.uint8), body)
    numbers = _numbers(glyphs, blobs, sizes, np.flatnonzero(kept & (sizes[:, 3] >= 0.5 * body)), boxes, body)
    words = np.flatnonzero(np.maximum(boxes[:, 2], boxes[:, 3]) >= FLAT * body)
    words = words[words > 0]
    some = words[:: max(1, -(-len(words) // MOST_WORDS))]
    groups = _group(_looks(depth, boxes[some]), boxes[some], body)
    share = len(words) / max(1, len(some))
    alike = tuple(
        LikeWords(round(len(group) * share), float(np.median(boxes[some][group, 2])) / body)
        for group in groups
    )
    beside = [count_neighbours(boxes[some][group], body) for group in groups[:40]]
    repeated = tuple(
        LikeWords(near, like.width)
        for near, group, like in zip(beside, groups, alike, strict=False)
        if near >= max(FEWEST, TOGETHER * len(group))
    )
    gaps = gaps_before(boxes[some], body)
    return PageLooks(
        len(words),
        numbers,
        alike,
        ruled,
        repeated,
        columns=columns_of_words(boxes[some], body),
        lines=count_lines(boxes[words], body),
        body=body,
        beginnings=round(count_beginnings(gaps, CLOSE * body) * share),
        cells=round(count_beginnings(gaps, TIGHT * body) * share),
        pairs=tuple(round(count * share) for count in count_pairs(gaps, boxes[some], groups, body)),
        printed=share_of_print(depth, sizes[kept], body),
        fused=_share_of_fused(boxes[some], body),
    )


def _share_of_fused(boxes: Numbers, body: float) -> float:
    areas = boxes[:, 2] * boxes[:, 3]
    return float(areas[boxes[:, 3] > TALL * body].sum() / max(1, areas.sum()))


def _resized(grey: Numbers) -> Numbers:
    import cv2

    scale = min(LOOKED_AT / max(grey.shape), LARGEST_ZOOM)
    if 0.77 < scale <= 1:
        return grey
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized: Numbers = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how)
    return resized


def _depth_of_ink(grey: Numbers) -> Numbers:
    """How far each pixel is from the paper around it, be that light or dark."""
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(grey, (3, 3), 0)
    paper = cv2.medianBlur(soft, 51).astype(np.int16)
    depth = np.where(paper >= 100, paper - soft, soft.astype(np.int16) - paper)
    clipped: Numbers = np.clip(depth, 0, 255).astype(np.uint8)
    return clipped


def _find_rules(depth: Numbers) -> tuple[int, Numbers]:
    """How many rules go across, and where any rule is."""
    import cv2
    import numpy as np

    faint = (depth > FAINT).astype(np.uint8)
    height, width = depth.shape
    across = cv2.morphologyEx(faint, cv2.MORPH_OPEN, np.ones((1, width // 16), np.uint8))
    down = cv2.morphologyEx(faint, cv2.MORPH_OPEN, np.ones((height // 28, 1), np.uint8))
    thick = cv2.dilate(across, np.ones((5, 9), np.uint8))
    ends = np.diff(thick[:, :: max(1, width // RULE_SAMPLES)].astype(np.int8), axis=0) > 0
    ruled = round(float(np.percentile(ends.sum(axis=0), 75)))
    return ruled, cv2.dilate(np.maximum(across, down), np.ones((3, 3), np.uint8)) > 0


def _join_words(ink: Numbers, body: float) -> tuple[Numbers, Numbers]:
    """Each pixel's word, and the words' boxes; the first is the paper."""
    import cv2
    import numpy as np

    joint = np.ones((max(1, round(GAP * body)), max(2, round(GAP * body))), np.uint8)
    closed = cv2.morphologyEx(np.pad(ink, 8), cv2.MORPH_CLOSE, joint)[8:-8, 8:-8]
    _, blobs, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(closed), connectivity=8)
    return blobs, boxes


def _numbers(
    glyphs: Numbers, blobs: Numbers, sizes: Numbers, letters: Numbers, boxes: Numbers, body: float
) -> int:
    """Words whose letters are all as high as a capital, as digits are, with such words all around."""
    import numpy as np

    word_of = np.zeros(len(sizes), np.int64)
    word_of[glyphs] = blobs
    highest, lowest = np.zeros(len(boxes)), np.full(len(boxes), np.inf)
    np.maximum.at(highest, word_of[letters], sizes[letters, 3])
    np.minimum.at(lowest, word_of[letters], sizes[letters, 3])
    capital = np.percentile(sizes[letters, 3], 80) if len(letters) else body
    likely = np.flatnonzero((lowest >= 0.82 * highest) & (highest >= 0.8 * capital))
    return count_in_clusters(boxes[likely[likely > 0]], body)


def _looks(depth: Numbers, boxes: Numbers) -> Numbers:
    """Each word in the same small size, as a vector of length one."""
    import cv2
    import numpy as np

    looks = np.zeros((len(boxes), 12, 40), np.float32)
    for number, (x, y, w, h, _area) in enumerate(boxes):
        looks[number] = cv2.resize(depth[y : y + h, x : x + w], (40, 12), interpolation=cv2.INTER_AREA)
    flat = looks.reshape(len(boxes), 480)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6
    return flat


def _group(looks: Numbers, boxes: Numbers, body: float) -> list[Numbers]:
    """Words that look the same, the largest group first."""
    import numpy as np

    width, height = boxes[:, 2].astype(np.float32), boxes[:, 3].astype(np.float32)
    flat = np.minimum(width, height) <= FLAT * body
    same = (looks @ looks.T) > ALIKE
    same |= flat[:, None] & flat
    for size, slack in ((width, WIDER), (height, HIGHER)):
        smaller = np.minimum(size[:, None], size)
        same &= np.abs(size[:, None] - size) <= np.maximum(min(3, 0.25 * body), slack * smaller)
    left = np.ones(len(looks), bool)
    partners = same.sum(axis=1)
    groups = []
    while left.any():
        first = int(partners.argmax()) if partners.max() > 1 else int(left.argmax())
        members = np.flatnonzero(same[first] & left)
        members = members if len(members) else np.array([first])
        groups.append(members)
        left[members] = False
        partners = partners - same[:, members].sum(axis=1)
        partners[~left] = 0
    return sorted(groups, key=len, reverse=True)
