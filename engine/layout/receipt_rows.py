"""The rows of a receipt, and which of them stand in the same columns.

Takes the lines of a narrow page; gives rows from top to bottom, parted into cells, and stretches of them that
are tables. Nothing is moved from one row to another: a name that goes on below its amount has a row there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from papertray.engine.layout.lines import Line, Table, bounding_rect, put_together
from papertray.engine.layout.tables.fragments import cut_into_fragments, is_number, reach_of_letters

LEVEL = 0.5
"""What stands beside each other in a row differs by less than this, in heights of the lower of the two."""

APART = 0.9
"""Cells have so much white between them, in line heights, and words less; numbers are parted by any blank
that parts fragments."""

FAR = 1.4
"""Rows of one table have no more white between them than this, in line heights."""

FEWEST, FEWEST_GAPS = 2, 3
"""So many rows with cells make a table; white is before, between and behind them."""

LONE, EVEN, LOOSER = 2, 0.5, 0.2
"""So many lines that stand alone may follow each other in a table; at its end they begin under others of
these and are as close, give or take so many line heights."""

Row = tuple[Line, ...]
Gap = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other; `gaps` is the white between their columns, none where they are text."""

    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...] = ()


def group_receipt_rows(lines: Sequence[Line]) -> list[Row]:
    """Each piece goes into the row that its left neighbour is in: paper that curls has no level rows."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.rect.left):
        fitting = [row for row in rows if _is_beside(row[-1], line)]
        best = min(fitting, key=lambda row: abs(row[-1].rect.middle - line.rect.middle), default=None)
        if best is None:
            rows.append([line])
        else:
            best.append(line)
    rows.sort(key=lambda row: sum(line.rect.middle for line in row) / len(row))
    return [_part_into_cells(row) for row in rows]


def _is_beside(one: Line, other: Line) -> bool:
    reach = LEVEL * min(one.rect.height, other.rect.height)
    return abs(one.rect.middle - other.rect.middle) < reach and other.rect.centre > one.rect.right


def _part_into_cells(row: Sequence[Line]) -> Row:
    cells: list[Line] = []
    for part in (part for line in row for part in cut_into_fragments(line)):
        if cells and _is_one_cell(cells[-1], part):
            cells[-1] = put_together(cells[-1], part)
        else:
            cells.append(part)
    return tuple(cells)


def _is_one_cell(one: Line, other: Line) -> bool:
    if one.text[-1:].isdigit() and is_number(other.text):
        return False
    return other.rect.left - one.rect.right < APART * min(one.size, other.size)


def find_stretches(rows: Sequence[Row]) -> list[Stretch]:
    """Tables and the text between them."""
    found: list[Stretch] = []
    at = 0
    while at < len(rows):
        table = _table_from(rows, at)
        if table is not None:
            found.append(table)
            at += len(table.rows)
        elif found and not found[-1].gaps:
            found[-1] = Stretch((*found[-1].rows, rows[at]))
            at += 1
        else:
            found.append(Stretch((rows[at],)))
            at += 1
    return found


def _table_from(rows: Sequence[Row], first: int) -> Stretch | None:
    """The table whose first row this is: rows with the same columns, and lines that go on under a name."""
    gaps, end, filled = _gaps(rows[first]), first + 1, 1
    for at in range(first + 1, len(rows)):
        row = rows[at]
        if len(gaps) < FEWEST_GAPS or _white(rows[at - 1], row) > FAR or len(row) + 1 > len(gaps):
            break
        if len(row) == 1:
            if at - end >= LONE or row[0].rect.left > gaps[1][0]:
                break
            continue
        shared = _shared(gaps, _gaps(row))
        if len(shared) < len(gaps):
            break
        gaps, end, filled = shared, at + 1, filled + 1
    if filled < FEWEST or rows[first][1].rect.centre < sum(gaps[1]) / 2:
        return None
    return Stretch(tuple(rows[first : _with_last_lines(rows, first, end)]), tuple(gaps[1:-1]))


def _with_last_lines(rows: Sequence[Row], first: int, end: int) -> int:
    """Where a table ends with the lines below its last row that stand as those do that go on in it."""
    lone = [at for at in range(first + 1, end) if len(rows[at]) == 1]
    whites, lefts = [_white(rows[at - 1], rows[at]) for at in lone], [rows[at][0].rect.left for at in lone]
    for at in range(end, min(end + LONE, len(rows))):
        line = rows[at][0]
        under = any(abs(line.rect.left - left) < EVEN * line.rect.height for left in lefts)
        if len(rows[at]) > 1 or not under or _white(rows[at - 1], rows[at]) > max(whites) + LOOSER:
            return at
    return min(end + LONE, len(rows))


def _white(above: Row, below: Row) -> float:
    bottom, top = max(line.rect.bottom for line in above), min(line.rect.top for line in below)
    return (top - bottom) / max(line.rect.height for line in below)


def _gaps(row: Row) -> list[Gap]:
    """The white of a row: before, between and behind its cells."""
    edges = [-inf, *(edge for cell in row for edge in reach_of_letters(cell)), inf]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _shared(gaps: Sequence[Gap], others: Sequence[Gap]) -> list[Gap]:
    """The white that both have."""
    both = [(max(a, c), min(b, d)) for a, b in gaps for c, d in others]
    return [(left, right) for left, right in both if right > left]


def build_receipt_table(stretch: Stretch) -> Table:
    edges = [sum(gap) / 2 for gap in stretch.gaps]
    columns = list(zip([-inf, *edges], [*edges, inf], strict=True))
    rows = tuple(
        tuple(
            " ".join(cell.text for cell in row if left <= _place(cell, row) < right)
            for left, right in columns
        )
        for row in stretch.rows
    )
    return Table(bounding_rect(cell.rect for row in stretch.rows for cell in row), rows)


def _place(cell: Line, row: Row) -> float:
    """A line that stands alone belongs where it begins."""
    return cell.rect.left if len(row) == 1 else cell.rect.centre
