"""Whether the letters of a page are printed: the same letter then looks the same wherever it stands, and
those beside each other stand on one line.

Takes how far each pixel is from its paper and the boxes of its letters; gives a share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

LOWEST, HIGHEST, NARROWEST = 0.7, 1.8, 0.4
"""Letters that are compared, in heights of the usual one; narrower ones are all alike."""

FEWEST, MOST, ASKED = 30, 1500, 400
"""Of fewer letters nothing is known; of so many the asked ones are looked for."""

ALIKE, SLACK = 0.9, 0.08
OTHERS = 2
"""A letter is printed if more than so many others correlate so well, and differ in size by no more."""

BESIDE, OVERLAP = 0.6, 0.2
"""The letter before ends so near, in heights of letters."""

LEVEL, ON_LINES = 0.07, 0.5
"""Two letters stand on one line if their feet differ by no more; by hand, fewer than such a share do."""


def share_of_print(depth: Numbers, letters: Numbers, body: float) -> float:
    """How many look exactly like others; none where they don't stand on lines."""
    import cv2
    import numpy as np

    wide, high = letters[:, 2] / body, letters[:, 3] / body
    fit = (high >= LOWEST) & (high <= HIGHEST) & (wide >= NARROWEST) & (wide <= HIGHEST)
    some = letters[fit]
    if len(some) < FEWEST:
        return 0.0
    some = some[np.linspace(0, len(some) - 1, min(len(some), MOST)).astype(int)]
    looks = np.zeros((len(some), 256), np.float32)
    for number, (x, y, w, h, _area) in enumerate(some):
        looks[number] = cv2.resize(
            depth[y : y + h, x : x + w], (16, 16), interpolation=cv2.INTER_AREA
        ).ravel()
    looks -= looks.mean(axis=1, keepdims=True)
    looks /= np.linalg.norm(looks, axis=1, keepdims=True) + 1e-6
    asked = np.linspace(0, len(some) - 1, min(len(some), ASKED)).astype(int)
    same = (looks[asked] @ looks.T) > ALIKE
    for side in (2, 3):
        size = some[:, side].astype(np.float32)
        same &= np.abs(size[asked][:, None] - size) <= np.maximum(1, SLACK * size[asked][:, None])
    return float((same.sum(axis=1) > OTHERS).mean()) if _stand_on_lines(some[asked], letters, body) else 0.0


def _stand_on_lines(asked: Numbers, letters: Numbers, body: float) -> bool:
    import numpy as np

    high = letters[(letters[:, 3] >= LOWEST * body) & (letters[:, 3] <= HIGHEST * body)].astype(np.float32)
    left, top, _, height = (asked[:, side].astype(np.float32)[:, None] for side in range(4))
    foot, feet = top + height, high[:, 1] + high[:, 3]
    gaps = left - high[:, 0] - high[:, 2]
    common = np.minimum(foot, feet) - np.maximum(top, high[:, 1])
    before = (
        (gaps >= -OVERLAP * body) & (gaps < BESIDE * body) & (common > 0.5 * np.minimum(height, high[:, 3]))
    )
    nearest = np.where(before, gaps, np.inf).argmin(axis=1)
    level = np.abs(foot[:, 0] - feet[nearest]) <= max(1, LEVEL * body)
    known = before.any(axis=1)
    return not known.any() or float(level[known].mean()) >= ON_LINES
