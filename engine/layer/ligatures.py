"""Name the ligatures of Calibri that have no name: where a file says nothing of them, two letters are lost.

Takes a `Layer`; gives one in which such a sign is the letters that are as wide as it is. Other fonts' signs
without a name are left as they are: nobody knows what they draw.
"""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.sanity import is_no_letter
from papertray.engine.layer.spelling import UNNAMED
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

_FONTS = re.compile("calibri|carlito")

_MISNAMED = frozenset("ƟƩŌ")
"""What some systems call these signs, after their places in the font."""

NARROWER, WIDER = 0.045, 0.01
"""A ligature is no narrower and no wider than its letters than this, in sizes."""


def name_ligatures(layer: Layer) -> Layer:
    import numpy as np

    fonts = np.array([_FONTS.search(style.font) is not None for style in layer.styles])
    unnamed = layer.every(lambda letter: is_no_letter(letter) or letter in _MISNAMED)
    places = np.flatnonzero(unnamed & fonts[layer.styled]).tolist()
    if not places:
        return layer
    widths = (layer.rooms[:, 2] - layer.rooms[:, 0]) / np.maximum(layer.each("size"), 1.0)
    text, unmapped = list(layer.text), layer.unmapped.copy()
    for at in places:
        sums = _sums(layer, widths, layer.styles[int(layer.styled[at])].font)
        near = {
            code: abs(wide - widths[at])
            for code, wide in sums.items()
            if wide - NARROWER < widths[at] < wide + WIDER
        }
        if near and _is_in_word(layer.text, at):
            text[at], unmapped[at] = chr(min(near, key=lambda code: near[code])), False
    return replace(layer, text="".join(text), unmapped=unmapped)


def _sums(layer: Layer, widths: Numbers, font: str) -> dict[int, float]:
    """How wide the letters of each ligature are beside each other: in this font, or in its other weights."""
    own = _letter_widths(layer, widths, re.escape(font))
    letters = {**_letter_widths(layer, widths, _FONTS.pattern), **own}
    return {
        code: sum(letters[letter] for letter in drawn)
        for code, drawn in UNNAMED.items()
        if all(letter in letters for letter in drawn)
    }


def _letter_widths(layer: Layer, widths: Numbers, fonts: str) -> dict[str, float]:
    import numpy as np

    told = np.array([re.search(fonts, style.font) is not None for style in layer.styles])[layer.styled]
    found = {letter: widths[told & (layer.codes == ord(letter))] for letter in "tif"}
    return {letter: median(wide.tolist()) for letter, wide in found.items() if len(wide)}


def _is_in_word(text: str, at: int) -> bool:
    return any(letter.isalpha() and letter.islower() for letter in text[max(at - 1, 0) : at + 2])
