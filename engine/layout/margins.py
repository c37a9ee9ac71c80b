"""Tell running heads, feet and page numbers from the text, by their place and look.

One page is all there is to see: what stands alone at its upper or lower edge, in letters no larger than the
text's, apart from it, and numbered like a page, set in two corners, ruled off, or far from much running text.
A letter's or an invoice's first and last lines are none of these: they belong to the only page there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.lines import Line, group_rows
from papertray.engine.layout.looks import body_size
from papertray.engine.layout.numbered_lines import part_line_numbers
from papertray.engine.layout.page_numbers import LEGAL, NAMED, NUMBER, STAMP
from papertray.engine.layout.salutations import is_letter
from papertray.engine.layout.stacks import find_prose_lines
from papertray.engine.rectangles import Rect

DEEPEST, RULED, RULED_OFF, LOWEST = 0.15, 0.1, 0.12, 0.07
"""Shares of the sheet in which heads and feet stand; what is ruled off, one row and several; feet without a
number."""

LARGE, TITLE, LARGEST = 1.2, 1.3, 1.6
"""Larger letters than these, in those of the text, are a title: alone, ruled off, beside a number."""

APART, FAR, CLEAR = 1.3, 2.2, 2.7
"""Steps to the next row, in line heights: of a number, of two corners, of what stands alone."""

SPREAD, CLOSE, WIDELY = 3, 0.9, 4.0
"""A number, a title and a chapter, so widely apart, are a head as close to the text as its own lines are."""

NEAR, CORNERS, MANY = (3.0, 0.8), 6.0, 5
"""The white between a number and the words, in heads and in feet, and between two corners. Rows of more parts
are tables."""

ALIKE = 2.5
"""The cells of a column are not so many times wider than each other."""

ROWS = 3
"""Heads and feet have no more rows."""

WIDE = 20.0
"""A line of so many sizes fills a column."""

_NOTE = re.compile(r"[\d¹²³⁴-⁹*†‡§(\[]")
"""How a footnote begins, which stands where feet do."""

UPRIGHT, SIDE = 4.0, 0.07
"""A line along a page's edge is so many times higher than wide, and as near to it, in shares of the sheet."""

LONGEST = 120
MUCH = 8
"""So many lines of running text make it likely that the page is one of several."""


@dataclass(frozen=True, slots=True)
class Margins:
    heads: tuple[Line, ...]
    body: tuple[Line, ...]
    feet: tuple[Line, ...]


def split_margins(
    lines: Sequence[Line], across: Sequence[Rect], sheet: Rect, tables: Sequence[Rect] = ()
) -> Margins:
    """`across` are the ruled lines of the page, which is `sheet`; what stands in tables stays there."""
    counted, lines = part_line_numbers(lines)
    beside = [line for line in lines if _stands_at_a_side(line, sheet)]
    rows = group_rows(line for line in lines if line not in beside and not _is_within(line, tables))
    body, running = body_size(lines), len(find_prose_lines(lines)) >= MUCH
    depths = [row[0].rect.middle / sheet.height for row in rows]
    heads = _outer_rows(rows, depths, _Edge(False, body, running, tuple(across)))
    if is_letter(rows[len(heads) :]):
        heads = list(takewhile(_is_numbered, heads))
    rest, depths = rows[len(heads) :][::-1], [1 - depth for depth in depths[len(heads) :][::-1]]
    feet = _outer_rows(rest, depths, _Edge(True, body, running, tuple(across)))
    heads, feet = _outside(heads, counted), _outside(feet, counted)
    outer = {line for part in (heads, feet, [beside]) for row in part for line in row}
    return Margins(
        tuple(line for row in heads for line in row),
        tuple(line for line in lines if line not in outer),
        tuple(line for row in [*feet[::-1], beside, counted] for line in row),
    )


def _outside(rows: Sequence[list[Line]], counted: Sequence[Line]) -> list[list[Line]]:
    """Those from the edge inwards that stand beside no number of a line: what is counted is text."""
    return list(takewhile(lambda row: not any(_is_level(row[0], numbers) for numbers in counted), rows))


def _is_level(line: Line, numbers: Line) -> bool:
    return numbers.rect.top < line.rect.middle < numbers.rect.bottom


