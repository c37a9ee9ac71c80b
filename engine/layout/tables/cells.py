"""Build a table from the rows of a region: its columns, headers over several of them, wrapped cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lines import Line, Table, group_rows
from papertray.engine.layout.tables.columns import FEW, columns_under, find_columns
from papertray.engine.layout.tables.fragments import (
    bound_rows,
    is_number,
    overlaps,
)
from papertray.engine.layout.tables.spacing import CLOSE, LOOSER, Spacing, measure_spacing, measure_white
from papertray.engine.rectangles import Rect

Rows = Sequence[Sequence[Line]]

ALIGNED, MOST_HEADED = 0.8, 6
"""What is set in the middle of so many columns at most is no farther from it than this, in line heights."""

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


def _named_below(line: Line, row: Sequence[Line], below: Sequence[Line]) -> list[Line]:
    """Two names and more in whose middle a line is set, and which are nearer to no other of its row."""
    near = ALIGNED * line.rect.height
    names = [
        name
        for name in below
        if min(row, key=lambda other: abs(other.rect.centre - name.rect.centre)) is line
    ]
    found: list[Line] = []
    for first in range(len(names) - 1):
        for end in range(first + 2, min(first + MOST_HEADED, len(names)) + 1):
            left, right = names[first].rect.left, names[end - 1].rect.right
            inside = left - near < line.rect.left and line.rect.right < right + near
            apart = all(b.rect.left - a.rect.right > near for a, b in pairwise(names[first:end]))
            if (
                inside
                and apart
                and abs((left + right) / 2 - line.rect.centre) < near
                and end - first > len(found)
            ):
                found = names[first:end]
    return found


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
    parts = [part for lines in rows for part in group_rows(lines)]
    for row, below in zip(parts, [*parts[1:], []], strict=False):
        wide = {}
        for line in row:
            named = _named_below(line, row, below)
            under = sorted({columns_under(other, draft.columns)[0] for other in named})
            under = under if len(under) > 1 else _columns_headed(line, row, draft.columns)
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
