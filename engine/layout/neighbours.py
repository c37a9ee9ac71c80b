"""How the words of a page stand to each other: beside, in columns, on lines.

Takes the words' boxes (left, top, width, height, area) and the height of a letter; gives counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

ROW_HEIGHT, FEWEST = 3.5, 8
"""Neighbours stand so near, in heights of letters; a column has so many words."""

IN_A_CLUSTER, SAME_WIDTH = 6, 0.72
"""Numbers in a row or a column are so many, and of one width but for a digit."""

STRIPS = 12
"""So many strips, from top to bottom, are looked through for lines."""


@dataclass(frozen=True, slots=True)
class LikeWords:
    """So many words, about as wide as `width` small letters are high."""

    count: int
    width: float


def count_lines(boxes: Numbers, body: float) -> int:
    """How many words stand one below the other where most do."""
    import numpy as np

    left, top, width, height = (boxes[:, side].astype(np.float32) for side in range(4))
    foot, real = top + height, height >= 0.5 * body
    edges = np.linspace(left.min(initial=0), (left + width).max(initial=1), STRIPS + 1)
    most = 0
    for start, end in pairwise(edges.tolist()):
        feet = np.sort(foot[real & (left < end) & (left + width > start)])
        most = max(most, _steps_down(feet.tolist(), 0.7 * body))
    return most


def _steps_down(feet: list[float], least: float) -> int:
    lines, last = 0, float("-inf")
    for foot in feet:
        if foot - last > least:
            lines, last = lines + 1, foot
    return lines


def count_neighbours(boxes: Numbers, body: float) -> int:
    """How many of these stand beside others of them on a line, or above or below them."""
    return int(_near(boxes, body).any(axis=1).sum())


def count_in_clusters(boxes: Numbers, body: float) -> int:
    """How many stand with so many others of them in rows or columns, nothing else between."""
    import numpy as np

    near = _near(boxes, body, alike=True)
    left, count = np.ones(len(boxes), bool), 0
    while left.any():
        members = np.zeros(len(boxes), bool)
        members[left.argmax()] = True
        while (wider := members | near[members].any(axis=0)).sum() > members.sum():
            members = wider
        left &= ~members
        count += int(members.sum()) if members.sum() >= IN_A_CLUSTER else 0
    return count


def _near(boxes: Numbers, body: float, alike: bool = False) -> Numbers:
    """`alike` are only those of about one width."""
    import numpy as np

    left, top, width, height = (boxes[:, side].astype(np.float32) for side in range(4))
    across = np.abs((left + width / 2)[:, None] - (left + width / 2))
    down = np.abs((top + height)[:, None] - (top + height))
    reach = (width[:, None] + width) / 2 + ROW_HEIGHT * body
    edges = np.minimum(across, np.abs(left[:, None] - left))
    beside = (down <= 0.6 * body) & (across <= reach)
    stacked = (edges <= 0.8 * body) & (down <= ROW_HEIGHT * body)
    near = beside | stacked
    if alike:
        near &= np.minimum(width[:, None], width) >= SAME_WIDTH * np.maximum(width[:, None], width)
    np.fill_diagonal(near, val=False)
    found: Numbers = near
    return found


def columns_of_words(boxes: Numbers, body: float) -> tuple[LikeWords, ...]:
    """For each column of words of one size: how many there are in all columns of such words."""
    import numpy as np

    left, top, width, height = (boxes[:, side].astype(np.float32) for side in range(4))
    order = np.lexsort((left, top))
    sizes: dict[int, int] = {}
    parent: dict[int, int] = {}
    bottoms: list[int] = []
    for word in order.tolist():
        above = _above(word, bottoms, left, top, width, height, body)
        parent[word] = parent[above] if above is not None else word
        sizes[parent[word]] = sizes.get(parent[word], 0) + 1
        bottoms = [other for other in bottoms if top[word] - top[other] <= ROW_HEIGHT * body * 1.5]
        bottoms = [other for other in bottoms if other != above] + [word]
    columns = [(width[first], size) for first, size in sizes.items() if size >= FEWEST]
    found = [
        LikeWords(sum(size for other, size in columns if 0.75 < other / wide < 1.33), float(wide) / body)
        for wide, _ in columns
    ]
    return tuple(sorted(found, key=lambda like: like.count, reverse=True))


def _above(
    word: int, bottoms: list[int], left: Numbers, top: Numbers, width: Numbers, height: Numbers, body: float
) -> int | None:
    for other in reversed(bottoms):
        down = top[word] - top[other]
        aligned = abs(left[word] - left[other]) <= 1.2 * body
        if aligned and 0.5 * body <= down <= ROW_HEIGHT * 1.5 * body:
            wide, high = width[word] / width[other], height[word] / height[other]
            if 0.7 < wide < 1.43 and 0.6 < high < 1.67:
                return other
    return None
