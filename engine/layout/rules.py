"""Find the ruled lines of a page.

Takes the grey picture and how it leans; gives straight lines in pixels of the straightened page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.lines import Line
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[Any]

LOOKED_AT = 1600
"""The longest side of the picture in which lines are looked for: thin ones are still seen, time is saved."""

FAINTEST = 30
"""A line is darker by this much, of 255, than what lies around it: white paper or a shaded cell."""

RUN = 0.6
"""From one stroke that it meets to the next a line is so long, of the shortest: no letter's stem is."""

SOLID = 0.92
"""Bridging makes a row of small letters as long as a line; but less of it was ink before."""


@dataclass(frozen=True, slots=True)
class RuledLines:
    across: tuple[Rect, ...]
    down: tuple[Rect, ...]


NONE = RuledLines((), ())


def find_rules(grey: Grey, angle: float, size: float) -> RuledLines:
    """Lines longer than two rows of text. `size` is the height of the page's letters."""
    import cv2

    scale = min(1.0, LOOKED_AT / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = grey.shape
    if abs(angle) > 0.05:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    shortest, thickest = max(2.0 * size * scale, 30.0), max(0.3 * size * scale, 5.0)
    across = _strokes(grey, int(shortest), int(thickest))
    down = [
        Rect(line.top, line.left, line.bottom, line.right)
        for line in _strokes(grey.T, int(shortest), int(thickest))
    ]
    return RuledLines(_enlarged(across, 1 / scale), _enlarged(down, 1 / scale))


def _enlarged(lines: Sequence[Rect], by: float) -> tuple[Rect, ...]:
    return tuple(Rect(line.left * by, line.top * by, line.right * by, line.bottom * by) for line in lines)


def _strokes(grey: Grey, shortest: int, thickest: int) -> list[Rect]:
    """Strokes along the rows of a picture. Gaps of a pixel or two and steps of a leaning line are bridged."""
    import cv2
    import numpy as np

    side = thickest + 3
    grey = np.ascontiguousarray(grey)
    ink = _darker_than_beside(grey, np.ones((side, 1), np.uint8))
    bridged = cv2.dilate(ink, np.ones((2, 3), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, int(RUN * shortest)), np.uint8))
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, side + 3), np.uint8))
    crossed = (joined > runs) & (_darker_than_beside(grey, np.ones((side, side), np.uint8)) > 0)
    long = cv2.morphologyEx(runs | crossed.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    ink[crossed] = 1  # where it meets another stroke, it has no light over and under it
    count, _, found, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    strokes = []
    for x, y, w, h, _ in found[1:count].tolist():
        solid = ink[y : y + h, x : x + w].any(axis=0).mean()
        if h <= thickest + w / 200 and solid > SOLID:
            strokes.append(Rect(float(x), float(y), float(x + w), float(y + h)))
    return strokes


def _darker_than_beside(grey: Grey, reach: Grey) -> Grey:
    import cv2

    ink: Grey = (cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, reach) > FAINTEST).astype("uint8")
    return ink


def without_letters(rules: RuledLines, lines: Sequence[Line]) -> RuledLines:
    """Without what are strokes of letters: they lie within a line of text."""
    boxes = [line.rect for line in lines]
    return RuledLines(
        tuple(rule for rule in rules.across if not any(_is_in_words(rule, box) for box in boxes)),
        tuple(rule for rule in rules.down if not any(_is_stroke(rule, box) for box in boxes)),
    )


def _is_in_words(rule: Rect, box: Rect) -> bool:
    core = 0.2 * box.height
    inside = box.left - core < rule.left and rule.right < box.right + core
    return inside and box.top + core < rule.middle < box.bottom - core


def _is_stroke(rule: Rect, box: Rect) -> bool:
    loose = 0.3 * box.height
    inside = box.top - loose < rule.top and rule.bottom < box.bottom + loose
    return inside and box.left - loose < rule.centre < box.right + loose