def _stands_at_a_side(line: Line, sheet: Rect) -> bool:
    """What is printed from top to bottom along the edge of a page whose lines run across."""
    rect = line.rect
    upright = rect.height > UPRIGHT * rect.width and len(line.text) > UPRIGHT
    return upright and not SIDE * sheet.width < rect.centre < (1 - SIDE) * sheet.width


def _is_within(line: Line, tables: Sequence[Rect]) -> bool:
    return any(table.holds(line.rect.centre, line.rect.middle) for table in tables)


@dataclass(frozen=True, slots=True)
class _Edge:
    """What is known of the page while its edges are looked at."""

    lower: bool
    body: float
    running: bool
    across: tuple[Rect, ...]


def _outer_rows(rows: Sequence[list[Line]], depths: Sequence[float], edge: _Edge) -> list[list[Line]]:
    """From the edge inwards. Behind a row that is no head, only a page's number may still stand, alone."""
    count = 0
    for at in range(min(ROWS, len(rows) - 1)):
        row, inner = rows[at], rows[at + 1]
        if depths[at] > DEEPEST or not _is_small(row, edge.body) or _are_rows_of_a_table(row, inner):
            break
        step = _step(row, inner)
        spread = edge.running and not edge.lower and len(row) == SPREAD and _least_white(row) > WIDELY
        numbered = step > (CLOSE if spread else APART) and (
            _is_number(row) or (at == count and _has_number(row, edge.lower))
        )
        stamped = any(STAMP.search(line.text) for line in row)
        legal = edge.lower and step > FAR and any(_is_legal(other) for other in rows[: at + 1])
        if numbered or stamped or legal or (at == 0 and _is_head(row, inner, depths[0], edge)):
            count = at + 1
    block = _foot(rows, depths, edge) if edge.lower else _head_over_a_rule(rows, depths, edge)
    return list(rows[: max(count, block)])


def _head_over_a_rule(rows: Sequence[list[Line]], depths: Sequence[float], edge: _Edge) -> int:
    """How many small rows stand together over a line that goes across the page, above running text."""
    for count in range(1, min(ROWS, len(rows) - 1) + 1):
        row, inner = rows[count - 1], rows[count]
        large = _lettering(row) >= TITLE * edge.body
        if depths[count - 1] > RULED_OFF or large or not edge.running or not _is_small(row, edge.body):
            return 0
        if _is_ruled_off(row, inner, edge.across):
            return count if _step(row, inner) > APART and not _are_rows_of_a_table(row, inner) else 0
    return 0


def _foot(rows: Sequence[list[Line]], depths: Sequence[float], edge: _Edge) -> int:
    """How many rows are one foot, close together and far below the text: with a number, or a right."""
    for count in range(1, min(ROWS, len(rows) - 1) + 1):
        if depths[count - 1] > DEEPEST or not _is_small(rows[count - 1], edge.body):
            return 0
        if _step(rows[count - 1], rows[count]) > FAR:
            return count if depths[0] < LOWEST and _are_a_foot(rows[:count], edge.running) else 0
    return 0


def _are_a_foot(rows: Sequence[list[Line]], running: bool) -> bool:
    alone = [row[0].text for row in rows if len(row) == 1 and not _is_number(row)]
    if running and any(LEGAL.search(line.text) for row in rows for line in row):
        return not any(_NOTE.match(text) for text in alone)
    if len(rows) > 1 and _are_rows_of_a_table(rows[0], rows[1]):
        return False
    numbered = _is_number(rows[0]) or (running and any(_has_number(row, lower=True) for row in rows))
    return numbered and not any(_NOTE.match(text) or text.endswith(".") for text in alone)


def _is_legal(row: Sequence[Line]) -> bool:
    return any(LEGAL.search(line.text) for line in row) and _has_number(row, lower=True)


def _is_small(row: Sequence[Line], body: float) -> bool:
    text = " ".join(line.text for line in row)
    return len(text) < LONGEST and _lettering(row) < LARGEST * body and not is_caption(text)


def _lettering(row: Sequence[Line]) -> float:
    """Of its largest letters; a logo that is a picture says nothing beside words that the file has."""
    written = [line.lettering for line in row if line.font_size]
    return max(written or [line.lettering for line in row])


