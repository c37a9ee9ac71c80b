"""Find the ruled lines of a page and the grids that they form.

Takes the grey picture and how it leans; gives straight lines in pixels of the straightened page. A grid tells
which of its cells are open to their right, so that text over merged cells stays in one.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.layout.lines import Rect, around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[Any]

LOOKED_AT = 1600
"""The longest side of the picture in which lines are looked for: thin ones are still seen, time is saved."""

DARKER = 0.75
"""Ink is what is darker than this share of the paper."""

NEAR = 6.0
"""Ends of lines that are less than this many pixels apart meet."""


@dataclass(frozen=True, slots=True)
class Rules:
    across: tuple[Rect, ...]
    down: tuple[Rect, ...]


NONE = Rules((), ())


@dataclass(frozen=True, slots=True)
class Grid:
    """The edges of columns (`xs`) and rows (`ys`), and the pieces of line between cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    down: tuple[Rect, ...]

    @property
    def rect(self) -> Rect:
        return Rect(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def row(self, y: float) -> int:
        return min(max(bisect(self.ys, y) - 1, 0), len(self.ys) - 2)

    def column(self, x: float, y: float) -> int:
        """The column at a point: the first one, where several are merged."""
        column = min(max(bisect(self.xs, x) - 1, 0), len(self.xs) - 2)
        while column and not self._closed(self.xs[column], y):
            column -= 1
        return column

    def _closed(self, x: float, y: float) -> bool:
        return any(abs(line.centre - x) < NEAR and line.top <= y <= line.bottom for line in self.down)


def find(grey: Grey, angle: float, size: float) -> Rules:
    """Lines longer than two rows of text. `size` is the height of the page's letters."""
    import cv2
    import numpy as np

    scale = min(1.0, LOOKED_AT / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = grey.shape
    if abs(angle) > 0.05:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    ink = (grey < DARKER * np.median(grey[::4, ::4])).astype(np.uint8)
    shortest, thickest = max(2.0 * size * scale, 30.0), max(0.3 * size * scale, 5.0)
    across = _strokes(ink, int(shortest), thickest)
    down = [
        Rect(line.top, line.left, line.bottom, line.right)
        for line in _strokes(ink.T, int(shortest), thickest)
    ]
    return Rules(_enlarged(across, 1 / scale), _enlarged(down, 1 / scale))


def _enlarged(lines: Sequence[Rect], by: float) -> tuple[Rect, ...]:
    return tuple(Rect(line.left * by, line.top * by, line.right * by, line.bottom * by) for line in lines)


def _strokes(ink: Grey, shortest: int, thickest: float) -> list[Rect]:
    """Strokes along the rows of a picture. Gaps of a pixel or two and steps of a leaning line are bridged."""
    import cv2
    import numpy as np

    ink = cv2.dilate(np.ascontiguousarray(ink), np.ones((2, 3), np.uint8))
    long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    strokes = [Rect(*map(float, (x, y, x + w, y + h))) for x, y, w, h, _ in found[1:count].tolist()]
    return [stroke for stroke in strokes if stroke.height <= thickest + stroke.width / 200]


def grids(rules: Rules) -> list[Grid]:
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
    whole = around([*across, *down])
    xs = _edges([whole.left, *(line.centre for line in down), whole.right])
    ys = _edges([whole.top, *(line.middle for line in across), whole.bottom])
    if (len(xs) - 1) * (len(ys) - 1) < 2 or len(xs) < 3:
        return None
    return Grid(xs, ys, tuple(down))


def _edges(places: list[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 2 * NEAR:
            edges.append(place)
    return tuple(edges)
