"""Tables whose cells have lines between them."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Table, group_rows
from papertray.engine.layout.rules import Grid
from papertray.engine.layout.tables.cells import build_table, find_columns
from papertray.engine.layout.tables.fragments import group_fragments, is_number

FEWEST_FILLED = 0.1
"""Lines that enclose emptier cells than this are no table: a drawing, a fence."""

ENOUGH = 0.8
"""So many lines of a row are rows of their own, or none is."""

LONGEST_CELL = 12
"""A grid with more lines than this in one cell is a frame around text."""


def find_ruled_tables(grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """The tables that stand in grids, and the lines that stand outside them."""
    tables, rest = [], list(lines)
    for grid in grids:
        inside = [line for line in rest if grid.rect.holds(line.rect.centre, line.rect.middle)]
        cells = _cells(grid, inside)
        if len(cells) < max(2, FEWEST_FILLED * grid.size) or _is_frame(grid, cells):
            continue
        tables.append(_table(grid, inside, cells))
        rest = [line for line in rest if line not in inside]
    return tables, rest


def _table(grid: Grid, inside: Sequence[Line], cells: dict[tuple[int, int], list[Line]]) -> Table:
    """By the grid, unless that parts only some of the columns that line up, and not the rows."""
    rows = [
        tuple(join_lines([line.text for line in _reading(row.get(x, []))]) for x in range(len(grid.xs) - 1))
        for y in range(len(grid.ys) - 1)
        for row in _rows_without_rules({x: found for (at, x), found in cells.items() if at == y})
    ]
    if len(rows) >= len(grid.ys):
        parts = group_fragments(inside)
        if len(find_columns(parts)) >= len(grid.xs):
            return build_table(parts)
    return Table(grid.rect, tuple(rows))


def _cells(grid: Grid, inside: Sequence[Line]) -> dict[tuple[int, int], list[Line]]:
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in inside:
        middle = line.rect.middle
        cells.setdefault((grid.row(middle), grid.column(line.rect.centre, middle)), []).append(line)
    return cells


def _reading(lines: Sequence[Line]) -> list[Line]:
    return [line for row in group_rows(lines) for line in row]


def _is_frame(grid: Grid, cells: dict[tuple[int, int], list[Line]]) -> bool:
    """Whether a cell holds more than one does, and its lines are no rows of cells."""
    return any(
        max((len(found) for (at, _), found in cells.items() if at == y), default=0) > LONGEST_CELL
        and len(_rows_without_rules({x: found for (at, x), found in cells.items() if at == y})) < 2
        for y in range(len(grid.ys) - 1)
    )


def _rows_without_rules(row: dict[int, list[Line]]) -> list[dict[int, list[Line]]]:
    """One row of a grid, or several: lines of numbers that stand beside lines of other cells are rows."""
    places = {id(line): x for x, found in row.items() for line in found}
    rows = group_rows(line for found in row.values() for line in found)
    parts = [[(places[id(line)], line) for line in one] for one in rows]
    counted = [
        x for x, found in row.items() if len(found) > 1 and all(is_number(line.text) for line in found)
    ]
    beside = sum(len({x for x, _ in part}) > 1 for part in parts)
    if (
        len(rows) < 2
        or not any(len(row[x]) >= ENOUGH * len(rows) for x in counted)
        or beside < ENOUGH * len(rows)
    ):
        return [row]
    return [{x: [line for at, line in part if at == x] for x, _ in part} for part in parts]
