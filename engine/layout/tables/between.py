"""Tables that stand between ruled lines of one length, without lines between their columns.

What stands between two rules is a row where most pairs of them hold one, and rows otherwise. Rows of cells
that stand close above the first rule or below the last belong to the table: a head, or totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.stacks import find_prose_lines
from papertray.engine.layout.tables.cells import build_from_rows, build_table
from papertray.engine.layout.tables.columns import columns_under, find_columns
from papertray.engine.layout.tables.fragments import count_beside, group_fragments, is_number, overlaps
from papertray.engine.layout.tables.judging import Rows, is_level, is_table
from papertray.engine.layout.tables.spacing import measure_white
from papertray.engine.rectangles import Rect

FEWEST_ROWS = 2

LIKE = 2.0
"""Ends of rules of one table differ by no more than this many line heights."""

LEVEL = 2.0
"""Rules of one height differ by fewer pixels."""

MANY = 3
"""Where so many pairs of rules hold something, what stands between them may be one row."""

LONGEST_NAME = 30
"""The name of a group has no more characters."""

FLOWING = 0.25
"""So many of the lines in a column go on with a small letter where text runs on."""

BESIDE = 1.5
"""Rows outside the rules stand no farther from them than this, in line heights."""

Stretch = list[Line]


def find_tables_between_rules(
    lines: Sequence[Line], across: Sequence[Rect]
) -> tuple[list[Table], list[Line]]:
    """Tables that stand between ruled lines of one length, and the lines that stand outside them."""
    tables: list[Table] = []
    rest = list(lines)
    if not lines:
        return tables, rest
    high = median(line.rect.height for line in lines)
    prose = find_prose_lines(lines)
    for rules in _alike(across, high):
        for run in _tabular_runs(rules, rest, high):
            stretches = _tabular_part(run)
            inside = [line for part in stretches for line in part]
            if not inside:
                continue
            others = [line for line in rest if line not in inside and line not in prose]
            head, foot = _rows_beside(group_fragments(inside), others)
            tables.append(_build(stretches, head, foot))
            taken = {id(line) for line in inside} | {id(line) for line in _wholes([*head, *foot], others)}
            rest = [line for line in rest if id(line) not in taken]
    return tables, rest


def _tabular_part(run: Sequence[Stretch]) -> Sequence[Stretch]:
    """All of it, or what is left without the first stretches: addresses stand between two rules, too."""
    for first in range(len(run)):
        part = run[first:]
        inside = [line for stretch in part for line in stretch]
        if first and len(part) < FEWEST_ROWS:
            break
        if is_table(group_fragments(inside), FEWEST_ROWS) or _is_headed(part):
            return part
    return ()


def _is_headed(stretches: Sequence[Stretch]) -> bool:
    """Whether names stand between the first two rules, one over each column, and no text runs on below."""
    head, *body = [group_fragments(stretch) for stretch in stretches]
    rows = [row for group in body for row in group]
    columns = find_columns([*head, *rows])
    if len(head) != 1 or len(rows) < MANY or len(columns) < 2 or len(head[0]) != len(columns):
        return False
    if not is_level(rows) or any(len(line.text) > LONGEST_NAME for line in head[0]):
        return False
    lines = [line for row in rows for line in row]
    cells = [[line for line in lines if left < line.rect.centre < right] for left, right in columns]
    return not any(sum(line.text[:1].islower() for line in cell) > FLOWING * len(cell) for cell in cells)


def _build(stretches: Sequence[Stretch], head: Rows, foot: Rows) -> Table:
    groups = [group_fragments(stretch) for stretch in stretches]
    if len(groups) >= MANY and not any(map(_holds_rows, groups)):
        rows = [[line for row in group for line in row] for group in groups]
        return build_from_rows([*rows[not head :], *foot], head or groups[0])
    rows = [row for group in groups for row in group]
    return build_table([*head, *rows, *foot], len(head) or (len(groups[0]) if len(groups) > 1 else 0))


def _holds_rows(group: Rows) -> bool:
    """Whether several rows stand between two rules: numbers stand below each other."""
    numbers = [line for row in group for line in row if is_number(line.text)]
    return any(
        overlaps(line, other) and other.rect.middle - line.rect.middle > line.rect.height / 2
        for line in numbers
        for other in numbers
    )


def _rows_beside(rows: Rows, lines: Sequence[Line]) -> tuple[Rows, Rows]:
    """Rows of cells above and below that stand in the columns of a table."""
    columns = find_columns(rows)
    left, right = columns[0][0], columns[-1][1]
    near = [line for line in lines if line.rect.left < right and left < line.rect.right]
    fragments = group_fragments(near)
    above = [row for row in fragments if _bottom(row) <= _top(rows[0]) + 1]
    below = [row for row in fragments if _top(row) >= _bottom(rows[-1]) - 1]
    head = list(_fitting(rows[0], above[::-1], columns))[::-1]
    return head, list(_fitting(rows[-1], below, columns))


def _fitting(
    last: Sequence[Line], rows: Rows, columns: Sequence[tuple[float, float]]
) -> Iterator[list[Line]]:
    """Rows away from a table, as long as they are of its kind; one lone name of a group may be among them."""
    name: list[list[Line]] = []
    for row in rows:
        upper, lower = sorted((last, row), key=_top)
        beside = count_beside(row)
        parted = len({columns_under(line, columns)[0] for line in row}) == beside
        if measure_white(upper, lower) > BESIDE or not parted or is_caption(row[0].text):
            return
        last = row
        if beside > 1:
            yield from [*name, row]
            name = []
        elif name or row[0].rect.left > columns[0][1]:
            return
        else:
            name = [row]


def _top(row: Sequence[Line]) -> float:
    return min(line.rect.top for line in row)


def _bottom(row: Sequence[Line]) -> float:
    return max(line.rect.bottom for line in row)


def _wholes(rows: Rows, lines: Sequence[Line]) -> list[Line]:
    """The lines whose parts stand in these rows."""
    return [
        line
        for line in lines
        if any(
            part.rect.top == line.rect.top and line.rect.left <= part.rect.centre <= line.rect.right
            for row in rows
            for part in row
        )
    ]


def _alike(across: Sequence[Rect], high: float) -> list[list[Rect]]:
    """Rules with the same ends, from top to bottom."""
    groups: list[list[Rect]] = []
    for rule in sorted(across, key=lambda rule: rule.middle):
        for group in groups:
            if (
                abs(group[0].left - rule.left) < LIKE * high
                and abs(group[0].right - rule.right) < LIKE * high
            ):
                group.append(rule)
                break
        else:
            groups.append([rule])
    several = [group for group in groups if len(group) > 1]
    return [
        group
        for group in several
        if not any(_stand_beside(group, other, high) for other in several if other is not group)
    ]


def _stand_beside(group: Sequence[Rect], other: Sequence[Rect], high: float) -> bool:
    """Whether both are parts of the same lines, as under columns of amounts: what they rule is wider."""
    gap = max(group[0].left - other[0].right, other[0].left - group[0].right)
    level = [any(abs(rule.middle - one.middle) < LEVEL for one in other) for rule in group]
    return 0 <= gap < LIKE * high and all(level) and len(group) == len(other)


def _tabular_runs(rules: Sequence[Rect], lines: Sequence[Line], high: float) -> Iterator[list[Stretch]]:
    """Stretches between consecutive rules that hold rows of cells, as long as they follow each other.

    A lone line between two of them is the name of a group.
    """
    run: list[Stretch] = []
    lone: list[Stretch] = []
    for upper, lower in pairwise(rules):
        inside = [
            line
            for line in lines
            if upper.middle <= line.rect.middle < lower.middle
            and upper.left - high < line.rect.centre < upper.right + high
        ]
        if not inside:
            continue
        rows = group_fragments(inside)
        if _has_cells(rows):
            whole = _without_text_below(inside, rows)
            run.extend([*lone, whole] if run or _heads(lone) else [_without_title(whole)])
            lone = []
            if len(whole) < len(inside):
                yield run
                run = []
        elif len(rows) == 1 and not lone and not is_caption(rows[0][0].text):
            lone = [inside]
        elif run:
            yield run
            run, lone = [], []
    if run:
        yield run


def _heads(lone: Sequence[Stretch]) -> bool:
    """Nothing but a name for a group stands before the first row of cells."""
    return bool(lone) and len(lone[0]) == 1 and len(lone[0][0].text) < LONGEST_NAME


def _has_cells(rows: Rows) -> bool:
    beside = sum(len(row) for row in rows if len(row) > 1)
    return beside * 2 >= sum(map(len, rows)) and not any(is_caption(row[0].text) for row in rows)


def _without_text_below(stretch: Stretch, rows: Rows) -> Stretch:
    """Without what goes on below the last row of cells, where the next rule is that of a page's foot."""
    last = max(at for at, row in enumerate(rows) if len(row) > 1)
    for above, below in pairwise(rows[last:]):
        if measure_white(above, below) > BESIDE:
            return [line for line in stretch if line.rect.middle < _top(below)]
    return stretch


def _without_title(stretch: Stretch) -> Stretch:
    """What stands between two rules, without lone lines over the first row of cells."""
    rows = group_fragments(stretch)
    first = next(at for at, row in enumerate(rows) if len(row) > 1)
    title = [row[0] for row in rows[:first] if row[0].rect.left < rows[first][0].rect.right]
    return [line for line in stretch if line not in title]
