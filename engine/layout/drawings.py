"""Find pictures and drawings on a page: what is inked, is no text, and is as large as a figure.

Takes the grey page and where its text stands; gives rectangles in pixels of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.lines import bounding_rect
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Grey = np.ndarray[Any, Any]

LOOKED_AT = 600
"""The longest side of the picture in which drawings are looked for."""

CONTRAST = 24
"""Ink, and the edges of shades, differ by this much, of 255, from what is beside them."""

TOGETHER = 9
"""Strokes that are no farther apart, in pixels of that picture, are of one drawing."""

WIDEST, LOWEST, WHOLE = 0.12, 0.05, 0.85
"""The shares of the page that a figure is at least wide and high; what is more is the page itself."""

FILLED = 0.012
"""Less ink than this share of its rectangle are lines around something else."""


def find_drawings(grey: Grey, text: Sequence[Rect], others: Sequence[Rect]) -> list[Rect]:
    """`others` are tables and what else has ink that is no drawing's."""
    import cv2
    import numpy as np

    scale = min(1.0, LOOKED_AT / max(grey.shape))
    small = cv2.resize(np.ascontiguousarray(grey), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > CONTRAST
    ink = edges.astype(np.uint8)
    for rect in (*text, *others):
        top, bottom = max(0, int(scale * rect.top) - 1), int(scale * rect.bottom) + 2
        ink[top:bottom, max(0, int(scale * rect.left) - 1) : int(scale * rect.right) + 2] = 0
    places = _merged(list(_large(ink)))
    return [Rect(at.left / scale, at.top / scale, at.right / scale, at.bottom / scale) for at in places]


def _large(ink: Grey) -> Iterator[Rect]:
    """Strokes that stand together and cover as much of the page as a figure does."""
    import cv2
    import numpy as np

    height, width = ink.shape
    together = cv2.dilate(ink, np.ones((TOGETHER, TOGETHER), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(together, connectivity=8)
    around = TOGETHER // 2
    for x, y, w, h, _ in found[1:count].tolist():
        wide, high = w - 2 * around, h - 2 * around
        large = wide > WIDEST * width and high > LOWEST * height and wide * high < WHOLE * width * height
        if large and ink[y : y + h, x : x + w].sum() > FILLED * wide * high:
            yield Rect(x + around, y + around, x + around + wide, y + around + high)


def _merged(places: list[Rect]) -> list[Rect]:
    """Those that overlap as one."""
    for one, other in combinations(places, 2):
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        if across > 0 and down > 0:
            rest = [place for place in places if place is not one and place is not other]
            return _merged([*rest, bounding_rect((one, other))])
    return places
