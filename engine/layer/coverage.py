"""Compare what a layer says with what a sketch of the page shows.

Takes the sketch and where lines, rules and letters stand; tells where ink is that no line explains, and which
letters are not shown. Shaded cells and photographs have edges as letters do, but not in the size of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Grey = np.ndarray[Any, Any]

CONTRAST = 48
"""Letters differ by this much, of 255, from the paper beside them, also in a small picture."""

FAINT = 12
"""Where nothing differs by as much as this, nothing is to be seen."""

AROUND = 2
"""Pixels of the sketch that a letter may reach beyond its line."""

SHORTEST, LOWEST = 12, 4
"""Ink that is shorter or lower than this, in pixels of the sketch, is a bullet, an ornament or a rule."""


def uncovered(sketch: Grey, scale: float, lines: Sequence[Rect], rules: Sequence[Rect]) -> list[Rect]:
    """Where ink is that neither lines nor rules explain; `scale` makes the page the sketch."""
    import cv2
    import numpy as np

    edges = (_contrast(sketch) > CONTRAST).astype(np.uint8)
    for rect in (*lines, *rules):
        left, top, right, bottom = _scaled(rect, scale, AROUND)
        edges[top:bottom, left:right] = 0
    if not edges.any():
        return []
    words = cv2.dilate(edges, np.ones((3, 7), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(words, connectivity=8)
    return [
        Rect(x / scale, y / scale, (x + w) / scale, (y + h) / scale)
        for x, y, w, h, area in found[1:count].tolist()
        if w - 6 >= SHORTEST and h - 2 >= LOWEST
    ]


def _contrast(sketch: Grey) -> Grey:
    import cv2
    import numpy as np

    contrast: Grey = cv2.morphologyEx(
        np.ascontiguousarray(sketch), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)
    )
    return contrast


def _scaled(rect: Rect, scale: float, around: int) -> tuple[int, int, int, int]:
    return (
        max(0, int(rect.left * scale) - around),
        max(0, int(rect.top * scale) - around),
        max(0, int(rect.right * scale + 1) + around),
        max(0, int(rect.bottom * scale + 1) + around),
    )


def shown_letters(sketch: Grey, scale: float, boxes: Grey) -> Grey:
    """Of each letter whether the page shows anything where it stands."""
    import cv2
    import numpy as np

    total = cv2.integral((_contrast(sketch) > FAINT).astype(np.uint8))
    height, width = sketch.shape
    low, high = boxes[:, :2] * scale, boxes[:, 2:] * scale
    left = np.clip(np.floor(low[:, 0]).astype(int), 0, width - 1)
    top = np.clip(np.floor(low[:, 1]).astype(int), 0, height - 1)
    right = np.clip(np.ceil(high[:, 0]).astype(int), left + 1, width)
    bottom = np.clip(np.ceil(high[:, 1]).astype(int), top + 1, height)
    ink = total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
    shown: Grey = ink > 0
    return shown
