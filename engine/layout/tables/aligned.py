"""Tables without any ruled lines: rows of short cells that line up."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.lists import begins_item, is_marker
from papertray.engine.layout.tables.cells import build_table, find_columns
from papertray.engine.layout.tables.fragments import group_fragments, overlaps
from papertray.engine.layout.tables.judging import Rows, is_table

APART = 3.0
"""Rows of a table follow each other within this many line heights."""

FEWEST_ROWS = 3

RESIZED = 1.35
"""Rows of one table are set in letters no larger than each other than this."""

LONG_ITEM = 12
"""Where all of a row begin as items of lists do, longer ones are items and no cells."""


def find_aligned_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Tables without rules: at least three rows whose short cells stand in the same columns."""
    tables: list[Table] = []
    rest: list[Line] = []
    rows = group_fragments(lines)
    taken: set[int] = set()
    at = 0
    while at < len(rows):
        count = _run(rows[at:])
        if count and is_table(rows[at : at + count], FEWEST_ROWS):
            tables.append(build_table(rows[at : at + count]))
            taken.update(range(at, at + count))
            at += count
        else:
            at += 1
    cells = [part for at in taken for part in rows[at]]
    rest = [line for line in lines if not any(_is_part(part, line) for part in cells)]
    return tables, rest


def _is_part(part: Line, line: Line) -> bool:
    rect = part.rect
    return line.rect.top == rect.top and line.rect.left <= rect.centre <= line.rect.right


def _run(rows: Rows) -> int:
    """How many rows from the first on may be one table: the last of them has cells, too."""
    if not _is_row(rows[0]):
        return 0
    count = 1
    for at in range(1, len(rows)):
        above, row = rows[at - 1], rows[at]
        high = sorted((row[0].lettering, above[0].lettering))
        step = row[0].rect.top - above[0].rect.top
        if step > APART * max(row[0].rect.height, above[0].rect.height) or high[1] > RESIZED * high[0]:
            break
        if _is_row(row):
            if len(find_columns(rows[: at + 1])) < 2 or not _lines_up(row, rows[:count]):
                break
            count = at + 1
        elif at - count > 1 or not _fits(row, rows[:count]):
            break
    return count


def _is_row(row: Sequence[Line]) -> bool:
    if len(row) < 2 or is_marker(row[0].text) or is_caption(row[0].text):
        return False
    return not all(begins_item(line.text) and len(line.text) > LONG_ITEM for line in row)


def _lines_up(row: Sequence[Line], rows: Rows) -> bool:
    """Whether most of its cells stand in columns of the rows above."""
    above = [line for other in rows[-4:] for line in other]
    return sum(any(overlaps(line, other) for other in above) for line in row) >= len(row) / 2


def _fits(row: Sequence[Line], rows: Rows) -> bool:
    """A lone line between rows names a group of them or goes on in a cell: it stays within one column."""
    left, right = find_columns(rows)[0] if rows else (0.0, 0.0)
    line = row[0]
    return line.rect.left < right and line.rect.right < max(right, left + 1) + line.rect.height
