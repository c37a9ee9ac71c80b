"""Tables that stand between ruled lines of one length, without lines between their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.tables.cells import build_table
from papertray.engine.layout.tables.fragments import group_fragments
from papertray.engine.layout.tables.judging import Rows, is_table
from papertray.engine.rectangles import Rect

FEWEST_ROWS = 2

LIKE = 2.0
"""Ends of rules of one table differ by no more than this many line heights."""


def find_tables_between_rules(
    lines: Sequence[Line], across: Sequence[Rect]
) -> tuple[list[Table], list[Line]]:
    """Tables that stand between ruled lines of one length, and the lines that stand outside them."""
    tables: list[Table] = []
    rest = list(lines)
    if not lines:
        return tables, rest
    high = median(line.rect.height for line in lines)
    for rules in _alike(across, high):
        for group in _tabular_runs(rules, rest, high):
            inside = [line for part in group for line in part]
            rows = group_fragments(inside)
            if not is_table(rows, FEWEST_ROWS):
                continue
            head = len(group_fragments(group[0])) if len(group) > 1 else 0
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
        if _has_cells(group_fragments(inside)):
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
