"""Grids: ruled lines that meet and enclose cells.

Takes the ruled lines of a page; gives the edges of columns and rows, and between which cells a line is drawn.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from papertray.engine.layout.lines import bounding_rect
from papertray.engine.layout.rules import RuledLines
from papertray.engine.rectangles import Rect

NEAR = 6.0
"""Ends of lines that are less than this many pixels apart meet."""

DRAWN = 0.5
"""Cells are parted where a line runs along so much of their common side."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The edges of columns (`xs`) and rows (`ys`), and the lines between cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Rect, ...]
    down: tuple[Rect, ...]

    @property
    def rect(self) -> Rect:
        return Rect(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def size(self) -> int:
        """How many cells it has."""
        return self.columns * self.rows

    def row(self, y: float) -> int:
        return min(max(bisect(self.ys, y) - 1, 0), self.rows - 1)

    def column(self, x: float) -> int:
        return min(max(bisect(self.xs, x) - 1, 0), self.columns - 1)

    def is_parted_beside(self, row: int, column: int) -> bool:
        """Whether a line is drawn between a cell and the next one to the right."""
        top, bottom = self.ys[row], self.ys[row + 1]
        x = self.xs[column + 1]
        drawn = [(line.top, line.bottom) for line in self.down if abs(line.centre - x) < 2 * NEAR]
        return _covered(drawn, top, bottom) > DRAWN * (bottom - top)

    def is_parted_below(self, row: int, column: int) -> bool:
        left, right = self.xs[column], self.xs[column + 1]
        y = self.ys[row + 1]
        drawn = [(line.left, line.right) for line in self.across if abs(line.middle - y) < 2 * NEAR]
        return _covered(drawn, left, right) > DRAWN * (right - left)


def _covered(pieces: Sequence[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in pieces)


def find_grids(rules: RuledLines) -> list[Grid]:
    """Lines that cross or meet, taken together, where they enclose at least two cells."""
    groups = _touching([*rules.across, *rules.down])
    found = [
        _grid([r for r in group if r.width >= r.height], [r for r in group if r.width < r.height])
        for group in groups
    ]
    return [grid for grid in found if grid is not None]


def _touching(lines: Sequence[Rect]) -> list[list[Rect]]:
    groups: list[list[Rect]] = []
    for line in lines:
        joined = [group for group in groups if any(_meet(line, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([line, *(other for group in joined for other in group)])
    return groups


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one.left - NEAR <= other.right
        and other.left - NEAR <= one.right
        and one.top - NEAR <= other.bottom
        and other.top - NEAR <= one.bottom
    )


def _grid(across: list[Rect], down: list[Rect]) -> Grid | None:
    if len(across) < 2 or not down:
        return None
    whole = bounding_rect([*across, *down])
    xs = _edges([whole.left, *(line.centre for line in down), whole.right])
    ys = _edges([whole.top, *(line.middle for line in across), whole.bottom])
    if (len(xs) - 1) * (len(ys) - 1) < 2 or len(xs) < 3:
        return None
    return Grid(xs, ys, tuple(across), tuple(down))


def _edges(places: list[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 2 * NEAR:
            edges.append(place)
    return tuple(edges)
