"""How a page lies under the lens, and the way between its pixels and the straightened page.

Everything comes from the corners of the text boxes: (boxes, 4, 2), clockwise from the top left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.pages import Box
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Corners = np.ndarray[Any, Any]

WIDE = 4.0
"""A box this many times wider than high tells the direction of its line well."""

LARGEST = 20.0
"""A box that leans more than this many degrees is decoration, not the direction of the page."""


def measure_lean(corners: Corners) -> float:
    """The angle of the page in degrees, clockwise positive: the median of its lines, weighed by length."""
    import numpy as np

    along = ((corners[:, 1] - corners[:, 0]) + (corners[:, 2] - corners[:, 3])) / 2
    length = np.hypot(along[:, 0], along[:, 1])
    angle = np.degrees(np.arctan2(along[:, 1], along[:, 0]))
    told = (length > WIDE * box_heights(corners)) & (np.abs(angle) < LARGEST)
    if not told.any():
        return 0.0
    angle, weight = angle[told], length[told]
    order = np.argsort(angle)
    heavier = np.cumsum(weight[order]) >= weight.sum() / 2
    return float(angle[order][heavier.argmax()])


def box_heights(corners: Corners) -> Corners:
    """How high the letters of each box are, however it leans."""
    import numpy as np

    down = ((corners[:, 3] - corners[:, 0]) + (corners[:, 2] - corners[:, 1])) / 2
    high: Corners = np.hypot(down[:, 0], down[:, 1])
    return high


@dataclass(frozen=True, slots=True)
class StraightView:
    """A page as it was looked at: `quarters` quarter turns counter-clockwise, then straightened by `angle`.

    `width` and `height` are those of the page after the quarter turns.
    """

    width: int
    height: int
    quarters: int = 0
    angle: float = 0.0

    def straighten(self, corners: Corners) -> list[Rect]:
        straight = self._turned(corners, -self.angle)
        tops, bottoms = straight[:, :2, 1].mean(axis=1), straight[:, 2:, 1].mean(axis=1)
        lefts, rights = straight[:, [0, 3], 0].mean(axis=1), straight[:, [1, 2], 0].mean(axis=1)
        return [Rect(*map(float, edges)) for edges in zip(lefts, tops, rights, bottoms, strict=True)]

    def corners(self, rect: Rect) -> Corners:
        """The four corners of a straightened rectangle, on the page as it was looked at."""
        import numpy as np

        edges = [
            (rect.left, rect.top),
            (rect.right, rect.top),
            (rect.right, rect.bottom),
            (rect.left, rect.bottom),
        ]
        return self._turned(np.array(edges, dtype="float32"), self.angle)

    def box(self, rect: Rect) -> Box:
        """The place on the page as its file shows it."""
        corners = self.corners(rect)
        left, top = (corners.min(axis=0) / (self.width, self.height)).clip(0, 1).tolist()
        right, bottom = (corners.max(axis=0) / (self.width, self.height)).clip(0, 1).tolist()
        box = Box(left, top, right, bottom)
        for _ in range(self.quarters % 4):  # undo one counter-clockwise quarter turn
            box = Box(1 - box.bottom, box.left, 1 - box.top, box.right)
        return box

    def _turned(self, corners: Corners, degrees: float) -> Corners:
        import numpy as np

        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        centre = np.array([self.width / 2, self.height / 2], dtype="float32")
        turned: Corners = (corners - centre) @ np.array([[cos, sin], [-sin, cos]], dtype="float32") + centre
        return turned
