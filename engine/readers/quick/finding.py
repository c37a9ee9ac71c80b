"""Where text stands on a page, surely or perhaps.

Takes a picture; gives corners, clockwise from the top left of the text. RapidOCR's own way round its search
gives up what it half sees, a figure that stands alone most of all, and cuts every piece out for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.lines import Line

if TYPE_CHECKING:
    import numpy as np
    from rapidocr import RapidOCR

    Pixels = np.ndarray[Any, Any]

SURE, FAINT = 0.5, 0.3
"""A place of which this much looks like text is some; one of which this much does may be."""

CERTAIN = 0.97
"""So sure is what is read in such a place, where there is text: of logos, dots and dirt less is."""

SMALLEST, LARGEST = 0.6, 1.6
"""And so high it is there, in heights of most lines of the page."""


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """Corners of each place, as (places, 4, 2)."""

    sure: Pixels
    faint: Pixels


def find_text(engine: RapidOCR, pixels: Pixels) -> FoundPlaces:
    import numpy as np
    from rapidocr.utils.process_img import apply_vertical_padding, map_boxes_to_original

    detector: Any = engine.text_det
    padded, record = apply_vertical_padding(pixels, {}, engine.width_height_ratio, engine.min_height)
    prepared, nowhere = detector.get_preprocess()(padded), np.zeros((0, 4, 2), np.float32)
    if prepared is None:  # a picture of a few pixels
        return FoundPlaces(nowhere, nowhere)
    corners, scores = detector.postprocess_op(detector.session(prepared), padded.shape[:2])
    if not len(corners):
        return FoundPlaces(nowhere, nowhere)
    places = map_boxes_to_original(corners, record, *pixels.shape[:2])
    sure = np.array(scores) >= SURE
    return FoundPlaces(detector.sorted_boxes(places[sure]), places[~sure])


def may_be_text(height: float, usual: float) -> bool:
    return SMALLEST * usual < height < LARGEST * usual


def is_beyond_doubt(line: Line) -> bool:
    """Whether what was read in a faint place stands there."""
    return line.score >= CERTAIN and any(letter.isascii() and letter.isalnum() for letter in line.text)
