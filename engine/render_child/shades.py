"""Where shaded cells of a table meet: a table can be drawn without a single line.

Takes the filled rectangles of a page, each with its colour; gives the edges of those that lie side by side
and below each other as cells do. Bars, bands and shaded paragraphs touch in one direction only.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top."""

Shade = tuple[Rectangle, int]

GAP, REACH = 3.5, 0.5
"""Points: cells have no more white between them, and lie in each other by no more than the second."""

SHARED = 0.5
"""Neighbours have so much of the shorter one's side in common."""

SIDES = 2
"""A table has so many cells side by side, and so many below each other, at least."""

NARROW, PIECES = 7.0, 0.2
"""Points: where so many rectangles are narrower than this, they are pieces of cells."""

MOST = 4000
STEP = 4.0


RULED = 2
"""Where so many lines are drawn across and down a table, its shades say nothing more."""


def list_cell_edges(shades: Sequence[Shade], rules: Sequence[Rectangle]) -> list[Rectangle]:
    rects = _outermost(shades[:MOST])
    if sum(min(rect[2] - rect[0], rect[3] - rect[1]) < NARROW for rect in rects) > PIECES * len(rects):
        return []
    beside = list(_neighbours(rects))
    turned = [(bottom, left, top, right) for left, bottom, right, top in rects]
    below = list(_neighbours(turned))
    edges: list[Rectangle] = []
    for group in _joined(len(rects), [*beside, *below]):
        sides = min(sum(one in group for one, _ in pairs) for pairs in (beside, below))
        cells = [rects[at] for at in group]
        if sides >= SIDES and not _are_ruled(cells, rules):
            edges.extend(edge for cell in cells for edge in _edges(cell))
    return edges


def _are_ruled(cells: Sequence[Rectangle], rules: Sequence[Rectangle]) -> bool:
    left, bottom, right, top = zip(*cells, strict=True)
    whole = min(left), min(bottom), max(right), max(top)
    inside = [rule for rule in rules if _holds(whole, rule)]
    across = sum(rule[2] - rule[0] >= rule[3] - rule[1] for rule in inside)
    return min(across, len(inside) - across) >= RULED


def _outermost(shades: Sequence[Shade]) -> list[Rectangle]:
    """Without what is drawn once more in the same colour: the lines of text in a cell."""
    by_colour: defaultdict[int, list[Rectangle]] = defaultdict(list)
    for rect, colour in sorted(set(shades), key=lambda shade: -_area(shade[0])):
        if not any(_holds(outer, rect) for outer in by_colour[colour]):
            by_colour[colour].append(rect)
    return [rect for rects in by_colour.values() for rect in rects]


def _area(rect: Rectangle) -> float:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])


def _holds(outer: Rectangle, rect: Rectangle) -> bool:
    return (
        outer[0] - REACH <= rect[0]
        and outer[1] - REACH <= rect[1]
        and rect[2] <= outer[2] + REACH
        and rect[3] <= outer[3] + REACH
    )


def _neighbours(rects: Sequence[Rectangle]) -> Iterator[tuple[int, int]]:
    """Pairs of which the second begins where the first ends."""
    begins: defaultdict[int, list[int]] = defaultdict(list)
    for at, rect in enumerate(rects):
        begins[int(rect[0] // STEP)].append(at)
    for at, rect in enumerate(rects):
        place = int(rect[2] // STEP)
        for other in (other for near in (-1, 0, 1) for other in begins.get(place + near, [])):
            if -REACH <= rects[other][0] - rect[2] <= GAP and _is_level(rect, rects[other]):
                yield at, other


def _is_level(one: Rectangle, other: Rectangle) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > SHARED * min(one[3] - one[1], other[3] - other[1])


def _joined(count: int, pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    group = list(range(count))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = at = group[group[at]]
        return at

    for one, other in pairs:
        group[root(one)] = root(other)
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for at in range(count):
        groups[root(at)].add(at)
    return list(groups.values())


def _edges(rect: Rectangle) -> Iterator[Rectangle]:
    left, bottom, right, top = rect
    yield left, bottom, right, bottom
    yield left, top, right, top
    yield left, bottom, left, top
    yield right, bottom, right, top
