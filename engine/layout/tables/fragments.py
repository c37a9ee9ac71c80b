"""The smallest pieces that may be cells: lines, parted where their words stand far apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line, bounding_rect, group_rows
from papertray.engine.rectangles import Rect

APART = 0.75
"""Words farther apart than this, in line heights, may belong to two cells."""

BLURRED = 0.12
"""Boxes reach this far beyond their letters on both sides, in line heights."""

_NUMBER = re.compile(
    r"[\W_]*[\d.,:/\s]*\d[\d.,:/\s]*[\W_]*(?:[a-z]{1,3}\b)?[\W_]*|[–—\-.*]{1,3}|n/?a\.?", re.IGNORECASE
)


def cut_into_fragments(line: Line) -> list[Line]:
    """A line as it is, or its parts."""
    if len(line.words) < 2:
        return [line]
    words = sorted(line.words, key=lambda word: word.left)
    cuts = [
        at
        for at, (before, behind) in enumerate(pairwise(words), start=1)
        if behind.left - before.right > APART * line.rect.height
    ]
    if not cuts:
        return [line]
    ends = [0, *cuts, len(words)]
    parts = []
    for first, end in pairwise(ends):
        left = line.rect.left if first == 0 else words[first].left
        right = line.rect.right if end == len(words) else words[end - 1].right
        inside = tuple(words[first:end])
        rect = Rect(left, line.rect.top, right, line.rect.bottom)
        parts.append(replace(line, rect=rect, text=join_words(inside), words=inside))
    return parts


def group_fragments(lines: Sequence[Line]) -> list[list[Line]]:
    return group_rows(part for line in lines for part in cut_into_fragments(line))


def is_number(text: str) -> bool:
    """`1,204`, `12.5 %`, `(3)`, `–`: what stands in a table under its fellows."""
    return _NUMBER.fullmatch(text.strip()) is not None


def reach_of_letters(line: Line) -> tuple[float, float]:
    """From where to where the letters of a line reach."""
    blurred = BLURRED * line.rect.height
    return line.rect.left + blurred, line.rect.right - blurred


def overlaps(one: Line, other: Line) -> bool:
    (a, b), (c, d) = reach_of_letters(one), reach_of_letters(other)
    return a < d and c < b


def bound_rows(rows: Sequence[Sequence[Line]]) -> Rect:
    return bounding_rect(line.rect for row in rows for line in row)
