"""The numbers that count the lines of a page beside its text: pleadings, transcripts, manuscripts.

Takes the lines of a page; gives the numbers, which are none of its text, and the lines without them. A column
of numbers that counts rows of a table, the items of a list or the lines of a program stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from papertray.engine.layout.line_numbers import begins_with_number, behind_first_word
from papertray.engine.layout.lines import Line, bounding_rect, group_rows
from papertray.engine.rectangles import Rect

FEWEST, LONGEST = 8, 4
"""So many numbers, of no more digits, count lines."""

TALL = 0.5
"""They go along this share of the text at least."""

RUNNING, EMPTY = 0.15, 2
"""So many of the counted lines begin within a sentence, or so many numbers count nothing: those of a list of
names do neither."""

PARTS, MOSTLY, WIDE = 2, 0.7, 0.4
"""Rows of more parts are a table's; so many have fewer, and the middle one fills this much of the widest."""


@dataclass(frozen=True, slots=True)
class _Count:
    """A number at the beginning of a line, or alone."""

    number: int
    left: float
    right: float
    line: Line

    @property
    def alone(self) -> bool:
        return self.line.text.isdecimal()


def part_line_numbers(lines: Sequence[Line]) -> tuple[list[Line], Sequence[Line]]:
    """All numbers as one line, and the others; no numbers and the same lines where none are counted."""
    counts = max(_columns(lines), key=len, default=[])
    if len(counts) < FEWEST or not _count_text(counts, lines):
        return [], lines
    counted = {id(count.line): count for count in counts}
    rest = [
        behind_first_word(line) if id(line) in counted else line
        for line in lines
        if id(line) not in counted or not counted[id(line)].alone
    ]
    rect = bounding_rect(_rect(count) for count in counts)
    return [Line(rect, " ".join(str(count.number) for count in counts), size=counts[0].line.size)], rest


def _columns(lines: Sequence[Line]) -> Iterator[list[_Count]]:
    """Numbers under each other, each one more than the one above."""
    left = sorted((count for line in lines for count in _counts(line)), key=lambda count: count.left)
    taken: set[int] = set()
    for first in left[: len(left) - FEWEST + 1]:
        if id(first) in taken:
            continue
        column = [count for count in left if count.left < first.right and count.right > first.left]
        taken.update(map(id, column))
        run: list[_Count] = []
        for count in sorted(column, key=lambda count: count.line.rect.middle):
            if run and count.number != run[-1].number + 1:
                yield run
                run = []
            run.append(count)
        yield run


def _counts(line: Line) -> Iterator[_Count]:
    if line.text.isdecimal() and len(line.text) <= LONGEST:
        yield _Count(int(line.text), line.rect.left, line.rect.right, line)
    elif begins_with_number(line) and len(line.words[0].text) <= LONGEST:
        yield _Count(int(line.words[0].text), line.words[0].left, line.words[0].right, line)


def _count_text(counts: Sequence[_Count], lines: Sequence[Line]) -> bool:
    """Whether what stands to the right of these numbers is running text, and nothing to their left."""
    column = bounding_rect(_rect(count) for count in counts)
    counted = {id(count.line) for count in counts}
    texts = [behind_first_word(count.line) for count in counts if not count.alone]
    texts += [line for line in lines if id(line) not in counted and _is_beside(line, column)]
    if not texts or column.height < TALL * bounding_rect(line.rect for line in lines).height:
        return False
    if any(text.rect.left < column.right for text in texts) or _is_program(counts, texts):
        return False
    rows = group_rows(texts)
    widths = sorted(row[-1].rect.right - row[0].rect.left for row in rows)
    if widths[len(rows) // 2] < WIDE * widths[-1] or _mean(len(row) <= PARTS for row in rows) < MOSTLY:
        return False
    middles = [row[0].rect.middle for row in rows]
    steps = [below.line.rect.middle - above.line.rect.middle for above, below in pairwise(counts)]
    reach = min(steps) / 2
    empty = sum(all(abs(count.line.rect.middle - at) > reach for at in middles) for count in counts)
    return empty >= EMPTY or _mean(row[0].text[:1].islower() for row in rows) >= RUNNING


def _is_program(counts: Sequence[_Count], texts: Sequence[Line]) -> bool:
    """Letters of one width beside numbers of other ones: a listing, whose numbers are read with it."""
    return _mean(bool(text.mono) for text in texts) > MOSTLY and not all(count.line.mono for count in counts)


def _is_beside(line: Line, column: Rect) -> bool:
    return column.top < line.rect.middle < column.bottom


def _rect(count: _Count) -> Rect:
    return Rect(count.left, count.line.rect.top, count.right, count.line.rect.bottom)


def _mean(told: Iterator[bool]) -> float:
    every = list(told)
    return sum(every) / max(len(every), 1)
