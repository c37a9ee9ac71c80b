"""Whether rows of pieces are a table at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from statistics import median

from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.tables.cells import build_table
from papertray.engine.layout.tables.columns import find_columns
from papertray.engine.layout.tables.fragments import count_beside, is_number
from papertray.engine.layout.tables.spacing import measure_spacing

Rows = list[list[Line]]

_SECTION = re.compile(r"\(?[A-Z]?\d{0,2}(?:\.\d{1,2})*[.)]?")

WORDY = 24
"""Cells are short. A column whose weigh_median cell has more characters than this is running text."""

SHORT = 12
"""What is shorter than this does not run on."""

LEVEL, MOSTLY = 0.25, 0.7
"""The middles of cells in one row are not farther apart, in line heights, in so many of the rows."""

FAR = 8.0
"""Names stand nearer to what they name than this, in line heights."""

IN_LINE = 0.8
"""Edges that stand below each other differ by less than this, in line heights."""

SPARSE = 1.0
"""Lines with more white between them, in line heights, are no text."""

FLOWING, LONGEST = 0.15, 300
"""Fewer cells of several lines begin small; and none has so many characters."""

COUNTED = 8
"""So many numbers in a row count lines."""


def is_table(rows: Rows, fewest: int) -> bool:
    columns = find_columns(rows)
    if len(columns) < 2 or sum(len(row) > 1 for row in rows) < fewest:
        return False
    if len(columns) == 2 and _are_numbered(rows):
        return False
    if not _stand_in_line(rows, columns):
        return False
    spacing = measure_spacing(rows)
    if spacing.wrapped:
        whole = _is_wrapped_table(build_table(rows), fewest)
        if whole or not spacing.in_head:
            return whole
    cells = [
        [line.text for row in rows for line in row if left < line.rect.centre < right]
        for left, right in columns
    ]
    wordy = sum(median(map(len, column)) > WORDY for column in cells if column)
    numbers = sum(sum(map(is_number, column)) * 2 > len(column) for column in cells)
    if _counts_lines(cells[0]) and numbers < 2:
        return False
    flowing = sum(_flows(column) for column in cells)
    return flowing < 2 and (wordy < 2 or numbers >= wordy) and is_level(rows)


def _is_wrapped_table(table: Table, fewest: int) -> bool:
    """Cells of several lines may be long, but each begins anew, and one column at least is short."""
    columns = [[cell for cell in column if cell] for column in zip(*table.rows, strict=True)]
    filled = sum(sum(map(bool, row)) > 1 for row in table.rows)
    if filled < max(fewest, MOSTLY * len(table.rows)):
        return False
    short = sum(median(map(len, column)) <= WORDY for column in columns if column)
    cells = [cell for column in columns for cell in column[1:]]
    flowing = sum(cell[:1].islower() and len(cell) > SHORT for cell in cells)
    return short > 0 and flowing < FLOWING * len(cells) and max(map(len, cells), default=0) < LONGEST


def is_level(rows: Rows) -> bool:
    """Whether what stands in one row stands on one line, as blocks beside each other do not."""
    full = [row for row in rows if 1 < len(row) == count_beside(row)]
    level = sum(
        max(abs(line.rect.middle - row[0].rect.middle) / line.rect.height for line in row) < LEVEL
        for row in full
    )
    return level >= MOSTLY * len(full)


def are_blocks(rows: Rows) -> bool:
    """An address and a few words far beside it: nothing of them is counted or named."""
    columns = find_columns(rows)
    pairs = [row for row in rows if len(row) == 2]
    if len(columns) != 2 or not pairs:
        return False
    named = sum(is_number(row[1].text) or row[0].text.endswith(":") for row in pairs)
    return columns[1][0] - columns[0][1] > FAR * rows[0][0].rect.height and named * 2 < len(pairs)


def _stand_in_line(rows: Rows, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether cells begin or end below each other, or have one middle. Parts of spaced out lines do not.

    They do end so at the edge of a column, but no lines of a text stand as far apart as rows may; there a
    head may stand elsewhere.
    """
    loose, sparse = 0, _are_sparse(rows)
    for left, right in columns[1:]:
        cells = [line for row in rows[sparse:] for line in row if left < line.rect.centre < right]
        if len(cells) > 2 - sparse and sum(is_number(line.text) for line in cells) * 2 <= len(cells):
            ways = [[line.rect.left for line in cells], [line.rect.centre for line in cells]]
            if sparse or median(len(line.text) for line in cells) <= SHORT:
                ways.append([line.rect.right for line in cells])
            high = median(line.rect.height for line in cells)
            loose += max(map(partial(_share_in_line, high=high), ways)) < MOSTLY
    return loose <= len(columns) / 4


def _are_sparse(rows: Rows) -> bool:
    """Rows far apart that end in amounts."""
    ends = [is_number(row[-1].text) for row in rows[1:] if len(row) > 1]
    return measure_spacing(rows).usual > SPARSE and bool(ends) and all(ends)


def _share_in_line(places: Sequence[float], high: float) -> float:
    usual = median(places)
    return sum(abs(place - usual) < IN_LINE * high for place in places) / len(places)


def _are_numbered(rows: Rows) -> bool:
    """`2 Methods`, `2.1 Where we looked`: numbers and what they number are headings or a list."""
    pairs = [row for row in rows if len(row) == 2]
    numbered = sum(
        _SECTION.fullmatch(row[0].text) is not None and not is_number(row[1].text) for row in pairs
    )
    return bool(pairs) and numbered > MOSTLY * len(pairs)


def _counts_lines(column: Sequence[str]) -> bool:
    """1, 2, 3 … beside every line, as in the record of a court: what they count is no table."""
    counted = [int(text) for text in column if text.strip().isdecimal()]
    steps = sum(below - above == 1 for above, below in pairwise(counted))
    return len(counted) >= COUNTED and steps > 0.8 * len(counted) and len(counted) > 0.8 * len(column)


def _flows(column: Sequence[str]) -> bool:
    """Whether its lines go on from one to the next, as text in columns does."""
    small = sum(text[:1].islower() for text in column[1:])
    return small > len(column) / 3 and median(map(len, column)) > SHORT
