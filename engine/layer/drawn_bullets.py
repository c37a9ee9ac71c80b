"""Find the bullets that a page draws beside its letters: discs, rings and squares before a line.

Word processors draw a ring as a typed `o`: it is named as what it is.

Takes the lines of a layer and its sketch; gives the lines, those with a mark before them carrying it. Whether
marks are bullets, `engine.layout.bullets` decides: alike, and under each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.lines import BulletMark, Line
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

REACH, CLEAR = 2.2, 0.25
"""So far before a line, and no nearer, a mark may stand. All of this is in heights of capitals."""

SMALLEST, LARGEST, MIDDLE = 0.2, 0.95, 0.5
"""How wide and high it may be, and how far its middle may be from that of the letters."""

ROUND = 1.6
"""A mark is no more times wider than high, or higher than wide."""

RING = "◦"

LONGEST_NUMBER = 3

INK = 40
"""Grey values between the paper and the faintest part of a mark."""


def mark_bullets(lines: Sequence[Line], sketch: Numbers, width: int) -> list[Line]:
    """`width` is that of the page, of which `sketch` is a small picture that stands as its lines do."""
    scale = sketch.shape[1] / max(width, 1)
    return [
        line if line.mark or not _may_be_item(line) else replace(line, mark=_mark_before(line, sketch, scale))
        for line in lines
    ]


def _may_be_item(line: Line) -> bool:
    """Before the number of a page a mark is the last of the dots that lead to it. Years may be items."""
    return any(map(str.isalpha, line.text)) or len(line.text) > LONGEST_NUMBER


def name_rings(lines: Sequence[Line]) -> list[Line]:
    """A typed `o` alone before a line in other letters is a bullet."""
    rings = [line for line in lines if line.text == "o" and line.mono]
    marks = {id(ring) for ring in rings if any(_stands_before(ring, line) for line in lines)}
    return [_as_ring(line) if id(line) in marks else line for line in lines]


def _stands_before(ring: Line, line: Line) -> bool:
    level = abs(ring.rect.middle - line.rect.middle) < MIDDLE * ring.size
    return not line.mono and level and 0 < line.rect.left - ring.rect.right < REACH * ring.size


def _as_ring(line: Line) -> Line:
    words = tuple(replace(word, text=RING, mono=False) for word in line.words)
    return replace(line, text=RING, mono=False, words=words)


def _mark_before(line: Line, sketch: Numbers, scale: float) -> BulletMark | None:
    import numpy as np

    high, rect = line.lettering, line.rect
    left, right = int(scale * (rect.left - REACH * high)), int(scale * rect.left)
    top, bottom = round(scale * rect.top), round(scale * rect.bottom)
    if left < 0 or top < 0 or right - left < 4 or bottom - top < 4 or bottom > sketch.shape[0]:
        return None
    strip = sketch[top:bottom, left:right].astype(np.int16)
    ink = np.abs(strip - np.median(strip)) > INK
    if not ink.any():
        return None
    across, down = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    mark = Rect(
        (left + across[0]) / scale,
        (top + down[0]) / scale,
        (left + across[-1] + 1) / scale,
        (top + down[-1] + 1) / scale,
    )
    if across[-1] - across[0] >= len(across) or down[-1] - down[0] >= len(down) or not across[0]:
        return None
    return BulletMark(mark, (rect.left - mark.right) / high, 0.0) if _is_shaped(mark, line) else None


def _is_shaped(mark: Rect, line: Line) -> bool:
    high = line.lettering
    sides = sorted((mark.width, mark.height))
    return (
        SMALLEST * high < sides[0]
        and sides[1] < min(LARGEST * high, ROUND * sides[0])
        and abs(mark.middle - line.rect.middle) < MIDDLE * high
        and line.rect.left - mark.right > CLEAR * high
    )
