"""What stands before each word of a page: where lines begin, and which pairs of words come again.

Takes the words' boxes (left, top, width, height, area), the height of a letter and which words look alike;
gives counts, never text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

CLOSE, TIGHT = 1.2, 0.5
"""A word begins a line, or a cell, if nothing stands so close before it, in heights of letters."""

ON_A_LINE, OVERLAP = 0.3, 1.0
"""Words on one line share such a part of their heights; boxes of two may overlap by so much."""

LEAST_PAIR = 3.0
"""Pairs that are narrower, such as numbers and articles, come again on any page."""


def gaps_before(boxes: Numbers, body: float) -> list[tuple[int, float]]:
    """For each word the one before it on its line, and how far away that ends; itself where there is none."""
    import numpy as np

    left, top, width, height = (boxes[:, side].astype(np.float32) for side in range(4))
    right, foot = left + width, top + height
    order = np.argsort(top)
    highest = float(height.max(initial=0))
    found = []
    for word in range(len(boxes)):
        first, last = np.searchsorted(top[order], (top[word] - highest, foot[word]))
        others = order[first:last]
        common = np.minimum(foot[word], foot[others]) - np.maximum(top[word], top[others])
        gaps = left[word] - right[others]
        fits = (common > ON_A_LINE * np.minimum(height[word], height[others])) & (gaps > -OVERLAP * body)
        fits &= (left[others] < left[word]) & (right[others] < right[word])
        if not fits.any():
            found.append((word, float("inf")))
            continue
        nearest = int(np.abs(gaps[fits]).argmin())
        found.append((int(others[fits][nearest]), float(gaps[fits][nearest])))
    return found


def count_beginnings(gaps: Sequence[tuple[int, float]], least: float) -> int:
    """As many lines as the page can have, however these are cut into columns; or as many cells."""
    return sum(gap >= least for _, gap in gaps)


def count_pairs(
    gaps: Sequence[tuple[int, float]], boxes: Numbers, groups: Sequence[Numbers], body: float
) -> list[int]:
    """How often the same two words, by their looks, stand one behind the other, be it in the next cell; the
    most frequent first."""
    group_of = {int(word): number for number, group in enumerate(groups) for word in group}
    pairs = Counter(
        (group_of[before], group_of[word])
        for word, (before, _) in enumerate(gaps)
        if before != word and boxes[word, 2] + boxes[before, 2] >= LEAST_PAIR * body
    )
    return sorted((count for count in pairs.values() if count > 1), reverse=True)
