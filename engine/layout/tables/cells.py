"""Build a table from the rows of a region: its columns, headers over several of them, wrapped cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Table, group_rows
from papertray.engine.layout.tables.fragments import (
    bound_rows,
    count_beside,
    is_number,
    overlaps,
    reach_of_letters,
)
from papertray.engine.layout.tables.spacing import CLOSE, LOOSER, Spacing, measure_spacing, measure_white
from papertray.engine.rectangles import Rect

Rows = Sequence[Sequence[Line]]

RARE = 10
"""In a table of so many rows one may reach over the white between columns."""

COVERED = 0.35
"""What stands in a column shares so much of the narrower one's width."""

ALIGNED, MOST_HEADED = 0.8, 6
"""What is set in the middle of so many columns at most is no farther from it than this, in line heights."""

FEW, STRAY = 2, 4.0
"""A column has more cells than this; a name over it stands no farther aside, in line heights."""

FILLED, BEGUN = 0.5, 0.25
"""A row of the body has numbers in so many of its cells: the very first one, and one below a head."""


@dataclass(slots=True)
class _Draft:
    """Cells by row and column while the table is built."""

    columns: list[tuple[float, float]]
    cells: list[dict[int, list[str]]] = field(default_factory=list)

    def add(self, row: Sequence[Line]) -> None:
        self.cells.append({})
        self.go_on(row)

    def go_on(self, row: Sequence[Line]) -> None:
        for part in group_rows(row):
            for line in part:
                _put(self, len(self.cells) - 1, columns_under(line, self.columns)[0], line.text)

    def table(self, rect: Rect) -> Table:
        width = len(self.columns)
        rows = [tuple(join_lines(row.get(at, [])) for at in range(width)) for row in self.cells if row]
        return Table(rect, tuple(rows))


def build_table(rows: Rows, head: int = 0) -> Table:
    """`head` is how many rows the head has where a ruled line tells it; 0 where nothing does."""
    spacing = measure_spacing(rows)
    columns = find_columns(rows)
    counted = _head_rows(rows)
    head = min(head, counted) if head else min(counted, 1 if len(columns) == FEW else counted)
    while 0 < head < len(rows) and _goes_on_in_head(rows[head - 1], rows[head], spacing):
        head += 1
    draft = _Draft(columns)
    _put_head(draft, rows[:head])
    _put_body(draft, rows[head:], spacing)
    return draft.table(bound_rows(rows))


def _goes_on_in_head(above: Sequence[Line], row: Sequence[Line], spacing: Spacing) -> bool:
    if not spacing.wrapped or any(is_number(line.text) for line in row):
        return False
    return spacing.is_within_cell(above, row)


def build_from_rows(rows: Rows, head: Rows) -> Table:
    """The same where every row is known as a whole."""
    draft = _Draft(find_columns([*head, *rows]))
    _put_head(draft, head)
    for row in rows:
        draft.add(row)
    return draft.table(bound_rows([*head, *rows]))


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
    return _without_stray(columns, rows)


def _without_stray(columns: list[tuple[float, float]], rows: Rows) -> list[tuple[float, float]]:
    """A lone name beside a column of numbers that it stands over is no column of its own."""
    held = [
        {at for at, row in enumerate(rows) for line in row if a < line.rect.centre < b} for a, b in columns
    ]
    for at in range(len(columns) - 1):
        (a, b), (c, d) = columns[at : at + 2]
        alone = {0} in (held[at], held[at + 1]) and len(held[at] | held[at + 1]) > FEW
        if alone and not held[at] & held[at + 1] and c - b < STRAY * rows[0][0].rect.height:
            return _without_stray([*columns[:at], (a, d), *columns[at + 2 :]], rows)
    return columns


def _is_spanning(line: Line, row: Sequence[Line], rows: Rows) -> bool:
    """Whether it stands over two cells and more in most of the rows that have any there."""
    below = [[other for other in others if overlaps(line, other)] for others in rows if others is not row]
    filled = [others for others in below if others]
    return sum(count_beside(others) > 1 for others in filled) > len(filled) / 2 if filled else False


def columns_under(line: Line, columns: Sequence[tuple[float, float]]) -> list[int]:
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


def _columns_headed(line: Line, row: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[int]:
    """Those that a line of the head stands over: its own, or several in whose middle it is set."""
    under = columns_under(line, columns)
    (left, right), near = columns[under[0]], ALIGNED * line.rect.height
    apart = min(
        abs(left - line.rect.left), abs(right - line.rect.right), abs((left + right) / 2 - line.rect.centre)
    )
    if len(under) > 1 or apart < near:
        return under
    taken = {at for other in row if other is not line for at in columns_under(other, columns)}
    for first in range(under[0], max(under[0] - MOST_HEADED, -1), -1):
        for last in range(under[0], min(under[0] + MOST_HEADED, len(columns))):
            middle = (columns[first][0] + columns[last][1]) / 2
            if (
                last > first
                and abs(middle - line.rect.centre) < near
                and not taken & set(range(first, last + 1))
            ):
                return list(range(first, last + 1))
    return under


def _head_rows(rows: Rows) -> int:
    """The rows above the first one that is full of numbers, and the name of its group; one, where none is."""
    for at, row in enumerate(rows):
        inner = row[1:] or row
        filled = FILLED if at == 0 else BEGUN
        if len(row) > 1 and sum(is_number(line.text) for line in inner) >= filled * len(inner):
            return at - 1 if at > 1 and _names_group(rows[at - 2], rows[at - 1], row) else at
    return 1


def _names_group(head: Sequence[Line], row: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a lone line at the left is no part of the head."""
    alone = len(row) == 1 and row[0].rect.left < below[0].rect.right
    return alone and len(head) > 1 and measure_white(head, row) > LOOSER


def _put_head(draft: _Draft, rows: Rows) -> None:
    """Lines of one head are joined; what stands over several columns has a row of its own above theirs."""
    levels: dict[int, int] = dict.fromkeys(range(len(draft.columns)), 0)
    depth = 0
    for row in [part for lines in rows for part in group_rows(lines)]:
        wide = {}
        for line in row:
            under = _columns_headed(line, row, draft.columns)
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


def _put_body(draft: _Draft, rows: Rows, spacing: Spacing) -> None:
    whole: list[Line] = []
    for at, row in enumerate(rows):
        numbers = [line for line in row if is_number(line.text)]
        if (
            at
            and not any(_is_under(line, whole) for line in numbers)
            and _goes_on(rows[at - 1], row, spacing, draft.columns)
        ):
            draft.go_on(row)
            whole.extend(row)
        else:
            draft.add(row)
            whole = list(row)


def _is_under(line: Line, above: Sequence[Line]) -> bool:
    return any(overlaps(line, other) for other in above)


def _goes_on(
    above: Sequence[Line], row: Sequence[Line], spacing: Spacing, columns: list[tuple[float, float]]
) -> bool:
    """Whether the lines of a row go on with cells of the row above."""
    white = measure_white(above, row)
    if white > CLOSE:
        return False
    if spacing.wrapped:
        return spacing.is_within_cell(above, row)
    if any(is_number(line.text) for line in row):
        return False
    filled = {at for line in above for at in columns_under(line, columns)}
    here = {columns_under(line, columns)[0] for line in row}
    if not here <= filled or len(row) > len(columns) / 2:
        return False
    return white < spacing.usual - LOOSER or all(line.text[:1].islower() for line in row)
