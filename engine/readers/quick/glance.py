"""Where text may stand in a part of a page, at a glance: it costs as much less as the part is smaller.

Takes a page's pixels and the part; gives places, certain and faint ones. They are no help in reading, but
where there is none a look at the whole page is spared: it hardly ever finds any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertray.engine.layout.skew import StraightView
from papertray.engine.readers.quick.rapid import LONGEST_SIDE
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

AROUND = 80
"""Pixels of the page that are seen around the part: text is known by what stands beside it, too."""


def glance_at_part(rapid: RapidEngine, pixels: Pixels, part: Rect) -> list[Rect]:
    """Letters are as large there as in a look at the whole page."""
    import cv2
    import numpy as np

    left, top = (max(0, int(edge) - AROUND) for edge in (part.left, part.top))
    seen = np.ascontiguousarray(pixels[top : int(part.bottom) + AROUND, left : int(part.right) + AROUND])
    shrunk = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
    width, height = (max(1, round(side * shrunk)) for side in (seen.shape[1], seen.shape[0]))
    found = rapid.find(cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA))
    corners = np.concatenate([found.sure, found.faint]) / shrunk + (left, top)
    return StraightView(pixels.shape[1], pixels.shape[0]).straighten(corners) if len(corners) else []
