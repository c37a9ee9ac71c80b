"""Which way is up: a few of the longest lines are read as they were found, and turned by half."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertray.engine.layout import scripts
from papertray.engine.layout.lines import Line
from papertray.engine.pages import Watch
from papertray.engine.readers.quick.sheet import Sheet, stop_if_cancelled
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

WELL_READ = 0.7
"""A page of whose length less was read may lie on its head."""

PROBED = 6
"""So many of the longest lines tell which way is up."""

TALL = 1.5
"""A box this many times higher than wide holds a line that runs up or down the page."""


def count_quarter_turns(rapid: RapidEngine, sheet: Sheet, watch: Watch) -> int:
    """How many quarter turns to the left set a page upright whose lines run up or down; 0 for others."""
    tall = sum(_length(corners) for corners in sheet.corners if _is_tall(corners))
    if tall <= sum(_length(corners) for corners in sheet.corners) / 2:
        return 0
    as_found, turned = _probe(rapid, sheet, watch)  # a tall piece is turned to the left when it is cut out
    if max(as_found, turned) < WELL_READ:
        return 0
    return 1 if as_found > turned else 3


def is_upside_down(rapid: RapidEngine, sheet: Sheet, watch: Watch) -> bool:
    as_found, turned = _probe(rapid, sheet, watch)
    return turned > max(as_found, WELL_READ)


def _probe(rapid: RapidEngine, sheet: Sheet, watch: Watch) -> tuple[float, float]:
    """How much of the longest lines can be read as they were found, and turned by half."""
    import numpy as np

    longest = sorted(sheet.corners, key=_length, reverse=True)[:PROBED]
    pieces = [rapid.piece(sheet.pixels, corners) for corners in longest]
    pieces += [np.ascontiguousarray(np.rot90(piece, 2)) for piece in pieces]
    stop_if_cancelled(watch)
    lines = list(rapid.at_once(lambda piece: _line(rapid, piece), pieces))
    return scripts.legible(lines[: len(longest)]), scripts.legible(lines[len(longest) :])


def _line(rapid: RapidEngine, piece: Pixels) -> Line:
    found = rapid.read(piece)
    return Line(Rect(0, 0, piece.shape[1], piece.shape[0]), found.text, found.score)


def _length(corners: Pixels) -> float:
    return float(max(_sides(corners)))


def _is_tall(corners: Pixels) -> bool:
    width, height = _sides(corners)
    return height > TALL * width


def _sides(corners: Pixels) -> tuple[float, float]:
    width, height = (corners.max(axis=0) - corners.min(axis=0)).tolist()
    return width, height
