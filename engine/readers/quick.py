"""The quick reader: PP-OCR's small models, which come with the installation, and geometry of our own.

Takes page images; gives blocks in reading order. Needs no GPU, no account and no network. What it cannot read
is said on the page, not guessed: `engine.layout.scripts` tells what can be known of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import Cancelled, NothingRead
from engine.layout import cells, rules, scripts, skew
from engine.layout.blocks import blocks
from engine.layout.ink import has_ink
from engine.layout.lines import Line, Rect
from engine.pages import Identity, PageImage, PageText, Reader, Watch

if TYPE_CHECKING:
    import numpy as np

    from engine.readers.rapid import Rapid

    Pixels = np.ndarray[Any, Any]

WELL_READ = 0.7
"""A page of whose length less was read may lie on its head."""

PROBED = 6
"""So many of the longest lines tell which way is up."""

LEFT_OUT = "{lines} could not be read and had to be left out, perhaps because of an unknown script."

TALL = 1.5
"""A box this many times higher than wide holds a line that runs up or down the page."""


def load(threads: int | None = None) -> Reader:
    """`threads` is the number of physical cores unless something else is asked for."""
    from engine.readers import rapid

    return QuickReader(rapid.load(threads))


@dataclass(slots=True)
class QuickReader:
    rapid: Rapid

    @property
    def identity(self) -> Identity:
        return Identity("quick", self.rapid.revision, "cpu")

    @property
    def batch(self) -> int:
        return 1

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [self._page(_pixels(page), watch) for page in pages]

    def close(self) -> None:
        """The models go with the reader."""

    def _page(self, pixels: Pixels, watch: Watch) -> PageText:
        sheet = _look(self.rapid, pixels, 0, watch)
        if quarters := _sideways(self.rapid, sheet, watch):
            sheet = _look(self.rapid, pixels, quarters, watch)
        lines = _lines(self.rapid, sheet, watch)
        if scripts.legible(lines) < WELL_READ and _is_on_its_head(self.rapid, sheet, watch):
            sheet = _look(self.rapid, pixels, sheet.view.quarters + 2, watch)
            lines = _lines(self.rapid, sheet, watch)
        return _told(sheet, lines)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it was looked at, and where text and ruled lines were found on it."""

    pixels: Pixels
    grey: Pixels
    view: skew.View
    corners: tuple[Pixels, ...] = ()
    rules: rules.Rules = rules.NONE


def _pixels(page: PageImage) -> Pixels:
    """Blue, green, red: the order in which the models were taught."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(page.image.convert("RGB"))[:, :, ::-1])


def _look(rapid: Rapid, pixels: Pixels, quarters: int, watch: Watch) -> Sheet:
    """Find the text of a page that is turned first, and cut what was found along the ruled lines."""
    import cv2
    import numpy as np

    _stop_if(watch)
    pixels = np.ascontiguousarray(np.rot90(pixels, quarters))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    view = skew.View(pixels.shape[1], pixels.shape[0], quarters % 4)
    corners = rapid.find(pixels)
    if corners is None:
        return Sheet(pixels, grey, view)
    view = replace(view, angle=skew.lean(corners))
    ruled = rules.find(grey, view.angle, float(np.median(skew.heights(corners))))
    return Sheet(pixels, grey, view, tuple(_cut(corners, view, ruled)), ruled)


def _cut(corners: Pixels, view: skew.View, ruled: rules.Rules) -> list[Pixels]:
    pieces: list[Pixels] = []
    for found, rect in zip(corners, view.straighten(corners), strict=True):
        parts = cells.cut(rect, ruled.down)
        pieces.extend([found] if parts == [rect] else map(view.corners, parts))
    return pieces


def _lines(rapid: Rapid, sheet: Sheet, watch: Watch) -> list[Line]:
    import numpy as np

    if not sheet.corners:
        return []
    every = np.stack(sheet.corners)
    rects, sizes = sheet.view.straighten(every), skew.heights(every).tolist()
    lines: list[Line] = []
    for corners, rect, size in zip(sheet.corners, rects, sizes, strict=True):
        _stop_if(watch)
        text, score = rapid.text(rapid.piece(sheet.pixels, corners))
        lines.append(Line(rect, text.strip(), score, size))
    return lines


def _sideways(rapid: Rapid, sheet: Sheet, watch: Watch) -> int:
    """How many quarter turns to the left set a page upright whose lines run up or down; 0 for others."""
    tall = sum(_length(corners) for corners in sheet.corners if _is_tall(corners))
    if tall <= sum(_length(corners) for corners in sheet.corners) / 2:
        return 0
    as_found, turned = _probe(rapid, sheet, watch)  # a tall piece is turned to the left when it is cut out
    if max(as_found, turned) < WELL_READ:
        return 0
    return 1 if as_found > turned else 3


def _is_on_its_head(rapid: Rapid, sheet: Sheet, watch: Watch) -> bool:
    as_found, turned = _probe(rapid, sheet, watch)
    return turned > max(as_found, WELL_READ)


def _probe(rapid: Rapid, sheet: Sheet, watch: Watch) -> tuple[float, float]:
    """How much of the longest lines can be read as they were found, and turned by half."""
    import numpy as np

    longest = sorted(sheet.corners, key=_length, reverse=True)[:PROBED]
    upright: list[Line] = []
    turned: list[Line] = []
    for corners in longest:
        _stop_if(watch)
        piece = rapid.piece(sheet.pixels, corners)
        upright.append(_line(rapid, piece))
        turned.append(_line(rapid, np.ascontiguousarray(np.rot90(piece, 2))))
    return scripts.legible(upright), scripts.legible(turned)


def _line(rapid: Rapid, piece: Pixels) -> Line:
    text, score = rapid.text(piece)
    return Line(Rect(0, 0, piece.shape[1], piece.shape[0]), text, score)


def _length(corners: Pixels) -> float:
    return float(max(_sides(corners)))


def _is_tall(corners: Pixels) -> bool:
    width, height = _sides(corners)
    return height > TALL * width


def _sides(corners: Pixels) -> tuple[float, float]:
    width, height = (corners.max(axis=0) - corners.min(axis=0)).tolist()
    return width, height


def _told(sheet: Sheet, lines: Sequence[Line]) -> PageText:
    """What the note says of this page. Lines that were not read are counted, never shown."""
    read = (
        [line for line in lines if scripts.is_read(line)] if scripts.legible(lines) > scripts.HOPELESS else []
    )
    if not any(letter.isalnum() for line in read for letter in line.text):
        if has_ink(sheet.grey):
            raise NothingRead(found=bool(lines))
        return PageText((), blank=True)
    lost = sum(scripts.is_lost(line) for line in lines)
    warnings = (LEFT_OUT.format(lines="1 line" if lost == 1 else f"{lost} lines"),) if lost else ()
    return PageText(blocks(read, rules.grids(sheet.rules), sheet.view.box), warnings=warnings)


def _stop_if(watch: Watch) -> None:
    if watch.cancelled:
        raise Cancelled
