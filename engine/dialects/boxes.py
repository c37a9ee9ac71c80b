"""Numbers that a model gave for a place, as a box that surely lies on the page."""

import math
from collections.abc import Sequence

from papertray.engine.pages import Box


def parse_box(numbers: Sequence[float], width: float, height: float) -> Box | None:
    """The box of `x1, y1, x2, y2` on a scale of `width` by `height`; None when that is no box."""
    if len(numbers) != 4 or any(math.isnan(number) for number in numbers):
        return None
    left, right = sorted(_fraction(x, width) for x in numbers[::2])
    top, bottom = sorted(_fraction(y, height) for y in numbers[1::2])
    return Box(left, top, right, bottom)


def union_of_boxes(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _fraction(number: float, whole: float) -> float:
    return min(1.0, max(0.0, number / whole))
