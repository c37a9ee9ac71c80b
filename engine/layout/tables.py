"""Tables: cells from ruled grids, cells from columns that merely line up, and both as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from papertray.engine.escape import escape
from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Rect, Table, bounding_rect, group_rows
from papertray.engine.layout.rules import Grid

WORDY = 22
"""Cells are short. A column whose middling cell has more characters than this is running text."""

FEWEST_ROWS = 3

APART = 2.6
"""Rows of a table follow each other within this many line heights."""

LONGEST_CELL = 12
"""A grid with more lines than this in one cell is a frame around text."""


def ruled_tables(grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """The tables that stand in grids, and the lines that stand outside them."""
    tables, rest = [], list(lines)
    for grid in grids:
        inside = [line for line in rest if grid.rect.holds(line.rect.centre, line.rect.middle)]
        cells = _cells(grid, inside)
        if len(cells) < 2 or max(map(len, cells.values())) > LONGEST_CELL:
            continue
        rows = [
            tuple(
                join_lines([line.text for line in _reading(cells.get((y, x), []))])
                for x in range(len(grid.xs) - 1)
            )
            for y in range(len(grid.ys) - 1)
        ]
        tables.append(Table(grid.rect, tuple(rows)))
        rest = [line for line in rest if line not in inside]
    return tables, rest


def _cells(grid: Grid, inside: Sequence[Line]) -> dict[tuple[int, int], list[Line]]:
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in inside:
        middle = line.rect.middle
        cells.setdefault((grid.row(middle), grid.column(line.rect.centre, middle)), []).append(line)
    return cells


def _reading(lines: Sequence[Line]) -> list[Line]:
    return [line for row in group_rows(lines) for line in row]


def aligned_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Tables without lines: at least three rows whose short cells stand in the same columns."""
    tables: list[Table] = []
    rest: list[Line] = []
    rows = group_rows(lines)
    while rows:
        count = _run(rows)
        table = _aligned_table(rows[:count])
        if table is None:
            rest.extend(rows[0])
            rows = rows[1:]
        else:
            tables.append(table)
            rows = rows[count:]
    return tables, rest


def _run(rows: Sequence[list[Line]]) -> int:
    """How many rows from the first on may be one table: close together, in at least two columns."""
    count = 0
    for above, row in zip([rows[0], *rows], rows, strict=False):
        apart = row[0].rect.top - above[0].rect.top > APART * above[0].rect.height
        together = [line.rect for every in rows[: count + 1] for line in every]
        if len(row) < 2 or apart or len(_columns(together)) < len(row):
            break
        count += 1
    return count


def _columns(rects: Sequence[Rect]) -> list[Rect]:
    columns: list[Rect] = []
    for rect in sorted(rects, key=lambda rect: rect.left):
        if columns and rect.left < columns[-1].right:
            columns[-1] = bounding_rect([columns[-1], rect])
        else:
            columns.append(rect)
    return columns


def _aligned_table(rows: Sequence[list[Line]]) -> Table | None:
    if len(rows) < FEWEST_ROWS:
        return None
    columns = _columns([line.rect for row in rows for line in row])
    places = [[_column_of(columns, line) for line in row] for row in rows]
    cells = [["" for _ in columns] for _ in rows]
    for y, row in enumerate(rows):
        for x, line in zip(places[y], row, strict=True):
            cells[y][x] = f"{cells[y][x]} {line.text}".strip()
    if not _is_tabular(cells):
        return None
    return Table(bounding_rect([line.rect for row in rows for line in row]), tuple(map(tuple, cells)))


def _column_of(columns: Sequence[Rect], line: Line) -> int:
    return next(x for x, column in enumerate(columns) if column.left <= line.rect.centre <= column.right)


def _is_tabular(cells: Sequence[Sequence[str]]) -> bool:
    columns = [[cell for cell in column if cell] for column in zip(*cells, strict=True)]
    wordy = sum(median(map(len, column)) > WORDY for column in columns)
    return wordy < 2


def table_markdown(table: Table) -> str:
    head, *body = (f"| {' | '.join(map(escape, row))} |" for row in table.rows)
    return "\n".join([head, "|" + " --- |" * len(table.rows[0]), *body])
