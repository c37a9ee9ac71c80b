"""Names in a margin beside what tells of them: words of a glossary, keys of a program, numbers of sections.

Takes rows of what stands on two sides of some white; says whether they are read row by row, as these are, or
one side after the other, as columns are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Protocol

from papertray.engine.layout.lines import Line
from papertray.engine.layout.lists import is_bulleted
from papertray.engine.layout.stacks import find_prose_lines
from papertray.engine.rectangles import Rect

SHORT = 0.5
"""A name takes no more than this share of the width of what tells of it; all of it where rows are clear."""

APART = 0.8
"""Names have more white between them than lines that go on in each other, in line heights."""

MOSTLY = 0.6
"""So many of the names do."""

LEVEL, NEARLY_ALL = 0.3, 0.9
"""So many names stand on one line with what tells of them; their middles differ by less, in line heights."""

SPARSE = 1.0
"""Rows with more white between them, in line heights, are no lines of a text."""


class Placed(Protocol):
    @property
    def rect(self) -> Rect: ...


Rows = Sequence[Sequence[Placed]]


def are_names(names: Rows, texts: Rows) -> bool:
    """Names do not go on in each other, as a column's lines do."""
    if len(names) < 2 or not all(isinstance(item, Line) for row in names for item in row):
        return False
    if _mark_items(texts):
        return False
    widths = [median(item.rect.width for row in side for item in row) for side in (names, texts)]
    steps = [_are_apart(above, below, texts) for above, below in pairwise(names)]
    apart, level = sum(steps) >= MOSTLY * len(steps), _are_level(names, texts)
    if widths[0] <= SHORT * widths[1]:
        return apart or level
    return widths[0] <= widths[1] and apart and level


def are_pairs(names: Rows, values: Rows) -> bool:
    """Whether each name has a value on its line: a number, a date, or whatever stands behind a colon."""
    items = [item for row in (*names, *values) for item in row]
    if len(names) != len(values) or len(names) < 2 or not all(isinstance(item, Line) for item in items):
        return False
    if not all(_is_level(name[0], value[0]) for name, value in zip(names, values, strict=True)):
        return False
    counted = [[any(map(str.isdigit, _text(row))) for row in side] for side in (names, values)]
    return all(_text(row).endswith(":") for row in names) or (all(counted[1]) and not any(counted[0]))


def _text(row: Sequence[Placed]) -> str:
    return " ".join(item.text for item in row if isinstance(item, Line))


def are_sparse_rows(left: Rows, right: Rows) -> bool:
    """Whether all stand in rows with an empty line and more between them: what is charged, and how much."""
    few, many = sorted((left, right), key=len)
    if len(few) < 2 or not all(isinstance(item, Line) for row in (*few, *many) for item in row):
        return False
    level = [any(_is_level(row[0], other[0]) for other in many) for row in few]
    return all(level) and all(map(_are_sparse, (few, many)))


def _are_sparse(rows: Rows) -> bool:
    return all(
        min(item.rect.top for item in below) - max(item.rect.bottom for item in above)
        > SPARSE * max(item.rect.height for item in below)
        for above, below in pairwise(rows)
    )


def _is_level(one: Placed, other: Placed) -> bool:
    return abs(one.rect.middle - other.rect.middle) < LEVEL * min(one.rect.height, other.rect.height)


def _mark_items(texts: Rows) -> bool:
    marked = sum(isinstance(row[0], Line) and is_bulleted(row[0].text) for row in texts)
    return marked * 2 > len(texts)


def _are_level(names: Rows, texts: Rows) -> bool:
    """Whether names have a line of the text beside them: several in a row are no chance."""
    if all(is_amount(row[0]) for row in names) and _run_on(texts):
        return False
    middles = [row[0].rect.middle for row in texts]
    level = [any(abs(row[0].rect.middle - y) < LEVEL * row[0].rect.height for y in middles) for row in names]
    return len(names) > 2 and sum(level) >= NEARLY_ALL * len(level)


def _run_on(texts: Rows) -> bool:
    """Whether they are sentences. Numbers beside those count lines, and do not belong into them."""
    lines = [item for row in texts for item in row if isinstance(item, Line)]
    return len(find_prose_lines(lines)) * 2 > len(lines)


def _are_apart(above: Sequence[Placed], below: Sequence[Placed], texts: Rows) -> bool:
    """White between two names, or a line of the text between the two that begin beside them."""
    top, bottom = max(item.rect.bottom for item in above), min(item.rect.top for item in below)
    if bottom - top > APART * max(item.rect.height for item in below):
        return True
    return any(above[0].rect.bottom < row[0].rect.middle < below[0].rect.top for row in texts)


def is_amount(item: Placed) -> bool:
    """A count, a sum: what stands at the right edge of its label, not in a column."""
    if not isinstance(item, Line):
        return False
    signs = [sign for sign in item.text if sign.isalnum()]
    return sum(sign.isdigit() for sign in signs) * 2 > len(signs)
