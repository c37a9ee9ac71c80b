"""Cut a line in two where a gutter runs through it: two columns that stand close were taken for one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

from papertray.engine.layout.lines import Line, Word
from papertray.engine.rectangles import Rect

WHITE = 0.45
"""The words on both sides of a gutter are this many line heights apart, and more."""

WIDER, FEW = 1.3, 2
"""And so much wider apart than most words of the line, where it has more gaps than a few."""

NEAR = 0.6
"""The word behind a gutter begins this close to it, in line heights."""


def find_white(line: Line) -> Iterator[tuple[float, float]]:
    """Where words stand farther apart than most do: the end of one, the beginning of the next."""
    gaps = [(one.right, two.left) for one, two in pairwise(sorted(line.words, key=lambda word: word.left))]
    wide = [(left, right) for left, right in gaps if right - left > WHITE * line.rect.height]
    if wide and len(gaps) > FEW:
        usual = median_low(right - left for left, right in gaps)
        wide = [(left, right) for left, right in wide if right - left > WIDER * usual]
    yield from wide


def cut_line(line: Line, x: float) -> list[Line]:
    """The parts of a line before and behind a gutter that ends at `x`; the whole line where there is none."""
    near = NEAR * line.rect.height
    for left, right in find_white(line):
        if left < x + near and abs(right - x) < near:
            return [
                _part(line, line.rect.left, left, [word for word in line.words if word.left < right]),
                _part(line, right, line.rect.right, [word for word in line.words if word.left >= right]),
            ]
    return [line]


def _part(line: Line, left: float, right: float, words: Sequence[Word]) -> Line:
    return replace(
        line,
        rect=Rect(left, line.rect.top, right, line.rect.bottom),
        text=join_words(words),
        words=tuple(words),
        mark=line.mark if left == line.rect.left else None,
    )


def join_words(words: Sequence[Word]) -> str:
    return "".join(word.text if word.glued else f" {word.text}" for word in words).strip()
