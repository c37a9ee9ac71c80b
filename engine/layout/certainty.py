"""How much of a recognised page is likely to be right, and which of its words to look at.

Takes lines with what the recogniser said of its own letters. It is surer than it should be: by how much was
measured on real pages (`tests.bench.confidence`). What the file itself says counts as certain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from papertray.engine.layout.lines import Line, Word
from papertray.engine.pages import Box, DoubtfulWord
from papertray.engine.rectangles import Rect

TOO_SURE = 4.6
"""So many letters are wrong, with some caution, where the recogniser expects one."""

MISSPELLED, LACKING = 0.5, 0.9
"""No page is better than this of whose language only half the letters are known, or a few are not."""

DOUBTFUL = 0.8
"""A word with a letter that is less certain: of these a third is wrong, of the others one in a hundred."""

MOST = 200
"""So many words are kept of a page: one that has more is better looked at as a whole."""

NEIGHBOURS = 1
"""Of a row of Han or kana, which has no blanks, so many letters are shown on each side of a doubtful one."""


def rate_page(read: Sequence[Line], lost: Sequence[Line] = (), *, best: float = 1.0) -> float:
    """The share of the page that is likely to be right, from 0 to `best`. `lost` lines could not be read."""
    letters = sum(len(line.text) for line in read)
    if not letters:
        return 0.0
    unsure = sum(len(line.text) * (1 - line.score) for line in read) / letters
    missing = sum(map(_length, lost))
    whole = missing + sum(map(_length, read))
    rate = max(0.0, 1 - TOO_SURE * unsure) * (1 - missing / whole if whole else 1.0)
    return round(min(rate, best), 3)


def find_doubtful_words(lines: Iterable[Line], place: Callable[[Rect], Box]) -> tuple[DoubtfulWord, ...]:
    """Of very many the least certain. `place` tells where a rectangle stands in the file."""
    found = [
        (min(word.certain[first:end]), word.text[first:end], _part(line, word, first, end))
        for line in lines
        for word in line.words
        if len(word.certain) == len(word.text)
        for first, end in _spans(word)
    ]
    bound = sorted(certain for certain, _, _ in found)[:MOST]
    return tuple(
        DoubtfulWord(text, round(certain, 2), place(rect))
        for certain, text, rect in found
        if certain <= bound[-1]
    )[:MOST]


def _part(line: Line, word: Word, first: int, end: int) -> Rect:
    """Where some of a word's letters stand, if all are equally wide."""
    step = (word.right - word.left) / len(word.text)
    return Rect(word.left + first * step, line.rect.top, word.left + end * step, line.rect.bottom)


def _spans(word: Word) -> list[tuple[int, int]]:
    """What is doubtful of a word: nothing, all, or what surrounds a letter where no blanks are set."""
    if min(word.certain, default=1.0) >= DOUBTFUL or not any(letter.isalnum() for letter in word.text):
        return []
    if not any(unicodedata.east_asian_width(letter) in "WF" for letter in word.text):
        return [(0, len(word.text))]
    spans: list[tuple[int, int]] = []
    for at in (at for at, certain in enumerate(word.certain) if certain < DOUBTFUL):
        first, end = max(0, at - NEIGHBOURS), min(len(word.text), at + NEIGHBOURS + 1)
        if spans and first <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((first, end))
    return spans


def _length(line: Line) -> float:
    return line.rect.width / max(line.rect.height, 1.0)
