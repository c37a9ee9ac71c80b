"""Where the columns of a table reach from and to.

Takes rows of cells; gives the left and the right of each column, and which of them something stands under.
"""

from __future__ import annotations

from collections.abc import Sequence

from papertray.engine.layout.lines import Line
from papertray.engine.layout.tables.fragments import Reach, count_apart, reach_of_letters, reaches_of_letters

Rows = Sequence[Sequence[Line]]

RARE = 10
"""In a table of so many rows one may reach over the white between columns."""

COVERED = 0.35
"""What stands in a column shares so much of the narrower one's width."""

ALIGNED, MOST_HEADED = 0.8, 6
"""What is set in the middle of so many columns at most is no farther from it than this, in line heights."""

MOST_HEADS = 2
"""So many rows of a head may stand over others of it."""

FEW, STRAY = 2, 4.0
"""A column has more cells than this; a name over it stands no farther aside, in line heights."""

FILLED, BEGUN = 0.5, 0.25
"""A row of the body has numbers in so many of its cells: the very first one, and one below a head."""


def find_columns(rows: Rows) -> list[tuple[float, float]]:
    """Where columns reach from and to; what goes over several, or is rare, has no say."""
    single = _in_one_column(rows)
    rare = sum(len(row) > 1 for row in rows) // RARE
    columns = _without_stray(_covered(single, rare), rows)
    over_parts = {id(line) for line in _heads_of_parts(rows, columns)}
    if not over_parts:
        return columns
    return _without_stray(_covered([line for line in single if id(line) not in over_parts], rare), rows)


def _heads_of_parts(rows: Rows, columns: Sequence[tuple[float, float]]) -> list[Line]:
    """Lines of the head that stand over two others of it, each of which has a column of its own below."""
    found = []
    for at in range(min(MOST_HEADS, len(rows) - FEW - 1)):
        for line in rows[at]:
            left, right = columns[columns_under(line, columns)[0]] if columns else (0.0, 0.0)
            parts = [sum(left <= other.rect.centre <= right for other in row) for row in rows[at + 1 :]]
            body = [count for count in parts[1:] if count]
            if parts[0] > 1 and len(body) >= FEW and sum(count > 1 for count in body) * 2 > len(body):
                found.append(line)
    return found


def _covered(single: Sequence[Line], rare: int) -> list[tuple[float, float]]:
    """Where something stands in more rows than are rare."""
    reaches = list(map(reach_of_letters, single))
    steps = sorted([(left, 1) for left, _ in reaches] + [(right, -1) for _, right in reaches])
    columns: list[tuple[float, float]] = []
    deep, left = 0, 0.0
    for x, step in steps:
        if step > 0 and deep == rare:
            left = x
        deep += step
        if step < 0 and deep == rare:
            columns.append((left, x))
    return columns


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


def _in_one_column(rows: Rows) -> list[Line]:
    """The lines that do not stand over several cells of other rows."""
    reaches = list(map(reaches_of_letters, rows))
    return [
        line
        for at, row in enumerate(rows)
        for line in row
        if not _is_spanning(reach_of_letters(line), [*reaches[:at], *reaches[at + 1 :]])
    ]


def _is_spanning(reach: Reach, rows: Sequence[Sequence[Reach]]) -> bool:
    """Whether it stands over two cells and more in most of the rows that have any there."""
    left, right = reach
    filled = several = 0
    for row in rows:
        below = [(a, b) for a, b in row if left < b and a < right]
        if below:
            filled += 1
            several += len(below) > 1 and count_apart(below) > 1
    return several > filled / 2


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
