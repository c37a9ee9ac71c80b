"""Quotation marks that open low, „ as German and its neighbours have them: the models do not know them.

Takes the lines of a page and how to cut one out; gives the lines with the marks that stand there. They are
looked for where the page closes quotations as these languages do, and found by their shape: two small marks
side by side on the foot of the line, right before a word, with nothing over them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line, Word

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]
    Mark = tuple[int, int, int, int]

LOW = "„"
_CLOSED, _OPENED = re.compile(r"""(?:[^\W\d]|[.,!?…])["“”](?!\w)"""), re.compile(r"""(?<!\w)["“”](?=\w)""")

BEFORE, WITHIN = 0.75, 0.12
"""A mark begins so far before the first letter of its word at most, and ends no further within it, in line
heights."""

FOOT = 0.55
"""It stands below so much of the line's height."""

SMALLEST, LARGEST, WIDER = 0.08, 0.36, 1.5
"""Each half is so high, in line heights, and not so many times wider than high."""

TOP = 0.1
"""What hangs into the line from above, in shares of its height, is not over it."""

APART = (0.04, 0.32)
"""Their middles are so far from each other."""


def restore_low_quotes(lines: Sequence[Line], cut: Callable[[Line], Pixels]) -> list[Line]:
    """`cut` gives the grey picture of a line."""
    closed, opened = (sum(len(sign.findall(line.text)) for line in lines) for sign in (_CLOSED, _OPENED))
    if closed <= 2 * opened:
        return list(lines)
    return [_restore(line, cut(line)) if line.words else line for line in lines]


def _restore(line: Line, piece: Pixels) -> Line:
    marks = list(_low_marks(piece))
    scale = line.rect.width / max(piece.shape[1], 1)
    words = tuple(_with_mark(word, line, marks, scale) for word in line.words)
    return line if words == line.words else replace(line, words=words, text=join_words(words))


def _with_mark(word: Word, line: Line, marks: Sequence[Mark], scale: float) -> Word:
    if word.glued or not word.text[0].isalnum():
        return word
    start, high = (word.left - line.rect.left) / scale, line.rect.height / scale
    near = sorted(one for one in marks if start - BEFORE * high < one[0] < start + WITHIN * high - one[2])
    if len(near) < 2:
        return word
    (a, _, w, _), (b, _, v, _) = near[-2:]
    if not APART[0] * high < (b + v / 2) - (a + w / 2) < APART[1] * high:
        return word
    certain = (min(word.certain), *word.certain) if word.certain else ()
    return replace(word, text=LOW + word.text, left=word.left - (start - a) * scale, certain=certain)


def _low_marks(piece: Pixels) -> Iterator[Mark]:
    """Small marks on the foot of the line that have nothing over them: left, top, width and height."""
    import cv2
    import numpy as np

    high = piece.shape[0]
    _, ink = cv2.threshold(piece, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for x, y, w, h, _ in found[1:].tolist():
        low = y > FOOT * high and SMALLEST * high < h < LARGEST * high and w < WIDER * h
        if low and not np.any(ink[int(TOP * high) : y - 1, x : x + w]):
            yield x, y, w, h
