"""Tables without any ruled lines: rows of short cells that line up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.lists import begins_item, is_marker
from papertray.engine.layout.stacks import find_prose_lines
from papertray.engine.layout.tables.cells import build_table
from papertray.engine.layout.tables.columns import find_columns
from papertray.engine.layout.tables.fragments import bound_rows, group_fragments, is_number, overlaps
from papertray.engine.layout.tables.judging import WORDY, Rows, are_blocks, is_table
from papertray.engine.layout.tables.spacing import CLOSE, measure_spacing, measure_white

APART = 1.9
"""Rows of a table have no more white between them than this, in line heights."""

APART_EVENLY, UNEVEN = 4.5, 0.2
"""And no more than this where the steps between them differ by no more than this part."""

FEWEST_ROWS = 3

HEAD_APART = (0.6, 1.0)
"""White over the first row, in line heights, beyond which a line of a head does not stand, nor several."""

LARGER = 1.1
"""A name for a group of rows is set no larger than these."""

RESIZED = 1.35
"""Rows of one table are set in letters no larger than each other than this."""

LONG_ITEM = 12
"""Where all of a row begin as items of lists do, longer ones are items and no cells."""

LONE = 5
"""So many lines that stand alone may follow each other in a table."""

LOOKED_AT = 12
"""So many of the rows above tell whether another one goes on with them."""

NARROW, LOOSER = 0.6, 0.3
"""A name for a group of rows is not wider than this share of them, nor so much farther from the row above."""

WIDE = 5
"""In a table of so many columns it may reach into the next ones."""

EVEN = 0.3
"""What goes on in a cell begins under it, give or take so many line heights."""

MANY = 4
"""So many names in a row, each over a value, make a table of that one."""

CERTAIN = 3
"""So many columns without running text can be nothing but a table."""


def find_aligned_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Tables without rules: at least three rows whose short cells stand in the same columns."""
    rows = group_fragments(lines)
    found = [
        run
        for run in _runs(rows)
        if (is_table(run, FEWEST_ROWS) and not are_blocks(run)) or _is_headed_row(run)
    ]
    return _take(lines, found)


