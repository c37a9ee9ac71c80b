"""How wide the white is between two places along the picture of a line.

Takes the picture of one line, laid level; gives widths in heights of it. What hangs below the line, or stands
over it, does not fill the white between its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

TOP, BOTTOM = 0.1, 0.92
"""Ink is looked for between these, in heights of the picture."""


def inked_columns(piece: Pixels) -> Pixels:
    """Which of its columns have ink, light letters on dark among it."""
    import cv2
    import numpy as np

    grey = piece if piece.ndim == 2 else cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if ink.mean() > 127:
        ink = 255 - ink
    height = len(ink)
    columns: Pixels = np.asarray(ink[int(TOP * height) : int(BOTTOM * height)].any(axis=0))
    return columns


def widest_white(columns: Pixels, left: float, right: float) -> int:
    """The longest run of columns without ink between two columns."""
    longest = run = 0
    for inked in columns[max(0, int(left)) : int(right) + 1].tolist():
        run = 0 if inked else run + 1
        longest = max(longest, run)
    return longest
