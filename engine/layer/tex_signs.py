"""Name the signs of TeX's own fonts that have no name every reader of PDFs knows.

Takes a `Layer`; gives one in which such a letter is the sign that its font draws. Where a file maps nothing,
pdfium gives the place that a sign has in its font: `h` for an opening angle bracket, `P` for a sum. These
fonts have no small letters and no digits of their own. A stroke through the sign behind it is moved off the
page, and the sign becomes the one that is struck through.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from papertray.engine.layer.set_accents import OFF_PAGE
from papertray.engine.written import Layer

STROKE, STRUCK = "6", "\u0338"
"""Where the stroke stands in its font, and the mark that makes `=` what is not equal."""

_TABLES = (
    (
        re.compile(r"cmb?sy\d"),
        {
            "0": "′", "a": "⊣", "`": "⊢", "b": "⌊", "c": "⌋", "d": "⌈", "e": "⌉", "h": "⟨", "i": "⟩",
            "k": "‖", "l": "↕", "m": "⇕", "o": "≀", "q": "⨿", "t": "⊔", "u": "⊓", "v": "⊑", "w": "⊒",
        },
    ),
    (
        re.compile(r"cmex\d"),
        {
            "D": "⟨", "E": "⟩", "P": "∑", "X": "∑", "Q": "∏", "Y": "∏", "R": "∫", "Z": "∫", "S": "⋃",
            "[": "⋃", "T": "⋂", "\\": "⋂", "h": "[", "i": "]", "n": "{", "o": "}", "p": "√", "q": "√",
            "r": "√", "s": "√",
        },
    ),
)  # fmt: skip


def name_tex_signs(layer: Layer) -> Layer:
    import numpy as np

    tables = [
        next((table for fonts, table in _TABLES if fonts.search(style.font)), {}) for style in layer.styles
    ]
    if not any(tables):
        return layer
    struck = [table is _TABLES[0][1] for table in tables]
    text, boxes = list(layer.text), layer.boxes.copy()
    for at in np.flatnonzero(np.array([bool(table) for table in tables])[layer.styled]).tolist():
        style = int(layer.styled[at])
        together = _strike(text[at + 1 : at + 2]) if struck[style] and text[at] == STROKE else ""
        if together:
            text[at + 1], boxes[at] = together, OFF_PAGE
        else:
            text[at] = tables[style].get(text[at], text[at])
    return replace(layer, text="".join(text), boxes=boxes)


def _strike(behind: list[str]) -> str:
    """The sign that is struck through, where there is one of that kind."""
    together = unicodedata.normalize("NFC", behind[0] + STRUCK) if behind else ""
    return together if len(together) == 1 else ""