def find_certain_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Those that can be told before the columns of the page are known."""
    rows = group_fragments(lines)
    prose = find_prose_lines(lines)
    return _take(lines, [found for found in _runs(rows) if _is_certain(found, prose)])


def _is_certain(rows: Rows, prose: frozenset[Line]) -> bool:
    if not _is_headed_row(rows) and (len(find_columns(rows)) < CERTAIN or not is_table(rows, FEWEST_ROWS)):
        return False
    if sum(bool(line.mono) for row in rows for line in row) * 2 > sum(map(len, rows)):
        return False
    if measure_spacing(rows).wrapped:
        return True
    return not any(_is_part(part, line) for row in rows for part in row for line in prose)


def _take(lines: Sequence[Line], found: Sequence[Rows]) -> tuple[list[Table], list[Line]]:
    cells = [part for rows in found for row in rows for part in row]
    rest = [line for line in lines if not any(_is_part(part, line) for part in cells)]
    return [build_table(rows) for rows in found], rest


def _is_part(part: Line, line: Line) -> bool:
    rect = part.rect
    return line.rect.top == rect.top and line.rect.left <= rect.centre <= line.rect.right


def _runs(rows: Rows) -> list[Rows]:
    """Stretches of rows, each of which may be one table."""
    found: list[Rows] = []
    at = least = 0
    while at < len(rows):
        count = _count_rows(rows[at:])
        if count >= FEWEST_ROWS or (count and _is_headed_row(rows[at : at + count])):
            first = _first_of_head(rows, at, least, count)
            found.append(rows[first : at + count])
            at = least = at + count
        else:
            at += 1
    return found


def _is_headed_row(rows: Rows) -> bool:
    """Many names and one value under each, beginning where it does: one row is a table, too."""
    if len(rows) != FEWEST_ROWS - 1 or len(rows[0]) != len(rows[1]) or len(rows[0]) < MANY:
        return False
    pairs = list(zip(*rows, strict=True))
    even = all(abs(name.rect.left - value.rect.left) < EVEN * name.rect.height for name, value in pairs)
    words = [line.text for line in rows[0]]
    return even and not any(map(is_number, words)) and max(map(len, words)) <= WORDY


def _first_of_head(rows: Rows, at: int, least: int, count: int) -> int:
    """Where the lines begin that stand close over the first row, each in one column."""
    columns = find_columns(rows[at : at + count])
    first = at
    step = measure_white(rows[at], rows[at + 1])
    while first > least:
        row = rows[first - 1]
        apart = max(HEAD_APART[len(row) > 1], (1 + UNEVEN) * step if len(row) > 1 and step > APART else 0.0)
        if measure_white(row, rows[first]) > apart:
            break
        if row[-1].rect.left < columns[0][1] or any(_columns_under(line, columns) != 1 for line in row):
            break
        first -= 1
    return first


def _columns_under(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    return sum(line.rect.left < right and left < line.rect.right for left, right in columns)


def _count_rows(rows: Rows) -> int:
    """How many rows from the first on may be one table: the last of them has cells, too."""
    if not _is_row(rows[0]):
        return 0
    count = 1
    for at in range(1, len(rows)):
        above, row = rows[at - 1], rows[at]
        if _is_apart(rows, at) or _is_resized(above, row):
            break
        if _is_row(row):
            if len(find_columns(rows[max(0, at - LOOKED_AT) : at + 1])) < 2 or not _lines_up(
                row, rows[:count]
            ):
                break
            count = at + 1
        elif (
            at - count >= LONE
            or _is_heading(row, rows[:count])
            or not _fits(row, above, rows[at + 1 : at + 2], rows[max(0, count - LOOKED_AT) : count])
        ):
            break
    return _with_last_lines(rows, count)


def _is_apart(rows: Rows, at: int) -> bool:
    """Whether a row stands too far below the one before, unless others follow as far, with numbers each."""
    white = measure_white(rows[at - 1], rows[at])
    if white <= APART:
        return False
    near = [
        measure_white(above, below)
        for above, below in pairwise(rows[max(at - 2, 0) : at + 2])
        if above is not rows[at - 1]
    ]
    even = any(abs(other - white) < UNEVEN * white for other in near)
    counted = all(
        len(row) > 1 and any(is_number(line.text) for line in row[1:]) for row in rows[at - 1 : at + 1]
    )
    return not (even and counted and white < APART_EVENLY)


def _is_resized(above: Sequence[Line], row: Sequence[Line]) -> bool:
    one, other = (median(line.font_size or line.lettering for line in lines) for lines in (above, row))
    return max(one, other) > RESIZED * min(one, other)


def _with_last_lines(rows: Rows, count: int) -> int:
    """With the lines below the last row that go on in its cells."""
    spacing = measure_spacing(rows[:count])
    columns = find_columns(rows[:count])
    while spacing.wrapped and count < len(rows):
        white = measure_white(rows[count - 1], rows[count])
        line = rows[count][0]
        within = _columns_under(line, columns) == 1 or _goes_on_in_cell(line, rows[:count], columns)
        if white > spacing.between_rows or not within:
            break
        count += 1
    return count


def _is_row(row: Sequence[Line]) -> bool:
    if len(row) < 2 or is_marker(row[0].text) or is_caption(row[0].text):
        return False
    return not all(begins_item(line.text) and len(line.text) > LONG_ITEM for line in row)


def _lines_up(row: Sequence[Line], rows: Rows) -> bool:
    """Whether most of its cells stand in columns of the rows above."""
    above = [line for other in rows[-4:] for line in other]
    return sum(any(overlaps(line, other) for other in above) for line in row) >= len(row) / 2


def _is_heading(row: Sequence[Line], rows: Rows) -> bool:
    """Bold, larger than all above: the next table begins under it."""
    largest = max(line.type_size for other in rows for line in other)
    return bool(row[0].bold) and row[0].type_size > LARGER * largest


def _goes_on_in_cell(line: Line, rows: Rows, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether it stands under the words of a cell, begins as these do and reaches into no other column.

    Lines under what an invoice charges for are set as far apart as its rows. The first column names rows.
    """
    if len(columns) < CERTAIN or line.rect.left < columns[0][1]:
        return False
    beside = min((left for left, _ in columns if left > line.rect.left + line.rect.height), default=inf)
    words = [cell for row in rows[-1:] for cell in row if not is_number(cell.text)]
    high = line.rect.height
    within = line.rect.right < (beside if len(columns) < WIDE else columns[-1][1])
    return within and any(abs(cell.rect.left - line.rect.left) < EVEN * high for cell in words)


def _fits(row: Sequence[Line], above: Sequence[Line], below: Rows, rows: Rows) -> bool:
    """A lone line between rows goes on in a cell, begins one, or names a group of them."""
    columns, line = find_columns(rows), row[0]
    white = measure_white(above, row)
    close = min([white, *(measure_white(row, other) for other in below)])
    if (close < CLOSE and _columns_under(line, columns) == 1) or _goes_on_in_cell(line, rows, columns):
        return True
    left, right = columns[0] if columns else (0.0, 0.0)
    if line.rect.left < right and line.rect.right < max(right, left + 1) + line.rect.height:
        return True
    rect = bound_rows(rows)
    return (
        abs(line.rect.left - left) < line.rect.height
        and line.rect.width < NARROW * rect.width
        and white < measure_spacing(rows).usual + LOOSER
    )
