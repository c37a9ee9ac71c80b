"""Whether rows of pieces are a table at all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from papertray.engine.layout.lines import Line
from papertray.engine.layout.tables.cells import find_columns
from papertray.engine.layout.tables.fragments import is_number

Rows = list[list[Line]]

WORDY = 24
"""Cells are short. A column whose weigh_median cell has more characters than this is running text."""

COUNTED = 8
"""So many numbers in a row count lines."""


def is_table(rows: Rows, fewest: int) -> bool:
    columns = find_columns(rows)
    if len(columns) < 2 or sum(len(row) > 1 for row in rows) < fewest:
        return False
    cells = [
        [line.text for row in rows for line in row if left < line.rect.centre < right]
        for left, right in columns
    ]
    wordy = sum(median(map(len, column)) > WORDY for column in cells if column)
    numbers = sum(sum(map(is_number, column)) * 2 > len(column) for column in cells)
    if _counts_lines(cells[0]) and numbers < 2:
        return False
    flowing = sum(_flows(column) for column in cells)
    return flowing < 2 and (wordy < 2 or numbers >= wordy)


def _counts_lines(column: Sequence[str]) -> bool:
    """1, 2, 3 … beside every line, as in the record of a court: what they count is no table."""
    counted = [int(text) for text in column if text.strip().isdecimal()]
    steps = sum(below - above == 1 for above, below in pairwise(counted))
    return len(counted) >= COUNTED and steps > 0.8 * len(counted) and len(counted) > 0.8 * len(column)


def _flows(column: Sequence[str]) -> bool:
    """Whether its lines go on from one to the next, as text in columns does."""
    return sum(text[:1].islower() for text in column[1:]) > len(column) / 3
