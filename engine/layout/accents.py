"""Put accents right that were seen where none are, "markérs" on a page of English, or taken for another.

Specks over letters are read as accents, with less certainty than real ones. Where a language has accents they
are on every line; on a page with hardly any only those stay that are certain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SURE = 0.99
"""Real accents are as certain as this; of the others hardly one is."""

AT_HOME = 0.008
"""So many of the letters have accents in a language that has any."""


LATVIAN, MALTESE = "ļņķĻŅĶ", "ħżċĦŻĊ"
AS_LATVIAN = str.maketrans("ġĠ", "ģĢ")
"""The recogniser sees a point over each g that has a mark: so has Maltese, which has none of the others."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A line and how certain each of its letters and blanks is."""

    text: str
    certain: tuple[float, ...] = ()


def take_back_accents(page: Sequence[Spelling]) -> list[str]:
    """The lines of a page, without accents that are hardly real."""
    letters = sum(letter.isalpha() for line in page for letter in line.text)
    accented = sum(letter != without_accent(letter) for line in page for letter in line.text)
    if accented > AT_HOME * letters:
        return [line.text for line in page]
    return [_plain(line) for line in page]


def spell_latvian(texts: Sequence[str]) -> list[str]:
    """The lines of a page, with ģ where it was taken for ġ."""
    letters = set().union(*texts)
    if letters.isdisjoint(LATVIAN) or not letters.isdisjoint(MALTESE):
        return list(texts)
    return [text.translate(AS_LATVIAN) for text in texts]


def _plain(line: Spelling) -> str:
    if len(line.certain) != len(line.text):
        return line.text
    return "".join(
        letter if certain >= SURE else without_accent(letter)
        for letter, certain in zip(line.text, line.certain, strict=True)
    )


def without_accent(letter: str) -> str:
    """A Latin letter alone; others, and what is one letter with its mark, stay: ß, ø, й."""
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if len(parts) > 1 and parts[0].isascii() and parts[0].isalpha() else letter
