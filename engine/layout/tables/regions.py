"""Where tables stand that have no lines between their cells: between two rules, or where rows line up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, Rect, Table
from papertray.engine.layout.lists import begins_item, is_marker
from papertray.engine.layout.tables.cells import build_table, find_columns
from papertray.engine.layout.tables.fragments import fragment_rows, is_number, overlaps

APART = 3.0
"""Rows of a table follow each other within this many line heights."""

WORDY = 24
"""Cells are short. A column whose middling cell has more characters than this is running text."""

FEWEST_ROWS, FEWEST_BETWEEN = 3, 2
"""Without rules a table has at least so many rows; between rules fewer."""

RESIZED = 1.35
"""Rows of one table are set in letters no larger than each other than this."""

LONG_ITEM = 12
"""Where all of a row begin as items of lists do, longer ones are items and no cells."""

COUNTED = 8
"""So many numbers in a row count lines."""

LIKE = 2.0
"""Ends of rules of one table differ by no more than this many line heights."""

Rows = list[list[Line]]


def between_rules(lines: Sequence[Line], across: Sequence[Rect]) -> tuple[list[Table], list[Line]]:
    """Tables that stand between ruled lines of one length, and the lines that stand outside them."""
    tables: list[Table] = []
    rest = list(lines)
    if not lines:
        return tables, rest
    high = median(line.rect.height for line in lines)
    for rules in _alike(across, high):
        for group in _tabular_runs(rules, rest, high):
            inside = [line for part in group for line in part]
            rows = fragment_rows(inside)
            if not _is_table(rows, FEWEST_BETWEEN):
                continue
            head = len(fragment_rows(group[0])) if len(group) > 1 else 0
            tables.append(build_table(rows, head))
            rest = [line for line in rest if line not in inside]
    return tables, rest


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
    return [group for group in groups if len(group) > 1]


def _tabular_runs(rules: Sequence[Rect], lines: Sequence[Line], high: float) -> Iterator[list[list[Line]]]:
    """Stretches between consecutive rules that hold rows of cells, as long as they follow each other."""
    run: list[list[Line]] = []
    for upper, lower in pairwise(rules):
        inside = [
            line
            for line in lines
            if upper.middle <= line.rect.middle < lower.middle
            and upper.left - high < line.rect.centre < upper.right + high
        ]
        if not inside:
            continue
        if _has_cells(fragment_rows(inside)):
            run.append(inside)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _has_cells(rows: Rows) -> bool:
    return sum(len(row) > 1 for row in rows) * 2 >= len(rows) and not any(
        is_caption(row[0].text) for row in rows
    )


def aligned_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Tables without rules: at least three rows whose short cells stand in the same columns."""
    tables: list[Table] = []
    rest: list[Line] = []
    rows = fragment_rows(lines)
    taken: set[int] = set()
    at = 0
    while at < len(rows):
        count = _run(rows[at:])
        if count and _is_table(rows[at : at + count], FEWEST_ROWS):
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


def _is_table(rows: Rows, fewest: int) -> bool:
    columns = find_columns(rows)
    if len(columns) < 2 or sum(len(row) > 1 for row in rows) < fewest:
        return False
    cells = [
        [line.text for row in rows for line in row if left < line.rect.centre < right]
        for left, right in columns
    ]
    wordy = sum(median(map(len, column)) > WORDY for column in cells if column)
    numbers = sum(sum(map(is_number, column)) * 2 > len(column) for column in cells)
    if _counts_lines(cells[0]) and numbers < 2:
        return False
    flowing = sum(_flows(column) for column in cells)
    return flowing < 2 and (wordy < 2 or numbers >= wordy)


def _counts_lines(column: Sequence[str]) -> bool:
    """1, 2, 3 … beside every line, as in the record of a court: what they count is no table."""
    counted = [int(text) for text in column if text.strip().isdecimal()]
    steps = sum(below - above == 1 for above, below in pairwise(counted))
    return len(counted) >= COUNTED and steps > 0.8 * len(counted) and len(counted) > 0.8 * len(column)


def _flows(column: Sequence[str]) -> bool:
    """Whether its lines go on from one to the next, as text in columns does."""
    return sum(text[:1].islower() for text in column[1:]) > len(column) / 3
