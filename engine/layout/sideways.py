"""Parts of a page that are set from bottom to top or top to bottom: a wide table beside running text.

Takes lines, some of which know how they stand on the page turned their way; gives such parts, with their
lines and rules as they stand there, and all other lines. A lone line along an edge is no part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from papertray.engine.layout.lines import Line, bounding_rect
from papertray.engine.layout.rules import RuledLines
from papertray.engine.rectangles import Rect

FEWEST, ROWS = 8, 3
"""So many lines, in so many rows, make a part of their own."""

BESIDE, LONG = 1.5, 25.0
"""So many lines stand in a row, or rows are so long, in sizes: the heads of a table's columns are neither."""

APART = 3.0
"""Rows of one part are no farther from each other than this, in sizes."""


@dataclass(frozen=True, slots=True)
class SidewaysPart:
    """`rect` is its place on the page, `lines` are those that run from left to right once it is turned."""

    rect: Rect
    lines: tuple[Line, ...]
    rules: RuledLines
    back: Callable[[Rect], Rect]


def find_sideways_parts(lines: Sequence[Line], ruled: RuledLines) -> tuple[list[SidewaysPart], list[Line]]:
    turned = sorted((line for line in lines if line.sideways), key=lambda line: line.rect.left)
    upright = [line for line in lines if not line.sideways]
    parts: list[SidewaysPart] = []
    taken: set[int] = set()
    for group in _groups(turned) if len(turned) >= FEWEST else []:
        rect = bounding_rect(line.rect for line in group)
        rows = {round(line.rect.left) for line in group}
        if len(group) < FEWEST or len(rows) < ROWS:
            continue
        if len(group) < BESIDE * len(rows) and rect.height < LONG * group[0].size:
            continue
        if not any(rect.holds(line.rect.centre, line.rect.middle) for line in upright):
            parts.append(_part(group, rect, ruled))
            taken.update(map(id, group))
    return parts, [line for line in lines if id(line) not in taken]


def _groups(turned: Sequence[Line]) -> list[list[Line]]:
    groups = [[turned[0]]]
    edge = turned[0].rect.right
    for line in turned[1:]:
        if line.rect.left > edge + APART * line.size:
            groups.append([])
        groups[-1].append(line)
        edge = max(edge, line.rect.right)
    return groups


def _part(group: Sequence[Line], rect: Rect, ruled: RuledLines) -> SidewaysPart:
    lines = [line.sideways for line in group if line.sideways]
    frame = bounding_rect(line.rect for line in lines)
    steps = [
        (b.rect.left - a.rect.left) * (b.sideways.rect.top - a.sideways.rect.top)
        for a, b in pairwise(group)
        if a.sideways and b.sideways
    ]
    upwards = sum(steps) > 0

    def into(place: Rect) -> Rect:
        if upwards:
            left, top = frame.left + rect.bottom - place.bottom, frame.top + place.left - rect.left
        else:
            left, top = frame.left + place.top - rect.top, frame.top + rect.right - place.right
        return Rect(left, top, left + place.height, top + place.width)

    def back(place: Rect) -> Rect:
        if upwards:
            left, top = rect.left + place.top - frame.top, rect.bottom - (place.right - frame.left)
        else:
            left, top = rect.right - (place.bottom - frame.top), rect.top + place.left - frame.left
        return Rect(left, top, left + place.height, top + place.width)

    def inside(rule: Rect) -> bool:
        near = APART * group[0].size
        return rect.left - near < rule.centre < rect.right + near and rect.top < rule.middle < rect.bottom

    rules = RuledLines(
        tuple(into(rule) for rule in ruled.down if inside(rule)),
        tuple(into(rule) for rule in ruled.across if inside(rule)),
    )
    return SidewaysPart(rect, tuple(lines), rules, back)
