"""Chain the letters of one direction into lines: runs of letters in the file, then runs that meet.

Takes a `Direction`; gives for each line the places of its letters there, from left to right, and which of
them begin a word. White that is wider than `WIDEST_BLANK` parts lines, as a ruled line between them does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.late_letters import Run, set_between
from papertray.engine.layer.letters import Direction
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

WIDEST_BLANK = 0.8
"""In sizes of its letters. Set words stand closer, cells and columns farther apart."""

OVERLAP = 0.5
"""Letters may reach this far, in sizes, into the one before: kerned, slanted, accents."""

LEAST_BLANK = 0.08
"""The white, in sizes, where pdfium's guess of a blank is believed."""

TAIL = 0.75
"""So far, in sizes, the tails of Arabic letters reach under the next."""

LEVEL = 0.25
"""Bases of one line differ less than this, in sizes."""

INITIAL = 2.0
"""A letter so many times larger than what follows on its line belongs to more lines than this one."""

SMALLER, SMALLEST, RAISED = 0.85, 0.4, 0.65
"""Letters smaller than the first, but not than the second, may stand this much higher or lower."""

BLANK, SPACED = 0.17, 0.12
"""Letters that stand farther apart, in sizes, belong to two words; the second more than the line's others."""

WITHIN = 0.12
"""How far up among a line's gaps the one is that stands for those within words."""

SPREAD, MOSTLY = 4, 0.7
"""So many letters each of which stands apart are one word that is set so, or dots that lead on; no more of
them than the rest are signs, which stand apart in formulas."""


def chain(direction: Direction, down: Sequence[Rect]) -> list[tuple[Numbers, Numbers]]:
    """`down` are the ruled lines across this direction, in its frame."""
    import numpy as np

    runs = set_between(direction, _runs(direction, down))
    follower = _followers(runs, down)
    taken = set(follower.values())
    lines = []
    for at in range(len(runs)):
        if at in taken:
            continue
        chained = [at]
        while (after := follower.get(chained[-1])) is not None:
            chained.append(after)
        letters = np.concatenate([runs[one].letters for one in chained])
        lines.append((letters, begin_words(direction, letters, np.ones(len(letters), bool))))
    return lines


def begin_words(direction: Direction, letters: Numbers, told: Numbers) -> Numbers:
    """Where words begin: behind the file's own blanks, and where white is wider than within words.

    `told` are the letters of which the file says whether a blank stands before them.
    """
    import numpy as np

    gaps = direction.begins[letters][1:] - np.maximum.accumulate(direction.ends[letters])[:-1]
    sizes = np.minimum(direction.sizes[letters][1:], direction.sizes[letters][:-1])
    usual = _usual_gaps(gaps / sizes, direction.spread[letters])
    begins = direction.blank[letters] & told
    begins[:1] = True
    begins[1:] |= gaps > np.maximum(BLANK, usual + SPACED) * sizes
    begins[1:] |= (direction.guessed[letters] & told)[1:] & (
        gaps > np.maximum(LEAST_BLANK, usual + LEAST_BLANK) * sizes
    )
    begins[1:] &= ~direction.marks[letters][1:]
    return begins


def _usual_gaps(gaps: Numbers, spread: Numbers) -> Numbers:
    """The gap within words at each place. Of short lines and formulas half may be blanks, and more."""
    import numpy as np

    usual = np.zeros(len(gaps))
    if not len(gaps):
        return usual
    place = int(WITHIN * (len(gaps) - 1))
    usual[:] = np.partition(gaps, place)[place]
    wide = np.concatenate([[False], gaps > np.maximum(BLANK, usual + SPACED), [False]])
    edges = np.flatnonzero(wide[1:] != wide[:-1])
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start >= SPREAD and spread[start + 1 : end].mean() > MOSTLY:
            usual[start:end] = middle(gaps[start:end])
    return usual


