"""Build a table from the rows of a region: its columns, headers over several of them, wrapped cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.tables.fragments import bound_rows, is_number, overlaps, reach_of_letters
from papertray.engine.rectangles import Rect

Rows = Sequence[Sequence[Line]]

CLOSE = 0.45
"""A line that goes on in its cell stands this close under the one before it, in line heights."""

LOOSER = 0.15
"""So much more white stands between rows than within a cell."""

RARE = 10
"""In a table of so many rows one may reach over the white between columns."""

COVERED = 0.35
"""What stands in a column shares so much of the narrower one's width."""

FILLED = 0.5
"""A row of the body has numbers in so many of its cells."""


@dataclass(slots=True)
class _Draft:
    """Cells by row and column while the table is built."""

    columns: list[tuple[float, float]]
    cells: list[dict[int, list[str]]] = field(default_factory=list)

    def table(self, rect: Rect) -> Table:
        width = len(self.columns)
        rows = [tuple(join_lines(row.get(at, [])) for at in range(width)) for row in self.cells if row]
        return Table(rect, tuple(rows))


def build_table(rows: Rows, head: int = 0) -> Table:
    """`head` is how many rows the head has where a ruled line tells it; 0 where nothing does."""
    columns = find_columns(rows)
    counted = _head_rows(rows)
    head = min(head, counted) if head and counted else head or counted
    draft = _Draft(columns)
    _put_head(draft, rows[:head])
    _put_body(draft, rows[head:])
    return draft.table(bound_rows(rows))


def find_columns(rows: Rows) -> list[tuple[float, float]]:
    """Where columns reach from and to; what goes over several, or is rare, has no say."""
    single = [reach_of_letters(line) for row in rows for line in row if not _is_spanning(line, row, rows)]
    rare = sum(len(row) > 1 for row in rows) // RARE
    steps = sorted([(left, 1) for left, _ in single] + [(right, -1) for _, right in single])
    columns: list[tuple[float, float]] = []
    deep, left = 0, 0.0
    for x, step in steps:
        if step > 0 and deep == rare:
            left = x
        deep += step
        if step < 0 and deep == rare:
            columns.append((left, x))
    return columns


def _is_spanning(line: Line, row: Sequence[Line], rows: Rows) -> bool:
    """Whether it stands over two cells and more in most of the rows that have any there."""
    below = [[other for other in others if overlaps(line, other)] for others in rows if others is not row]
    filled = [others for others in below if others]
    return sum(len(others) > 1 for others in filled) > len(filled) / 2 if filled else False


def _columns_of(line: Line, columns: Sequence[tuple[float, float]]) -> list[int]:
    """The columns that it covers much of, or fills much of itself; else the nearest."""
    left, right = reach_of_letters(line)
    under = [
        at
        for at, (a, b) in enumerate(columns)
        if min(right, b) - max(left, a) > COVERED * min(right - left, b - a)
    ]
    if under:
        return under
    return [min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - line.rect.centre))]


def _head_rows(rows: Rows) -> int:
    """The rows above the first one that is full of numbers; one, where none is."""
    for at, row in enumerate(rows):
        inner = row[1:] or row
        if len(row) > 1 and sum(is_number(line.text) for line in inner) >= FILLED * len(inner):
            return at
    return 1


def _put_head(draft: _Draft, rows: Rows) -> None:
    """Lines of one head are joined; what stands over several columns has a row of its own above theirs."""
    levels: dict[int, int] = dict.fromkeys(range(len(draft.columns)), 0)
    depth = 0
    for row in rows:
        wide = {}
        for line in row:
            under = _columns_of(line, draft.columns)
            level = max(levels[at] for at in under)
            _put(draft, level, under[0], line.text)
            if len(under) > 1:
                wide.update(dict.fromkeys(under, level + 1))
        levels |= wide
        depth = max([depth, *levels.values()])


def _put(draft: _Draft, row: int, column: int, text: str) -> None:
    while len(draft.cells) <= row:
        draft.cells.append({})
    draft.cells[row].setdefault(column, []).append(text)


def _put_body(draft: _Draft, rows: Rows) -> None:
    first = len(draft.cells)
    usual = _usual_white(rows)
    above: Sequence[Line] = ()
    for row in rows:
        if above and len(draft.cells) > first and _goes_on(above, row, usual, draft.columns):
            at = len(draft.cells) - 1
        else:
            at = len(draft.cells)
        for line in row:
            _put(draft, at, _columns_of(line, draft.columns)[0], line.text)
        above = row


def _goes_on(
    above: Sequence[Line], row: Sequence[Line], usual: float, columns: list[tuple[float, float]]
) -> bool:
    """Whether the lines of a row go on with cells of the row above."""
    filled = {at for line in above for at in _columns_of(line, columns)}
    here = {_columns_of(line, columns)[0] for line in row}
    white = _white(above, row)
    if (
        white > CLOSE
        or not here <= filled
        or len(row) > len(columns) / 2
        or any(is_number(line.text) for line in row)
    ):
        return False
    return white < usual - LOOSER or all(line.text[:1].islower() for line in row)


def _white(above: Sequence[Line], below: Sequence[Line]) -> float:
    bottom, top = max(line.rect.bottom for line in above), min(line.rect.top for line in below)
    return (top - bottom) / max(line.rect.height for line in below)


def _usual_white(rows: Rows) -> float:
    """Between rows that are full."""
    most = max((len(row) for row in rows), default=0)
    whites = sorted(
        _white(above, row) for above, row in pairwise(rows) if min(len(above), len(row)) > most / 2
    )
    return whites[len(whites) // 2] if whites else 0.0
