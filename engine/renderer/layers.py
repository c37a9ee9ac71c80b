"""What the child says is written on a page, as a `Layer`. Believes nothing that does not add up.

Takes the header's part and the bytes behind the page's pixels; a count that does not fit its bytes is no
layer but a broken frame. Numbers that are none become 0, letters that are none U+FFFD.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from papertray.engine.documents import PageSize
from papertray.engine.rectangles import Rect
from papertray.engine.render_child.frames import BrokenFrame, Header
from papertray.engine.written import (
    CLIP_ONLY,
    INVISIBLE,
    STROKED,
    Layer,
    LetterStyle,
    PageLink,
    PlacedPicture,
)

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

FIXED_PITCH, ITALIC, FORCED_BOLD = 1 << 0, 1 << 6, 1 << 18
"""A font's flags, as PDF numbers them."""

BOLD = 600
BOLD_NAMES = ("bold", "black", "heavy", "-bd", "demi")
ITALIC_NAMES = ("italic", "oblique", "slanted", "-it", "kursiv")
MONO_NAMES = (
    "courier",
    "mono",
    "consol",
    "typewriter",
    "cmtt",
    "-tt",
    "nimbusmon",
    "sftt",
    "txtt",
    "menlo",
    "monaco",
)
LEANS = 0.12
"""Letters that lean more than this, as a sine, are slanted."""

SHARES = 4, 32, 16, 16, 4, 1
"""Bytes of each letter: its code, box, room, origin, style, and whether its font says what it means."""
LARGEST = 1e7


def parse_layer(told: Header, data: memoryview, size: PageSize) -> Layer:
    import numpy as np

    count, (width, height, stride) = int(told["letters"]), map(int, told["sketch"])
    if count < 0 or min(width, height) < 1 or stride < width:
        raise BrokenFrame("a layer without a size")
    if count * sum(SHARES) + stride * height != len(data):
        raise BrokenFrame("a layer that is not as long as it says")
    ends = np.cumsum([share * count for share in SHARES])
    parts = np.split(np.frombuffer(data, np.uint8), ends)
    matrix = _matrix(told["matrix"])
    styles = tuple(_style(row, told["matrix"]) for row in told["styles"])
    styled = parts[4].view(np.uint32)
    if count and (not styles or styled.max() >= len(styles)):
        raise BrokenFrame("a letter that is set in no known way")
    corners = _finite(parts[1].view(np.float64)).reshape(-1, 4)
    codes, kept = _whole_letters(parts[0].view(np.uint32))
    return Layer(
        width=size.width,
        height=size.height,
        text=_text(codes[kept]),
        boxes=_boxes(corners[:, [0, 2, 1, 3]], matrix)[kept],
        rooms=_boxes(_finite(parts[2].view(np.float32)).reshape(-1, 4), matrix)[kept],
        origins=_points(_finite(parts[3].view(np.float64)).reshape(-1, 2), matrix)[kept],
        styled=styled[kept],
        unmapped=(parts[5] != 0)[kept],
        styles=styles,
        sketch=parts[6].reshape(height, stride)[:, :width],
        links=tuple(PageLink(_rect(place, matrix), str(address)) for place, address in told["links"]),
        rules=tuple(_rect(place, matrix) for place in told["rules"]),
        pictures=tuple(PlacedPicture(_rect(place, matrix), int(order)) for place, order in told["pictures"]),
        titles=tuple((str(title), max(int(depth), 0)) for title, depth in told.get("titles", ())),
    )


def _finite(numbers: Numbers) -> Numbers:
    import numpy as np

    finite: Numbers = np.clip(np.nan_to_num(numbers, posinf=LARGEST, neginf=-LARGEST), -LARGEST, LARGEST)
    return finite


def _whole_letters(codes: Numbers) -> tuple[Numbers, Numbers]:
    """Codes, and which stand for a letter: pdfium tells those of formulas, and rare Han, in halves."""
    import numpy as np

    halved = np.zeros(len(codes), bool)
    halved[:-1] = (codes[:-1] >> 10 == 0x36) & (codes[1:] >> 10 == 0x37)
    places = np.flatnonzero(halved)
    whole = codes.copy()
    whole[places] = 0x10000 + ((codes[places] & 0x3FF) << 10) + (codes[places + 1] & 0x3FF)
    kept = np.ones(len(codes), bool)
    kept[places + 1] = False
    return whole, kept


def _text(codes: Numbers) -> str:
    import numpy as np

    wrong = (codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000))
    return str(np.where(wrong, 0xFFFD, codes).astype("<u4").tobytes().decode("utf-32-le"))


def _matrix(numbers: Sequence[float]) -> Numbers:
    """From the page's points to the picture's pixels: a row for each of x, y and 1."""
    import numpy as np

    return _finite(np.array([float(number) for number in numbers])).reshape(3, 2)


def _points(points: Numbers, matrix: Numbers) -> Numbers:
    placed: Numbers = points @ matrix[:2] + matrix[2]
    return placed


def _boxes(corners: Numbers, matrix: Numbers) -> Numbers:
    """Left, bottom, right and top in points, as left, top, right and bottom in pixels."""
    import numpy as np

    one, other = _points(corners[:, :2], matrix), _points(corners[:, 2:], matrix)
    return np.hstack([np.minimum(one, other), np.maximum(one, other)])


def _rect(place: Sequence[float], matrix: Numbers) -> Rect:
    import numpy as np

    corners = _finite(np.array([[float(number) for number in place]])).reshape(1, 4)
    left, top, right, bottom = _boxes(corners, matrix)[0].tolist()
    return Rect(left, top, right, bottom)


def _style(row: Sequence[Any], matrix: Sequence[float]) -> LetterStyle:
    size, cosine, sine, slope = (_number(value) for value in row[:4])
    weight, flags, name = int(row[4]), int(row[5]), str(row[6])
    red, green, blue, opacity = (int(value) & 255 for value in row[7])
    mode, order = int(row[8]), int(row[9])
    a, b, c, d = (_number(value) for value in matrix[:4])
    across, down = a * cosine + c * sine, b * cosine + d * sine
    plain = name.lower()
    return LetterStyle(
        size=size * math.hypot(c, d),
        turn=math.degrees(math.atan2(down, across)) if across or down else 0.0,
        bold=weight >= BOLD or bool(flags & FORCED_BOLD) or mode == STROKED or _has(plain, BOLD_NAMES),
        italic=bool(flags & ITALIC) or abs(slope) > LEANS or _has(plain, ITALIC_NAMES),
        mono=bool(flags & FIXED_PITCH) or _has(plain, MONO_NAMES),
        colour=red << 16 | green << 8 | blue,
        seen=opacity > 0 and mode not in (INVISIBLE, CLIP_ONLY),
        order=order,
        font=plain,
    )


def _has(name: str, parts: Sequence[str]) -> bool:
    return any(part in name for part in parts)


def _number(value: Any) -> float:
    number = float(value)
    return number if abs(number) < LARGEST else 0.0