def _runs(direction: Direction, down: Sequence[Rect]) -> list[Run]:
    import numpy as np

    one, other = slice(None, -1), slice(1, None)
    size = np.maximum(direction.sizes[one], direction.sizes[other])
    ahead = direction.begins[other] - direction.ends[one]
    back = direction.begins[one] - direction.ends[other]
    level = _is_level(
        direction.bases[one] - direction.bases[other], direction.sizes[one], direction.sizes[other]
    )
    forwards = (ahead > -OVERLAP * size) & (ahead < WIDEST_BLANK * size)
    forwards &= direction.lefts[other] > direction.lefts[one] - OVERLAP * size
    backwards = (back > -OVERLAP * size) & (back < WIDEST_BLANK * size)
    one_sign = (ahead == back) & (direction.lefts[one] == direction.lefts[other])
    follows = level & (forwards | backwards | one_sign) & ~_crossed(direction, down)
    ends = np.flatnonzero(~follows) + 1
    return [
        _run(direction, letters) for letters in np.split(np.arange(len(direction.at)), ends) if len(letters)
    ]


def _crossed(direction: Direction, down: Sequence[Rect]) -> Numbers:
    """Between which letters and the next a ruled line stands."""
    import numpy as np

    crossed = np.zeros(max(len(direction.at) - 1, 0), bool)
    middle = (direction.lefts + direction.rights) / 2
    height = direction.bases - 0.3 * direction.sizes
    low, high = np.minimum(middle[:-1], middle[1:]), np.maximum(middle[:-1], middle[1:])
    for rule in down:
        crossed |= (
            (low < rule.centre)
            & (rule.centre < high)
            & (rule.top < height[:-1])
            & (height[:-1] < rule.bottom)
        )
    return crossed


def _is_level(step: Any, one: Any, other: Any) -> Any:
    """Whether bases that differ by `step` are of one line, the letters being of these sizes."""
    import numpy as np

    small, large = np.minimum(one, other), np.maximum(one, other)
    return (np.abs(step) < LEVEL * small) | (
        (small < SMALLER * large) & (small > SMALLEST * large) & (np.abs(step) < RAISED * large)
    )


def middle(numbers: Numbers) -> float:
    """One of them that half are not greater than: cheaper than a median, and as good."""
    import numpy as np

    half = len(numbers) // 2
    return float(np.partition(numbers, half)[half])


def _run(direction: Direction, letters: Numbers) -> Run:

    sizes = direction.sizes[letters]
    large = letters[sizes >= SMALLER * sizes.max()]
    return Run(
        letters,
        float(direction.begins[letters].min()),
        float(direction.ends[letters].max()),
        middle(direction.bases[large]),
        middle(direction.sizes[large]),
        len(letters) == 1 and bool(direction.spread[letters[0]]),
    )


def _followers(runs: Sequence[Run], down: Sequence[Rect]) -> dict[int, int]:
    """For each run the one that goes on to its right, if there is one; each follows one only."""
    order = sorted(range(len(runs)), key=lambda at: runs[at].left)
    lefts = [runs[at].left for at in order]
    reach = max((run.size for run in runs), default=0.0)
    pairs = []
    for at, run in enumerate(runs):
        first = bisect_left(lefts, run.right - TAIL * reach)
        for place in range(first, len(order)):
            other = runs[order[place]]
            if other.left - run.right > WIDEST_BLANK * reach:
                break
            if order[place] != at and _goes_on(run, other, down):
                pairs.append((abs(other.left - run.right) + abs(other.base - run.base), at, order[place]))
    follower: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, after in sorted(pairs):
        if at not in follower and after not in taken:
            follower[at] = after
            taken.add(after)
    return _without_rings(follower)


def _goes_on(run: Run, other: Run, down: Sequence[Rect]) -> bool:
    size = max(run.size, other.size)
    gap = other.left - run.right
    if not -TAIL * size < gap < WIDEST_BLANK * size or other.right <= run.right or other.left <= run.left:
        return False
    if run.lone and run.size > INITIAL * other.size:
        return False  # the first letter of a text, as high as the lines beside it: not of the lowest of them
    if not bool(_is_level(run.base - other.base, run.size, other.size)):
        return False
    middle = (run.base + other.base) / 2 - 0.3 * size
    return not any(
        rule.top < middle < rule.bottom and run.right - 0.2 * size < rule.centre < other.left + 0.2 * size
        for rule in down
    )


def _without_rings(follower: dict[int, int]) -> dict[int, int]:
    """A run goes on to its right only, so there are none; but sizes that differ wildly might make one."""
    for start in list(follower):
        at, steps = follower.get(start), 0
        while at is not None and at != start and steps <= len(follower):
            at, steps = follower.get(at), steps + 1
        if at == start:
            del follower[start]
    return follower
