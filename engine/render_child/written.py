"""What is written on a page of a PDF: its letters with their places, and how each is set.

Takes a page that pdfium has loaded; gives numbers and one row for each way of setting. pdfium is asked
through addresses, straight into arrays: a page of four thousand letters costs some milliseconds.
Nothing is decided here; `engine.layer` does that, in a process that has met no untrusted bytes.
"""

import ctypes
import math
from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium_c

MOST_LETTERS = 100_000
"""A page with more is drawn for a map or made to be a burden, and is looked at as a picture."""

LONGEST_NAME = 256

NO_STYLE = 0
"""Blanks and line ends that pdfium put in between are set in no way at all."""


def _by_address(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function of pdfium, taking addresses as plain numbers: ctypes makes no object for them.

    The interpreter's lock is kept: a call takes less time than passing it on.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_PAGE, _AT, _INTO = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_unicode = _by_address(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, _PAGE, _AT)
_box = _by_address(pdfium_c.FPDFText_GetCharBox, ctypes.c_int, _PAGE, _AT, _INTO, _INTO, _INTO, _INTO)
_room = _by_address(pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_int, _PAGE, _AT, _INTO)
_origin = _by_address(pdfium_c.FPDFText_GetCharOrigin, ctypes.c_int, _PAGE, _AT, _INTO, _INTO)
_object = _by_address(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p, _PAGE, _AT)
_map_error = _by_address(pdfium_c.FPDFText_HasUnicodeMapError, ctypes.c_int, _PAGE, _AT)


@dataclass(slots=True)
class Writing:
    """Letters in pdfium's order: code points, boxes of their ink (left, right, bottom, top), the rooms that
    they take on their line (left, top, right, bottom), origins, places in `styles`.

    All in the page's own points. A style is size, turn (cosine and sine), slope, weight, the font's flags and
    name, colour (RGBA), mode, and the address of the object that it was found in.
    """

    codes: "array[int]" = field(default_factory=lambda: array("I"))
    boxes: bytes = b""
    rooms: bytes = b""
    origins: bytes = b""
    styled: "array[int]" = field(default_factory=lambda: array("I"))
    unmapped: bytes = b""
    styles: list[list[Any]] = field(default_factory=list)


def read_writing(page: Any) -> Writing:
    """An empty one where there is nothing, or too much."""
    opened = pdfium_c.FPDFText_LoadPage(page)
    if not opened:
        return Writing()
    try:
        count = pdfium_c.FPDFText_CountChars(opened)
        return _writing(opened, count) if 0 < count <= MOST_LETTERS else Writing()
    finally:
        pdfium_c.FPDFText_ClosePage(opened)


def _writing(opened: Any, count: int) -> Writing:
    page = ctypes.cast(opened, ctypes.c_void_p).value
    every = range(count)
    codes = array("I", map(_unicode, repeat(page), every))
    boxes, origins = (ctypes.c_double * (4 * count))(), (ctypes.c_double * (2 * count))()
    rooms = (ctypes.c_float * (4 * count))()
    _work_off(map(_box, repeat(page), every, *_addresses(boxes, 4, count)))
    _work_off(map(_room, repeat(page), every, *_addresses(rooms, 1, count)))
    _work_off(map(_origin, repeat(page), every, *_addresses(origins, 2, count)))
    unmapped = bytes(error == 1 for error in map(_map_error, repeat(page), every))
    styles = _Styles(opened)
    styled = array("I", styles.of([address or 0 for address in map(_object, repeat(page), every)]))
    return Writing(codes, bytes(boxes), bytes(rooms), bytes(origins), styled, unmapped, styles.rows)


def _addresses(numbers: Any, parts: int, count: int) -> Iterator[range]:
    """Where the first numbers of each letter lie, its second ones, and so on, for so many `parts`."""
    start, size = ctypes.addressof(numbers), ctypes.sizeof(numbers)
    step, apart = size // count, ctypes.sizeof(numbers._type_)
    return (range(start + apart * part, start + apart * part + size, step) for part in range(parts))


def _work_off(calls: Iterator[int]) -> None:
    """Without keeping what they answer."""
    deque(calls, maxlen=0)


class _Styles:
    """Letters of one object are set in one way: asked once for each."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened
        self._fonts: dict[int, tuple[int, str]] = {}
        self.rows: list[list[Any]] = [[0.0, 1.0, 0.0, 0.0, 0, 0, "", [0, 0, 0, 0], 0, 0]]

    def of(self, objects: list[int]) -> Iterator[int]:
        known: dict[int, int] = {0: NO_STYLE}
        for at, address in enumerate(objects):
            place = known.get(address)
            if place is None:
                place = known[address] = len(self.rows)
                self.rows.append(self._row(at, address))
            yield place

    def _row(self, at: int, address: int) -> list[Any]:
        turn = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self._opened, at, turn)
        size = abs(pdfium_c.FPDFText_GetFontSize(self._opened, at))
        along, up = math.hypot(turn.a, turn.b), math.hypot(turn.c, turn.d)
        cosine, sine = (turn.a / along, turn.b / along) if along else (1.0, 0.0)
        slope = (turn.a * turn.c + turn.b * turn.d) / (along * up) if along and up else 0.0
        found = ctypes.cast(address, pdfium_c.FPDF_PAGEOBJECT)
        flags, name = self._font(at, found)
        return [
            size * up,
            cosine,
            sine,
            slope,
            max(0, pdfium_c.FPDFText_GetFontWeight(self._opened, at)),
            flags,
            name,
            self._colour(at),
            pdfium_c.FPDFTextObj_GetTextRenderMode(found),
            address,
        ]

    def _font(self, at: int, found: Any) -> tuple[int, str]:
        font = pdfium_c.FPDFTextObj_GetFont(found)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._fonts:
            name, flags = ctypes.create_string_buffer(LONGEST_NAME), ctypes.c_int()
            length = pdfium_c.FPDFText_GetFontInfo(self._opened, at, name, LONGEST_NAME, flags)
            told = name.raw[: max(0, length - 1)] if length <= LONGEST_NAME else b""
            self._fonts[key] = flags.value, told.decode("utf-8", "replace")
        return self._fonts[key]

    def _colour(self, at: int) -> list[int]:
        red, green, blue, opacity = (ctypes.c_uint(value) for value in (0, 0, 0, 255))
        pdfium_c.FPDFText_GetFillColor(self._opened, at, red, green, blue, opacity)
        return [red.value, green.value, blue.value, opacity.value]
