"""Read Fraktur and print with the long s with all of Tesseract's files for it, and by their majority.

Takes grey pictures of lines, and what the bundled models saw on them; gives them as they were read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.languages import put_back_long_s
from papertray.engine.layout.lines import Line
from papertray.engine.pages import Watch
from papertray.engine.tesseract.agreement import put_right
from papertray.engine.tesseract.answers import ReadLine
from papertray.engine.tesseract.program import TesseractProgram

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

SPECK = 0.004
"""What is smaller than this, in squares of the line's height, is dirt: points of old print are larger."""

SURER = 0.07
"""The better file gives the line, unless the other is so much surer of it."""


def read_old_print(
    program: TesseractProgram,
    codes: Sequence[str],
    pieces: Sequence[Pixels],
    lines: Sequence[Line],
    watch: Watch,
) -> list[ReadLine]:
    """`codes` name the files, the best one first. One alone is taken at its word."""
    first = program.read_pieces(pieces, codes[0], watch)
    if len(codes) == 1:
        return [_respell(one) for one in first]
    second = program.read_pieces(pieces, codes[-1], watch)
    voted = [
        put_right(one, other.text, line.text)
        if one.score + SURER >= other.score
        else put_right(other, one.text, line.text)
        for line, one, other in zip(lines, first, second, strict=True)
    ]
    return [_respell(one) for one in voted]


def _respell(line: ReadLine) -> ReadLine:
    """Small words that every reader takes for others."""
    words = tuple(replace(word, text=put_back_long_s(word.text)) for word in line.words)
    return replace(line, text=put_back_long_s(line.text), words=words)


def remove_specks(piece: Pixels) -> Pixels:
    import cv2
    import numpy as np

    _, ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, labels, marks, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    small = marks[:, cv2.CC_STAT_AREA] < SPECK * piece.shape[0] ** 2
    cleaned: Pixels = np.where(small[labels], np.uint8(255), piece)
    return cleaned
