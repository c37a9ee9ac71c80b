"""Draw a face: a page standing in a tray, for a light or a dark bar, at any size from 16 pixels up.

Each state has a shape of its own on the page; colour only helps. Geometry is in sixteenths of the icon and
put onto whole pixels, so that edges are sharp at every size; slants are drawn larger and scaled down.
"""

from collections.abc import Callable
from enum import StrEnum

from PIL import Image, ImageDraw

from papertray.tray.face.face import STEPS, Face, Mood

GRID = 16
FINE = 4

Colour = tuple[int, int, int, int]


class BarShade(StrEnum):
    LIGHT = "light"
    DARK = "dark"


def _rgb(code: int) -> Colour:
    return code >> 16, code >> 8 & 255, code & 255, 255


PAPER, CLEAR = _rgb(0xFFFFFF), (0, 0, 0, 0)
BLUE, GREEN, AMBER, RED = _rgb(0x2F7DE1), _rgb(0x1FA35B), _rgb(0xE08A00), _rgb(0xE0342B)
REST = {BarShade.LIGHT: _rgb(0x5B6472), BarShade.DARK: _rgb(0x93A0B2)}
EDGE = {BarShade.LIGHT: _rgb(0x5B6472), BarShade.DARK: _rgb(0x7F8B9C)}
TEXT = _rgb(0x9AA3B0)


class Pen:
    """Draws with coordinates in sixteenths."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._large = Image.new("RGBA", (size * FINE, size * FINE))
        self._draw = ImageDraw.Draw(self._large)

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, bend: float = 0
    ) -> None:
        last = (self._pixel(right) - 1, self._pixel(bottom) - 1)
        if self._pixel(left) <= last[0] and self._pixel(top) <= last[1]:
            ends = (self._pixel(left), self._pixel(top), *last)
            self._draw.rounded_rectangle(ends, self._pixel(bend), colour)

    def shape(self, points: tuple[tuple[float, float], ...], colour: Colour) -> None:
        self._draw.polygon([(self._fine(x), self._fine(y)) for x, y in points], colour)

    def image(self) -> Image.Image:
        return self._large.resize((self._size, self._size), Image.Resampling.BOX)

    def _pixel(self, place: float) -> int:
        """On the edge of a pixel of the finished icon."""
        return round(place * self._size / GRID) * FINE

    def _fine(self, place: float) -> float:
        return place * self._size * FINE / GRID


def draw_face(face: Face, bar: BarShade, size: int) -> Image.Image:
    pen = Pen(size)
    _DRAWN[face.mood](pen, face, bar)
    return pen.image()


def _idle(pen: Pen, _face: Face, bar: BarShade) -> None:
    _page(pen, bar)
    for top in (5, 7, 9):
        pen.box(6, top, 10, top + 1, TEXT)
    _tray(pen, REST[bar])


def _working(pen: Pen, face: Face, bar: BarShade) -> None:
    _page(pen, bar, filled=face.filled)
    _tray(pen, BLUE)


def _loading(pen: Pen, _face: Face, bar: BarShade) -> None:
    """An hourglass on the page."""
    _page(pen, bar)
    pen.shape(((5.5, 3.5), (10.5, 3.5), (8, 6.75)), BLUE)
    pen.shape(((5.5, 10), (10.5, 10), (8, 6.25)), BLUE)
    _tray(pen, BLUE)


def _downloading(pen: Pen, face: Face, bar: BarShade) -> None:
    """An arrow into the tray, which fills from left to right."""
    pen.box(6, 0, 10, 5, GREEN)
    pen.shape(((3, 5), (13, 5), (8, 10)), GREEN)
    _tray(pen, REST[bar])
    pen.box(2, 12, 2 + 12 * face.filled / STEPS, 14, GREEN)


def _paused(pen: Pen, _face: Face, bar: BarShade) -> None:
    _page(pen, bar)
    pen.box(5, 4, 7, 10, AMBER)
    pen.box(9, 4, 11, 10, AMBER)
    _tray(pen, AMBER)


def _attention(pen: Pen, _face: Face, bar: BarShade) -> None:
    _page(pen, bar)
    pen.box(7, 2, 9, 7, RED)
    pen.box(7, 8, 9, 10, RED)
    _tray(pen, RED)


def _unreachable(pen: Pen, _face: Face, bar: BarShade) -> None:
    """A cross where the page would be, over an empty tray."""
    pen.shape(((4, 2.5), (5.5, 1), (12, 7.5), (10.5, 9)), REST[bar])
    pen.shape(((10.5, 1), (12, 2.5), (5.5, 9), (4, 7.5)), REST[bar])
    _tray(pen, REST[bar])
    pen.box(2, 12, 14, 14, CLEAR)


_DRAWN: dict[Mood, Callable[[Pen, Face, BarShade], None]] = {
    Mood.IDLE: _idle,
    Mood.WORKING: _working,
    Mood.LOADING: _loading,
    Mood.DOWNLOADING: _downloading,
    Mood.PAUSED: _paused,
    Mood.ATTENTION: _attention,
    Mood.UNREACHABLE: _unreachable,
}


def _page(pen: Pen, bar: BarShade, filled: int = 0) -> None:
    """White with a thin edge and a folded corner; what is filled rises from the tray."""
    pen.box(3, 0, 13, 12, EDGE[bar])
    pen.box(4, 1, 12, 12, PAPER)
    pen.box(4, 11 - 10 * filled / STEPS, 12, 12, BLUE)
    pen.shape(((8.5, -1), (14, -1), (14, 4.5)), CLEAR)
    pen.shape(((9.5, 0), (13, 3.5), (9.5, 3.5)), EDGE[bar])


def _tray(pen: Pen, colour: Colour) -> None:
    pen.box(0, 8, 2, 15, colour)
    pen.box(14, 8, 16, 15, colour)
    pen.box(0, 11, 16, 16, colour, bend=1.5)
