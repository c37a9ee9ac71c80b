"""Words as the content of a page: invisible, each stretched over the place where it stands.

Takes lines with places in fractions of the page as it is shown; gives the drawing instructions. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, Self

from papertray.engine.layer.bidi import is_right_to_left
from papertray.engine.pdf_child.font import ASCENT, UNITS, WIDTH

FONT_NAME = "PapertrayInvisible"
WHOLE = 1000
UPRIGHT = 0.8
"""A line of several letters that is narrower than this share of its height is written downwards."""

GAP = 0.25
"""Between two words, in heights of their line."""

_DIGITS = re.compile(r"[0-9٠-٩۰-۹](?:[0-9٠-٩۰-۹.,:/٫٬-]*[0-9٠-٩۰-۹])?")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_SPECIAL = re.compile(rb"[()\\\r]")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class InvisibleWord:
    """`start` and `end` are counted along its line from the left, in thousandths of it."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class InvisibleLine:
    """`place`: see `TextLine`."""

    place: tuple[float, ...]
    words: tuple[InvisibleWord, ...]

    @classmethod
    def parse(cls, told: Sequence[Any]) -> Self:
        place, words = told
        if len(place) != 6:
            raise ValueError("a line without a place")
        return cls(
            tuple(map(float, place)),
            tuple(InvisibleWord(str(text), float(start), float(end)) for text, start, end in words),
        )


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page in the units of its file: its visible rectangle, and how it is turned when it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    def point(self, x: float, y: float) -> Point:
        """Of a place in fractions of the page as it is shown."""
        for _ in range(self.turn // 90 % 4):
            x, y = y, 1 - x
        return self.left + x * (self.right - self.left), self.top - y * (self.top - self.bottom)


def letters_of(lines: Iterable[InvisibleLine]) -> set[str]:
    return {letter for line in lines for word in line.words for letter in word.text} | {" "}


def draw_words(lines: Iterable[InvisibleLine], frame: PageFrame, codes: Mapping[str, int]) -> bytes:
    drawn = [part for line in lines for part in _draw_line(line, frame, codes)]
    if not drawn:
        return b""
    return b"\n".join([b"q BT 3 Tr /%s 1 Tf" % FONT_NAME.encode(), *drawn, b"ET Q", b""])


def _draw_line(line: InvisibleLine, frame: PageFrame, codes: Mapping[str, int]) -> list[bytes]:
    start, end, below = _corners(line, frame)
    along, down = (end[0] - start[0], end[1] - start[1]), (below[0] - start[0], below[1] - start[1])
    length, height = hypot(*along), hypot(*down)
    if length < 0.1 or height < 0.1:
        return []
    share = ASCENT / UNITS
    base = start[0] + share * down[0], start[1] + share * down[1]
    across = along[0] / length * height, along[1] / length * height
    matrix = " ".join(map(_number, (*across, -down[0], -down[1], *base)))
    parts = [f"{matrix} Tm".encode()]
    before = 0.0
    for word, at, room in _places(line.words, length / height):
        shown = _as_it_stands(word.text)
        stretch = 100 * room / (len(shown) * WIDTH / UNITS)
        step = f"{_number(at - before)} 0 Td " if at - before else ""
        parts.append(f"{step}{_number(stretch)} Tz".encode() + _show(f"{shown} ", codes))
        before = at
    return parts if len(parts) > 1 else []


def _places(words: Iterable[InvisibleWord], length: float) -> Iterator[tuple[InvisibleWord, float, float]]:
    """Each from left to right with its start and its room, in heights of a line that is so many of them long.

    Between two there is a gap that everybody takes for a blank.
    """
    ordered = sorted(words, key=lambda word: word.start)
    starts = [word.start / WHOLE * length for word in ordered]
    for word, start, following in zip(ordered, starts, [*starts[1:], None], strict=True):
        room = max((word.end - word.start) / WHOLE * length, 0.01)
        if following is not None and start + room > following - GAP:
            room = max(following - GAP - start, room / 2)
        yield word, start, room


def _corners(line: InvisibleLine, frame: PageFrame) -> tuple[Point, Point, Point]:
    x0, y0, x1, y1, x2, y2 = line.place
    start, end, below = frame.point(x0, y0), frame.point(x1, y1), frame.point(x2, y2)
    length = hypot(end[0] - start[0], end[1] - start[1])
    height = hypot(below[0] - start[0], below[1] - start[1])
    several = sum(len(word.text) for word in line.words) > 1
    if not several or length >= UPRIGHT * height:
        return start, end, below
    far = end[0] + below[0] - start[0], end[1] + below[1] - start[1]
    return end, far, start


def _as_it_stands(word: str) -> str:
    """From left to right on the page; figures do so also among letters that run to the left."""
    if not is_right_to_left(word):
        return word
    return _DIGITS.sub(lambda digits: digits[0][::-1], word)[::-1].translate(_MIRRORED)


def _show(text: str, codes: Mapping[str, int]) -> bytes:
    string = b"".join(codes[letter].to_bytes(2, "big") for letter in text)
    return b"(" + _SPECIAL.sub(lambda sign: b"\\r" if sign[0] == b"\r" else b"\\" + sign[0], string) + b")Tj"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:.1f}"
