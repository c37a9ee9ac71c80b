"""Regions cut out of the page's picture, and how much of its ink they hold."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

from papertray.engine.readers.regions.choosing import FORMULA, Region

INK, MARGIN = 200, 2
"""Darker than the first is a formula's ink; around it stay so many pixels."""
DARK = 0.6
"""Of the paper's light."""


def cut_region(page: Image.Image, region: Region) -> Image.Image:
    """A formula without the paper around it, as in the publisher's code."""
    width, height = page.size
    box = region.box
    left, top = int(box.left * width), int(box.top * height)
    cut = page.crop(
        (left, top, max(left + 1, int(box.right * width)), max(top + 1, int(box.bottom * height)))
    )
    if region.turn:
        cut = cut.rotate(region.turn, expand=True)
    if region.element != FORMULA:
        return cut
    ink = cut.convert("L").point(lambda light: 255 * (light < INK)).getbbox()
    if ink is None:
        return cut
    return cut.crop(
        (
            max(0, ink[0] - MARGIN),
            max(0, ink[1] - MARGIN),
            min(cut.width, ink[2] + MARGIN),
            min(cut.height, ink[3] + MARGIN),
        )
    )


def covered_ink(grey: Any, regions: Iterable[Region]) -> float:
    """Which share of what is dark lies in a region."""
    dark = grey < np.percentile(grey, 95) * DARK
    count = int(dark.sum())
    if not count:
        return 1.0
    height, width = dark.shape
    free = dark.copy()
    for region in regions:
        box = region.box
        free[
            int(box.top * height) : int(box.bottom * height) + 1,
            int(box.left * width) : int(box.right * width) + 1,
        ] = False
    return 1.0 - int(free.sum()) / count
