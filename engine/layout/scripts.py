"""Tell letters that were read from letters that were not.

The recogniser knows Latin letters, Han, kana and digits. Before other scripts it does not falter: it leaves
out what it does not know and is sure of the few marks that remain. Two things give it away: a long box with
hardly any letters in it, and the stray Greek or Cyrillic letters that it does know as mathematical signs.

What cannot be seen here: Latin languages of which single letters are unknown (Vietnamese, Czech ť and ď) lose
those letters in words that otherwise look whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from papertray.engine.layout.lines import Line

SPARSE = 0.42
"""A line with less of its length covered by letters was not read. Usual Latin faces cover 0.6 and more."""

SHORT = 4.0
"""Boxes shorter than this many heights are page numbers and cells: one wide letter missing says nothing."""

FOREIGN = 0.34
"""More Greek and Cyrillic than this among a line's letters: it is no formula."""

UNSURE = 0.8
"""Of ten long lines with a lower score eight were not read, or stand on their heads."""

NOISE = 0.6
"""Short lines with a lower score are smudges."""


HOPELESS = 0.2
"""A page of whose length less was read has no text that can be trusted, not even the short lines."""


def is_read(line: Line) -> bool:
    if foreign(line.text) > FOREIGN:
        return False
    if _length(line) < SHORT:
        return line.score >= NOISE
    return line.score >= UNSURE and covered(line) >= SPARSE


def is_lost(line: Line) -> bool:
    """Whether something longer than a smudge was left out."""
    return not is_read(line) and _length(line) >= SHORT


def legible(lines: Sequence[Line], otherwise: Collection[int] = ()) -> float:
    """How much of the lines' length was read, between 0 and 1, low scores counting against it.

    `otherwise` are the places of lines that were read by something that knows other scripts.
    """
    whole = sum(_length(line) for line in lines)
    read = sum(
        _length(line) * line.score for at, line in enumerate(lines) if at in otherwise or is_read(line)
    )
    return read / whole if whole else 0.0


def covered(line: Line) -> float:
    """How much of its box a line's letters fill, if each is half as wide as high; Han and kana are square."""
    width = sum(
        1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.5 for letter in line.text if letter > " "
    )
    return width / max(_length(line), 1.0)


def foreign(text: str) -> float:
    """The share of Greek and Cyrillic among the letters."""
    letters = [letter for letter in text if letter.isalpha()]
    strange = sum("\u0370" <= letter <= "\u052f" or "\u0590" <= letter <= "\u06ff" for letter in letters)
    return strange / len(letters) if letters else 0.0


def _length(line: Line) -> float:
    return line.rect.width / line.rect.height if line.rect.height > 0 else 0.0
