"""Which text stands in which cell of a grid.

Takes a grid and the lines inside; gives the lines of each cell by row and column. Cells between which no line
is drawn are one where text reaches over both, or stands in the middle of them all: a header over several
columns, a name beside several rows. Other text beside an open side stands in a cell of its own. What reaches
over several cells is found where they begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from papertray.engine.layout.lines import Line, bounding_rect, group_rows
from papertray.engine.layout.tables.fragments import cut_into_fragments, is_number
from papertray.engine.layout.tables.grids import Grid

Row = dict[int, list[Line]]

INTO = 0.3
"""What reaches less far over an edge, in line heights, does not reach over it."""

CENTRED = 1.0
"""The middle of text in merged cells is not farther from theirs than this, in line heights."""

FEW = 2
"""In so few rows nothing stands in its own."""

TIGHT = 0.75
"""Lines in one cell stand closer than this, in line heights."""


def fill_cells(grid: Grid, lines: Sequence[Line]) -> list[Row]:
    """The cells of each row of the grid; empty ones are left out."""
    rows: list[Row] = [{} for _ in range(grid.rows)]
    pieces: list[list[Line]] = [[] for _ in range(grid.rows)]
    for line in lines:
        row = grid.row(line.rect.middle)
        first, last = _reach(grid, line)
        pieces[row].extend([line] if first == last else cut_into_fragments(line))
    for row, found in enumerate(pieces):
        for start, end in _open_columns(grid, row):
            inside = [line for line in found if start <= grid.column(line.rect.centre) <= end]
            rows[row] |= _fill_run(grid, inside, start, end)
    for column in range(grid.columns):
        for start, end in _open_rows(grid, column):
            _raise(grid, rows[start : end + 1], start, column)
    return rows


def _reach(grid: Grid, line: Line) -> tuple[int, int]:
    into = INTO * line.rect.height
    first = grid.column(min(line.rect.left + into, line.rect.centre))
    return first, grid.column(max(line.rect.right - into, line.rect.centre))


def _open_columns(grid: Grid, row: int) -> Iterator[tuple[int, int]]:
    """Stretches of columns between which no line is drawn in this row."""
    start = 0
    for column in range(grid.columns):
        if column == grid.columns - 1 or grid.is_parted_beside(row, column):
            yield start, column
            start = column + 1


def _open_rows(grid: Grid, column: int) -> Iterator[tuple[int, int]]:
    start = 0
    for row in range(grid.rows):
        if row == grid.rows - 1 or grid.is_parted_below(row, column):
            if row > start:
                yield start, row
            start = row + 1


def _fill_run(grid: Grid, inside: Sequence[Line], start: int, end: int) -> Row:
    """The cells of one stretch: columns over which text reaches are one."""
    home = {column: column for column in range(start, end + 1)}
    for line in inside:
        first, last = (min(max(column, start), end) for column in _reach(grid, line))
        least = min(home[column] for column in range(first, last + 1))
        for column, old in home.items():
            if first <= old <= last or first <= column <= last:
                home[column] = least
    filled: Row = {}
    for line in inside:
        filled.setdefault(home[grid.column(line.rect.centre)], []).append(line)
    if len(filled) == 1 and end > start and _is_in_the_middle(grid, inside, start, end):
        return {start: list(inside)}
    return filled


def _is_in_the_middle(grid: Grid, inside: Sequence[Line], start: int, end: int) -> bool:
    rect = bounding_rect(line.rect for line in inside)
    centre = (grid.xs[start] + grid.xs[end + 1]) / 2
    return abs(rect.centre - centre) < CENTRED * inside[0].rect.height


def _raise(grid: Grid, rows: Sequence[Row], first: int, column: int) -> None:
    """Text of one cell that reaches over several rows stands in the first of them."""
    found = [line for row in rows for line in row.get(column, [])]
    if not found or not (_is_alone if len(found) == 1 else _is_one_text)(grid, rows, first, column):
        return
    for row in rows:
        row.pop(column, None)
    rows[0][column] = found


def _is_alone(grid: Grid, rows: Sequence[Row], first: int, column: int) -> bool:
    """Whether a line is set beside all of the rows, rather than in its own."""
    (line,) = (line for row in rows for line in row.get(column, []))
    middle = (grid.ys[first] + grid.ys[first + len(rows)]) / 2
    return len(rows) == FEW or abs(line.rect.middle - middle) < CENTRED * line.rect.height


def _is_one_text(grid: Grid, rows: Sequence[Row], first: int, column: int) -> bool:
    """Whether its lines stand close, without a number, and not one in the middle of each row."""
    found = group_rows(line for row in rows for line in row.get(column, []))
    if any(is_number(line.text) and not _has_letters(line) for row in found for line in row):
        return False
    stacked = all(len(row) == 1 for row in found) and all(
        below[0].rect.top - above[0].rect.bottom < TIGHT * max(above[0].rect.height, below[0].rect.height)
        for above, below in pairwise(found)
    )
    middles = [(grid.ys[at] + grid.ys[at + 1]) / 2 for at in range(first, first + len(rows))]
    one_each = all(
        len(row.get(column, [])) == 1
        and abs(row[column][0].rect.middle - middle) < INTO * row[column][0].rect.height
        for row, middle in zip(rows, middles, strict=True)
    )
    return stacked and not one_each


def _has_letters(line: Line) -> bool:
    return any(map(str.isalpha, line.text))
