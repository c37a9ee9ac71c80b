"""Tell an empty sheet from one that has something on it.

Takes the grey picture; knows nothing of text. Speckle, grain, the shadow of a fold or of the scanner's lid
and a grey or yellowed paper are not ink; a stroke as long as a small letter is. Whoever asks says how keenly
to look: what a reader could not read is none of its concern, what would be thrown away is looked at twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Eyesight:
    """The picture is made as large as `looked_at`, which evens out speckle and grain.

    Ink is `darker` than the paper around it, of 255; marks that are shorter than `smallest` are dust.
    """

    looked_at: int
    darker: int
    smallest: int


USUAL = Eyesight(looked_at=800, darker=28, smallest=5)
KEEN = Eyesight(looked_at=1600, darker=14, smallest=10)
"""Sees a note in pencil; what shines through from the other side of the sheet, it does not."""

EDGE = 0.06
"""The share of the sheet on every side where shadows, staples and punched holes live."""

DARK, DEEP, MUCH = 90, 60, 0.12
"""Paper is lighter than the first; a shadow deeper than the second covers less of it than the third."""


def has_ink(grey: np.ndarray[Any, Any], sight: Eyesight = USUAL) -> bool:
    import cv2
    import numpy as np

    scale = sight.looked_at / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (int(EDGE * side) for side in grey.shape)
    grey = cv2.medianBlur(
        np.ascontiguousarray(grey[top : grey.shape[0] - top, left : grey.shape[1] - left]), 3
    )
    paper = cv2.medianBlur(grey, 51)
    ink = (paper.astype(np.int16) - grey > sight.darker).astype(np.uint8)
    count, _, marks, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return bool((marks[1:count, 2:4].max(axis=1) >= sight.smallest).any()) or _is_filled(paper)


def is_blank_page(page: np.ndarray[Any, Any], sight: Eyesight = USUAL) -> bool:
    """Whether a grey page has nothing on it: ink may also be lighter than a coloured paper."""
    import numpy as np

    paper = np.uint8(np.percentile(page, 5))
    inverted = 255 - (np.maximum(page, paper) - paper)
    return not has_ink(page, sight) and not has_ink(inverted, sight)


def _is_filled(paper: np.ndarray[Any, Any]) -> bool:
    """A picture leaves no paper to compare with: it is dark, or much of it far from its lightest."""
    import numpy as np

    depth = np.percentile(paper, 95) - paper
    return bool(np.median(paper) < DARK or (depth > DEEP).mean() > MUCH)
