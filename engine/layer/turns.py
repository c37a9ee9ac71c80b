"""The way between the page as its file shows it and a frame in which lines run from left to right, downwards.

A quarter turn's frame begins at the turned page's own corner, so that no place on the page is negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

CORNERS = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}
"""Which sides of the turned page lie before its corner."""


@dataclass(frozen=True)
class Turn:
    """`degrees` clockwise is how lines run on the page; `width` and `height` are the page's."""

    degrees: int
    width: float
    height: float

    @cached_property
    def cosine(self) -> float:
        return self._whole(math.cos(math.radians(self.degrees)))

    @cached_property
    def sine(self) -> float:
        return self._whole(math.sin(math.radians(self.degrees)))

    @cached_property
    def corner(self) -> tuple[float, float]:
        along, down = CORNERS.get(self.degrees, (0, 0))
        turned = self.degrees % 180 == 90
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        return along * width, down * height

    def points(self, points: Numbers) -> Numbers:
        """Points of the page in the frame."""
        import numpy as np

        way = np.array([[self.cosine, -self.sine], [self.sine, self.cosine]])
        placed: Numbers = points @ way + np.array(self.corner)
        return placed

    def into(self, rect: Rect) -> Rect:
        """The frame's box around a rectangle of the page."""
        return self._around(rect, self._into)

    def back(self, rect: Rect) -> Rect:
        """The page's box around a rectangle of the frame."""
        return self._around(rect, self._back)

    def _into(self, x: float, y: float) -> tuple[float, float]:
        return (
            x * self.cosine + y * self.sine + self.corner[0],
            y * self.cosine - x * self.sine + self.corner[1],
        )

    def _back(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.corner[0], y - self.corner[1]
        return x * self.cosine - y * self.sine, x * self.sine + y * self.cosine

    def _around(self, rect: Rect, place: Any) -> Rect:
        corners = [place(x, y) for x in (rect.left, rect.right) for y in (rect.top, rect.bottom)]
        xs, ys = zip(*corners, strict=True)
        return Rect(min(xs), min(ys), max(xs), max(ys))

    def _whole(self, number: float) -> float:
        return float(round(number)) if self.degrees % 90 == 0 else number
