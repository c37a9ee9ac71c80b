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
from dataclasses import replace

from papertray.engine.layout.lines import Line, Word

SPARSE = 0.42
"""A line with less of its length covered by letters was not read. Usual Latin faces cover 0.6 and more."""

SHORT = 4.0
"""Boxes shorter than this many heights are page numbers and cells: one wide letter missing says nothing."""

FOREIGN = 0.34
"""More Greek and Cyrillic than this among a line's letters: it is no formula."""

UNSURE = 0.8
"""Of ten long lines with a lower score eight were not read, or stand on their heads."""

NOISE = 0.75
"""Short lines with a lower score are smudges: of ten eight were never written."""
SURE_LETTER, WHOLE_WORD = 0.9, 3
"""Words of so many letters, all of them so certain, are right in the middle of noise."""

HOPELESS = 0.2
"""A page of whose length less was read has no text that can be trusted, not even the short lines."""


def is_read(line: Line) -> bool:
    if foreign(line.text) > FOREIGN:
        return False
    if _length(line) < SHORT:
        return line.score >= NOISE
    return line.score >= UNSURE and covered(line) >= SPARSE


def is_lost(line: Line) -> bool:
    """Whether something longer than a smudge was left out, and no bar or pattern without a letter."""
    return not is_read(line) and _length(line) >= SHORT and bool(line.text or line.letters)


def is_strange(line: Line) -> bool:
    """Whether its letters, more than their print, were what could not be read."""
    return foreign(line.text) > FOREIGN or covered(line) < SPARSE


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


def keep_sure_words(line: Line) -> Line | None:
    """What is certain of a line that is unsure as a whole: "SQUID" before words of another script."""
    sure = [word for word in line.words if _is_sure(word)]
    if not sure or is_strange(line):
        return None
    score = min(min(word.certain) for word in sure)
    rect = replace(line.rect, left=sure[0].left, right=sure[-1].right)
    return replace(line, rect=rect, text=" ".join(word.text for word in sure), score=score, words=tuple(sure))


def _is_sure(word: Word) -> bool:
    letters = sum(letter.isalnum() for letter in word.text)
    return letters >= WHOLE_WORD and min(word.certain, default=0.0) >= SURE_LETTER


def foreign(text: str) -> float:
    """The share of Greek and Cyrillic among the letters."""
    letters = [letter for letter in text if letter.isalpha()]
    strange = sum("\u0370" <= letter <= "\u052f" or "\u0590" <= letter <= "\u06ff" for letter in letters)
    return strange / len(letters) if letters else 0.0


def _length(line: Line) -> float:
    return line.rect.width / line.rect.height if line.rect.height > 0 else 0.0
