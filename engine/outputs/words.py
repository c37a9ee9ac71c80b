"""Text cut into words, and how wide each is likely to be. Pure.

Han and kana have no blanks: each of their letters is a word here, `glued` to the one before it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from papertray.engine.layer.bidi import is_right_to_left
from papertray.engine.text_lines import SPANS, TextLine

WHOLE = 1000
"""A line is so many parts long."""

_PIECES = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+"
)
_NARROW, _WIDE = frozenset("iljftrI.,:;'!|()[]/-"), frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Where a word stands along its line, from the left in thousandths of it."""

    text: str
    start: float
    end: float
    glued: bool = False


def split_words(text: str) -> Iterator[tuple[str, bool]]:
    """Each with whether no blank stands before it."""
    for word in text.split():
        for number, piece in enumerate(_PIECES.findall(word)):
            yield piece, number > 0


def words_of_line(line: TextLine) -> list[PlacedWord]:
    """As they were seen; where only the line is known, as wide as their letters are."""
    texts = line.text.split()
    if len(line.spans) != 2 * len(texts):
        return spread_words(line.text)
    words = []
    for at, text in enumerate(texts):
        start, end = (edge * WHOLE / SPANS for edge in line.spans[2 * at : 2 * at + 2])
        words += _pieces(text, start, end)
    return words


def spread_words(text: str, start: float = 0.0, end: float = WHOLE) -> list[PlacedWord]:
    """Over a stretch of a line, as wide as their letters are; from the right where they are read so."""
    pieces = list(split_words(text))
    leftwards = is_right_to_left(text)
    blank = letters_width(" ")
    widths = [letters_width(piece) for piece, _ in pieces]
    blanks = sum(not glued for _, glued in pieces) - 1
    whole = sum(widths) + blank * max(blanks, 0)
    scale = (end - start) / whole if whole else 0.0
    words, at = [], 0.0
    for number, ((piece, glued), width) in enumerate(zip(pieces, widths, strict=True)):
        at += 0.0 if glued or not number else blank
        left, right = at * scale, (at + width) * scale
        place = (end - right, end - left) if leftwards else (start + left, start + right)
        words.append(PlacedWord(piece, *place, glued))
        at += width
    return words


def letters_width(text: str) -> float:
    """In the widths of a usual letter."""
    return sum(map(_width, text)) or 0.3


def join_placed(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Pieces that follow each other without a blank as one word again."""
    joined: list[PlacedWord] = []
    for word in words:
        if word.glued and joined:
            last = joined.pop()
            word = PlacedWord(
                last.text + word.text, min(last.start, word.start), max(last.end, word.end), last.glued
            )
        joined.append(word)
    return joined


def _pieces(text: str, start: float, end: float) -> list[PlacedWord]:
    return (
        spread_words(text, start, end) if len(_PIECES.findall(text)) > 1 else [PlacedWord(text, start, end)]
    )


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    if letter in _NARROW:
        return 0.55
    if letter == " ":
        return 0.5
    return 1.5 if letter in _WIDE else 1.2 if letter.isupper() else 1.0
