"""The smallest pieces that may be cells: lines, parted where their words stand far apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line, Word, bounding_rect
from papertray.engine.rectangles import Rect

APART = 0.75
"""Words farther apart than this, in line heights, may belong to two cells."""

BLANKS, BEARINGS, LONG = 1.9, 0.2, 4
"""Typed words stand as far apart as one blank and the white of two narrow letters, in widths of letters. The
ink of a word is so much narrower than its letters; words of so many tell how wide these are."""

BLURRED = 0.12
"""Boxes reach this far beyond their letters on both sides, in line heights."""

LEVEL, STEP = 0.35, 0.65
"""Middles of fragments in one row differ by less than this, in line heights; lines of one cell by more than
the second."""

APART_BELOW = 0.3
"""The lines of one cell have less white between them than this, in line heights."""

Reach = tuple[float, float]
"""From where to where letters reach."""

_LETTER = re.compile(r"[^\W\d_]")

_NUMBER = re.compile(
    r"[\W_]*(?:[a-z]{2,3}\s)?[\W_]*[\d.,:/\s'’`]*\d[\d.,:/\s'’`]*[\W_]*(?:[a-z]{1,3}\b)?[\W_]*"
    r"|[–—\-.*]{1,3}|n/?a\.?",
    re.IGNORECASE,
)


def cut_into_fragments(line: Line) -> list[Line]:
    """A line as it is, or its parts."""
    if len(line.words) < 2:
        return [line]
    words = sorted(line.words, key=lambda word: word.left)
    apart, typed = APART * line.rect.height, BLANKS * _letter_width(words) if line.mono else 0.0
    cuts = [
        at
        for at, (before, behind) in enumerate(pairwise(words), start=1)
        if behind.left - before.right > (typed if typed > apart and _are_text(before, behind) else apart)
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


def _are_text(one: Word, other: Word) -> bool:
    """Whether there are letters among them, or nothing but signs: numbers may be cells, however close."""
    texts = (one.text, other.text)
    return any(map(_LETTER.search, texts)) or not any(map(str.isalnum, "".join(texts)))


def _letter_width(words: Sequence[Word]) -> float:
    """Of letters of one width; none where no word is long enough to tell."""
    longest = max(words, key=lambda word: len(word.text))
    letters = len(longest.text)
    return (longest.right - longest.left) / (letters - BEARINGS) if letters >= LONG else 0.0


def group_fragments(lines: Sequence[Line]) -> list[list[Line]]:
    """Rows of fragments. A cell of several lines is in one row with what stands beside its middle."""
    rows: list[list[Line]] = []
    last: list[Line] = []
    for row in _level_rows([part for line in lines for part in cut_into_fragments(line)]):
        if rows and _is_between_lines(last, row) and not _begins_row(rows[-1], row):
            rows[-1].extend(row)
        else:
            rows.append(list(row))
        last = row
    return [sorted(row, key=lambda line: line.rect.left) for row in rows]


def _level_rows(parts: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda part: part.rect.middle):
        if rows and abs(part.rect.middle - _middle(rows[-1])) < LEVEL * _height([*rows[-1], part]):
            rows[-1].append(part)
        else:
            rows.append([part])
    return rows


def _is_between_lines(above: Sequence[Line], row: Sequence[Line]) -> bool:
    """Whether a row stands lower than another by less than a line, and under none of it."""
    step = _middle(row) - _middle(above)
    return step < STEP * _height([*above, *row]) and not any(
        overlaps(line, other) for line in row for other in above
    )


def _begins_row(above: Sequence[Line], row: Sequence[Line]) -> bool:
    """Whether it stands under others as another row does: far below, or with numbers under numbers."""
    return any(
        overlaps(line, other)
        and (
            line.rect.top - other.rect.bottom > APART_BELOW * line.rect.height
            or (is_number(line.text) and is_number(other.text))
        )
        for line in row
        for other in _lowest(above)
    )


def _lowest(lines: Sequence[Line]) -> list[Line]:
    """Those that have none below them."""
    return [
        line
        for line in lines
        if not any(
            overlaps(line, other) and other.rect.middle - line.rect.middle > STEP * line.rect.height
            for other in lines
        )
    ]


def _middle(row: Sequence[Line]) -> float:
    return sum(line.rect.middle for line in row) / len(row)


def _height(row: Sequence[Line]) -> float:
    return min(line.rect.height for line in row)


def is_number(text: str) -> bool:
    """`1,204`, `12.5 %`, `(3)`, `–`: what stands in a table under its fellows."""
    return _NUMBER.fullmatch(text.strip()) is not None


def reach_of_letters(line: Line) -> Reach:
    """From where to where the letters of a line reach."""
    blurred = BLURRED * line.rect.height
    return line.rect.left + blurred, line.rect.right - blurred


def overlaps(one: Line, other: Line) -> bool:
    (a, b), (c, d) = reach_of_letters(one), reach_of_letters(other)
    return a < d and c < b


def reaches_of_letters(lines: Iterable[Line]) -> list[Reach]:
    """The one that ends first is the first."""
    return [reach_of_letters(line) for line in sorted(lines, key=lambda line: line.rect.right)]


def count_beside(lines: Sequence[Line]) -> int:
    """How many of them stand beside each other."""
    return count_apart(reaches_of_letters(lines))


def count_apart(reaches: Iterable[Reach]) -> int:
    """The same of reaches, of which the one that ends first is the first."""
    count, edge = 0, float("-inf")
    for left, right in reaches:
        if left >= edge:
            count, edge = count + 1, right
    return count


def bound_rows(rows: Sequence[Sequence[Line]]) -> Rect:
    return bounding_rect(line.rect for row in rows for line in row)
