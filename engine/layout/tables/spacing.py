"""How far the lines of a table stand apart, within cells and between rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from papertray.engine.layout.lines import Line
from papertray.engine.layout.tables.fragments import overlaps

Rows = Sequence[Sequence[Line]]

CLOSE = 0.45
"""A line that goes on in its cell stands this close under the one before it, in line heights."""

LOOSER = 0.15
"""So much more white stands between rows than within a cell."""

GOING_ON = 0.3
"""So many of the lines that stand close begin small where they go on in their cells."""

STACKED = 0.5
"""Where lines stand close under others in so few of the columns, those are cells of several lines."""

LONG, HEAD = 8, 3
"""A table of more rows than the first has a head of so many at most."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """White in line heights: between full rows, and where that between rows begins.

    `wrapped` is True where cells of several lines are told from rows by the white alone, `in_head` where such
    stand nowhere but in the first rows of a long table.
    """

    usual: float
    between_rows: float
    wrapped: bool
    in_head: bool = False

    def is_within_cell(self, above: Sequence[Line], below: Sequence[Line]) -> bool:
        return measure_white(above, below) < self.between_rows


def measure_white(above: Sequence[Line], below: Sequence[Line]) -> float:
    bottom, top = max(line.rect.bottom for line in above), min(line.rect.top for line in below)
    return (top - bottom) / max(line.rect.height for line in below)


def measure_spacing(rows: Rows) -> Spacing:
    most = median([len(row) for row in rows] or [0])
    steps = [(measure_white(above, row), above, row) for above, row in pairwise(rows)]
    full = sorted(white for white, above, row in steps if min(len(above), len(row)) > most / 2)
    usual = full[len(full) // 2] if full else 0.0
    whites = sorted(white for white, _, _ in steps)
    jump, edge = max(((b - a, (a + b) / 2) for a, b in pairwise(whites) if a < CLOSE), default=(0.0, 0.0))
    close = [(above, row) for white, above, row in steps if white < edge]
    wrapped = jump > LOOSER and bool(close) and (_go_on(close) or _stand_in_few_columns(close))
    in_head = len(rows) > LONG and not any(white < edge for white, _, _ in steps[HEAD:])
    return Spacing(usual, edge, wrapped, in_head)


def _go_on(pairs: Sequence[tuple[Sequence[Line], Sequence[Line]]]) -> bool:
    lines = [line for _, row in pairs for line in row]
    return sum(line.text[:1].islower() for line in lines) > GOING_ON * len(lines)


def _stand_in_few_columns(pairs: Sequence[tuple[Sequence[Line], Sequence[Line]]]) -> bool:
    """Whether few cells have another one right above them: rows have one above each."""
    under = sum(any(overlaps(line, other) for other in above) for above, row in pairs for line in row)
    return under < STACKED * sum(max(len(above), len(row)) for above, row in pairs)