def _is_number(row: Sequence[Line]) -> bool:
    return all(NUMBER.fullmatch(line.text.strip()) for line in row)


def _is_numbered(row: Sequence[Line]) -> bool:
    return _is_number(row) or any(NAMED.search(line.text) for line in row)


def _has_number(row: Sequence[Line], lower: bool) -> bool:
    """Away from the words, and far away in a head: `2 Methods` is a heading."""
    if any(NAMED.search(line.text) for line in row):
        return True
    away = NEAR[lower]
    return 1 < len(row) < MANY and any(
        NUMBER.fullmatch(line.text.strip())
        and all(_white(line, other) > away for other in row if other is not line)
        for line in row
    )


def _is_head(row: Sequence[Line], inner: Sequence[Line], depth: float, edge: _Edge) -> bool:
    """Without a number: ruled off, in two corners, in italics in the right one, or far from the text."""
    step, size = _step(row, inner), _lettering(row)
    if depth < RULED and step > APART and size < TITLE * edge.body and _is_ruled_off(row, inner, edge.across):
        return True
    if size > LARGE * edge.body:
        return False
    if (
        edge.running
        and not edge.lower
        and depth < RULED
        and step > APART
        and _is_italic_at_the_end(row, inner)
    ):
        return True
    if _is_in_corners(row) and step > FAR:
        return edge.running or (not edge.lower and depth < LOWEST)
    return edge.running and len(row) == 1 and step > CLEAR and (not edge.lower or depth < LOWEST)


def _is_italic_at_the_end(row: Sequence[Line], inner: Sequence[Line]) -> bool:
    """A title in italics in the right corner, over a line that fills its column and is set otherwise."""
    line, under = row[-1], inner[-1]
    wide = len(inner) == 1 and under.rect.width > WIDE * under.size
    ends = abs(line.rect.right - under.rect.right) < line.size / 2 and row[0].rect.left > under.rect.centre
    return wide and ends and all(part.italic for part in row) and not under.italic


def _are_rows_of_a_table(row: Sequence[Line], inner: Sequence[Line]) -> bool:
    """Two things of one stand over two of the other that are about as wide."""
    pairs = [
        (line, other)
        for line in row
        for other in inner
        if other.rect.left < line.rect.right
        and other.rect.right > line.rect.left
        and max(line.rect.width, other.rect.width) < ALIKE * min(line.rect.width, other.rect.width)
    ]
    return min(len({line for line, _ in pairs}), len({other for _, other in pairs})) > 1


def _step(row: Sequence[Line], inner: Sequence[Line]) -> float:
    high = max(line.rect.height for line in row)
    return min(abs(a.rect.middle - b.rect.middle) for a in row for b in inner) / high


def _is_in_corners(row: Sequence[Line]) -> bool:
    return 1 < len(row) < 4 and max(_white(a, b) for a, b in pairwise(row)) > CORNERS


def _least_white(row: Sequence[Line]) -> float:
    return min(_white(a, b) for a, b in pairwise(row))


def _white(one: Line, other: Line) -> float:
    left, right = sorted((one.rect, other.rect), key=lambda rect: rect.left)
    return (right.left - left.right) / max(one.rect.height, other.rect.height)


def _is_ruled_off(row: Sequence[Line], inner: Sequence[Line], across: Sequence[Rect]) -> bool:
    top, bottom = sorted((row[0].rect.middle, inner[0].rect.middle))
    if len(row) > 2 and any(_is_over(rule, row) for rule in across):
        return False
    high = row[0].rect.height
    wide = max(line.rect.right for line in [*row, *inner]) - min(line.rect.left for line in [*row, *inner])
    return any(
        top < rule.middle < bottom
        and rule.width > 0.6 * wide
        and abs(rule.middle - row[0].rect.middle) < 1.5 * high
        for rule in across
    )


def _is_over(rule: Rect, row: Sequence[Line]) -> bool:
    """Whether it is the upper of two lines between which a row stands: the head of a table."""
    high, top = row[0].rect.height, min(line.rect.top for line in row)
    over = rule.left < row[-1].rect.left and row[0].rect.right < rule.right
    return over and 0 <= top - rule.middle < 1.5 * high
