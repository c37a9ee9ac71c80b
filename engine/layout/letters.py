"""Measure how high the letters of a line are, from its ink: the boxes around text are not that exact.

Takes the straightened picture of one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

TALL = 90
"""The percentile of its marks that stands for a line: capitals and letters with a stem, not brackets."""

FEW = 10
"""Of fewer marks the tallest stands for the line: "Terms" has one capital."""

DUST = 0.2
"""Marks lower than this share of the picture are dots, commas and noise."""

MEASURED, LEAST = 40.0, 6.0
"""Strokes are measured in letters made this high; lower ones than the second are too blurred."""

WHOLE = 0.97
"""Marks as high as the picture are rules and frames."""


def letter_height(piece: np.ndarray[Any, Any]) -> float:
    """In pixels; 0 when no letter stands out."""
    import cv2
    import numpy as np

    tall = _marks(piece)[:, cv2.CC_STAT_HEIGHT]
    letters = tall[(tall > DUST * piece.shape[0]) & (tall < WHOLE * piece.shape[0])]
    if not letters.size:
        return 0.0
    return float(np.percentile(letters, TALL if letters.size >= FEW else 100))


def ink_blots(piece: np.ndarray[Any, Any]) -> list[Rect]:
    """Where its marks stand, in pixels."""
    return [
        Rect(left, top, left + width, top + high) for left, top, width, high, _area in _marks(piece).tolist()
    ]


def _marks(piece: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """What hangs together in its ink, as OpenCV tells it."""
    import cv2

    grey = piece if piece.ndim == 2 else cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY)
    _, _, marks, _ = cv2.connectedComponentsWithStats(_ink(grey), connectivity=8)
    found: np.ndarray[Any, Any] = marks[1:]
    return found


def _ink(grey: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import cv2

    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    dark: np.ndarray[Any, Any] = 255 - ink if ink.mean() > 127 else ink  # light letters on dark
    return dark


def stroke_weight(piece: np.ndarray[Any, Any], letters: float) -> float:
    """How thick its strokes are, in heights of its letters; 0 when that cannot be measured."""
    import cv2

    if letters < LEAST:
        return 0.0
    scale = MEASURED / letters
    grey = piece if piece.ndim == 2 else cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY)
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    inside = cv2.distanceTransform(_ink(grey), cv2.DIST_L2, 3)
    thick = inside[inside > 0]
    return float(4 * thick.mean() / MEASURED) if thick.size else 0.0
