"""Read the smoothed picture of a line that was in doubt.

What is printed over a screen of dots, as faxes and copies have grey, and what is full of grain is read only
when the dots have run together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine
    from papertray.engine.readers.quick.steps import RecognisedText

    Pixels = np.ndarray[Any, Any]

DOUBTED = 0.85
"""A line that was read with less certainty is looked at again. Most lines are far above."""

BELIEVED = 0.9
"""The second reading stands if it is as certain as this: there are more ways to be wrong than one."""

SMOOTHER = 1.0, 2.0
"""By how many pixels: for grain, and for the dots of a screen."""


def read_smoothed(rapid: RapidEngine, piece: Pixels) -> RecognisedText:
    import cv2

    smoothed = (cv2.GaussianBlur(piece, (0, 0), pixels) for pixels in SMOOTHER)
    return max(map(rapid.read, smoothed), key=lambda found: found.score)
