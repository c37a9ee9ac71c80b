"""Spell what a layer's letters mean: ligatures, accents set apart, raised digits, signs of picture fonts.

Takes letters as a file has them; gives the text that a person would write for them.
"""

from __future__ import annotations

import re
import unicodedata

LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
HYPHENS = {0x02: "-", 0xAD: "-", 0x2010: "-", 0x2011: "-"}
"""pdfium tells of a hyphen at a line's end as 2."""

SIGNS = {  # where Symbol, Wingdings and TeX's companion fonts keep the marks that stand before items
    0x88: "•",
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0A8: "□",
    0xF06F: "□",
    0xF071: "❑",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0FC: "✓",
    0xF0FE: "☑",
}
UNNAMED = {0x10FF01: "ti", 0x10FF02: "tt", 0x10FF03: "ft", 0x10FF04: "tti", 0x10FF05: "fti"}
"""Ligatures that have no place in any alphabet, at places of our own."""

SPELT: dict[int, str | None] = {
    **LIGATURES,
    **HYPHENS,
    **SIGNS,
    **UNNAMED,
    0x200B: None,
    0xFEFF: None,
    0xA0: " ",
}

RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

ACCENTS = {  # set apart, and as a part of a letter
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "¸": "\u0327",
    "ˇ": "\u030c", "˘": "\u0306", "˙": "\u0307", "˚": "\u030a", "˝": "\u030b", "¯": "\u0304", "˛": "\u0328",
}  # fmt: skip
DOTLESS = {"ı": "i", "ȷ": "j"}

SARA_AM = "\u0e4d\u0e32", "\u0e33"
"""A vowel of Thai that fonts draw in two parts."""

_OF_FORMULAS = re.compile("[\U0001d400-\U0001d7ff]+")
"""Letters once more, in the shapes that formulas give them."""

_ARABIC_SHAPES = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]+")


def spell(text: str) -> str:
    """What letters that stand beside each other mean."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(SPELT)
    for shapes in (_ARABIC_SHAPES, _OF_FORMULAS):
        text = shapes.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", text).replace(*SARA_AM)


def raise_digits(text: str, lowered: bool) -> str:
    """Super- or subscript digits, where every letter has such a form; else the text as it is."""
    changed = text.translate(LOWERED if lowered else RAISED)
    return changed if all(a != b for a, b in zip(text, changed, strict=True)) else text


def with_accent(letter: str, accent: str) -> str | None:
    """One letter for two that were set over each other; None if there is none such."""
    together = unicodedata.normalize("NFC", DOTLESS.get(letter, letter) + ACCENTS[accent])
    return together if letter.isalpha() and len(together) == 1 else None
