"""Tables whose cells have lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Table, group_rows
from papertray.engine.layout.tables.cells import build_table
from papertray.engine.layout.tables.columns import find_columns
from papertray.engine.layout.tables.fragments import group_fragments, is_number
from papertray.engine.layout.tables.grid_cells import Row, fill_cells
from papertray.engine.layout.tables.grids import Grid

FEWEST_FILLED = 0.1
"""Lines that enclose emptier cells than this are no table: a drawing, a fence."""

ENOUGH = 0.8
"""So many lines of a row are rows of their own, or none is."""

PARTED = 3
"""So many cells are parted by the white of their column."""

LONGEST_CELL = 12
"""A grid with more lines than this in one cell is a frame around text."""

LONGEST_OF_MANY, MANY, FULL = 40, 3, 0.6
"""So many where a grid has so many rows and columns, and so much of it is filled."""


def find_ruled_tables(grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """The tables that stand in grids, and the lines that stand outside them."""
    tables, rest = [], list(lines)
    for grid in grids:
        inside = [line for line in rest if grid.rect.holds(line.rect.centre, line.rect.middle)]
        cells = fill_cells(grid, inside)
        filled = sum(map(len, cells))
        full = min(grid.rows, grid.columns) >= MANY and filled > FULL * grid.size
        longest = LONGEST_OF_MANY if full else LONGEST_CELL
        if filled < max(2, FEWEST_FILLED * grid.size) or any(_is_frame(row, longest) for row in cells):
            continue
        tables.append(_table(grid, inside, _part_columns(cells)))
        rest = [line for line in rest if line not in inside]
    return tables, rest


def _table(grid: Grid, inside: Sequence[Line], cells: Sequence[Row]) -> Table:
    """By the grid, unless that parts only some of the columns that line up, and not the rows."""
    rows = [row for cells_of_row in cells for row in _rows_without_rules(cells_of_row) if row]
    if len(rows) >= len(grid.ys):
        parts = group_fragments(inside)
        if len(find_columns(parts)) >= len(grid.xs):
            return build_table(parts)
    used = sorted({column for row in rows for column in row})
    return Table(grid.rect, tuple(tuple(_cell_text(row.get(x, [])) for x in used) for row in rows))


def _part_columns(rows: Sequence[Row]) -> list[Row]:
    """The same where what stands in a column has white from top to bottom: names beside what they name."""
    parted: list[Row] = [{} for _ in rows]
    for column in sorted({x for row in rows for x in row}):
        cells = [row.get(column, []) for row in rows]
        edge = _white_within(cells[1:])
        for row, found in zip(parted, cells, strict=True):
            before = [line for line in found if line.rect.right <= edge]
            after = [line for line in found if line.rect.right > edge]
            row |= {2 * column: before} if before else {}
            row |= {2 * column + 1: after} if after else {}
    return parted


def _white_within(cells: Sequence[Sequence[Line]]) -> float:
    """Where white begins that parts most cells of a column, some of several lines; nowhere if none does."""
    lines = sorted((line for cell in cells for line in cell), key=lambda line: line.rect.left)
    edge = lines[0].rect.right if lines else inf
    for line in lines:
        if line.rect.left > edge + line.rect.height / 2:
            sides = [(other.rect.right <= edge for other in cell) for cell in cells if cell]
            both = sum(len(set(side)) > 1 for side in sides)
            named = all(_is_name(other.text) for other in lines if other.rect.right <= edge)
            if named and both >= max(PARTED, ENOUGH * len(sides)):
                return edge
        edge = max(edge, line.rect.right)
    return inf


def _is_name(text: str) -> bool:
    """Neither a bullet nor a currency."""
    return sum(map(str.isalpha, text)) > 1


def _cell_text(lines: Sequence[Line]) -> str:
    return join_lines([line.text for row in group_rows(lines) for line in row])


def _is_frame(row: Row, longest: int) -> bool:
    """Whether a cell holds more than one does, and its lines are no rows of cells."""
    return max(map(len, row.values()), default=0) > longest and len(_rows_without_rules(row)) < 2


def _rows_without_rules(row: Row) -> list[Row]:
    """One row of a grid, or several: lines of numbers that stand beside lines of other cells are rows."""
    places = {id(line): x for x, found in row.items() for line in found}
    rows = group_rows(line for found in row.values() for line in found)
    parts = [[(places[id(line)], line) for line in one] for one in rows]
    counted = [
        x for x, found in row.items() if len(found) > 1 and all(is_number(line.text) for line in found)
    ]
    beside = sum(len({x for x, _ in part}) > 1 for part in parts)
    if _are_counted_beside(parts, counted):
        return [{x: [line for at, line in part if at == x] for x, _ in part} for part in parts]
    if (
        len(rows) < 2
        or not any(len(row[x]) >= ENOUGH * len(rows) for x in counted)
        or beside < ENOUGH * len(rows)
    ):
        return [row]
    return [{x: [line for at, line in part if at == x] for x, _ in part} for part in parts]


def _are_counted_beside(parts: Sequence[Sequence[tuple[int, Line]]], counted: Sequence[int]) -> bool:
    """Whether columns of numbers stand row by row, each row with a name; lines between them name groups."""
    rows = [{x for x, _ in part} for part in parts]
    numbered = [row for row in rows if row & set(counted)]
    first = min((x for row in rows for x in row), default=0)
    return (
        len(counted) > 1
        and len(numbered) > 1
        and first not in counted
        and all(row >= {first, *counted} if row & set(counted) else row == {first} for row in rows)
        and all(len({x for x, _ in part}) == len(part) for part in parts)
    )
