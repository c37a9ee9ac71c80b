"""Lines that Tesseract read, put in their places on the page; Latin words among other letters stay Latin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from papertray.engine.layout.accents import without_accent
from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line, Word
from papertray.engine.rectangles import Rect
from papertray.engine.tesseract.answers import ReadLine
from papertray.engine.tesseract.languages import LEFTWARDS, share_in_script

AT_HOME = 0.3
"""A line in which more letters are of a script is written in it, whatever stands between."""

LATIN_SURE, LATIN_SHORTEST = 0.7, 3
"""In lines that are surer, words of so many Latin letters are Latin."""

LATIN_LONGER, LATIN_ALIKE = 1.5, 0.5
"""What they replace is not so many times longer; what both alphabets read is not less like them."""


def place_line(line: Line, read: ReadLine, mixed: ReadLine | None, width: int, script: str) -> Line:
    """The line as it was read on its piece, which is so many pixels wide; `mixed` with English, too."""
    words = _placed(read, line.rect, width)
    if mixed is not None and line.rect.width > line.rect.height:
        words = keeplatin_words(words, _placed(mixed, line.rect, width), line)
    text = join_words(words) or read.text
    leftwards = script in LEFTWARDS and share_in_script(text, script) > AT_HOME
    kept = () if leftwards else tuple(words)  # those of a line are cut apart from left to right
    return replace(line, text=text, score=read.score, words=kept, right_to_left=leftwards)


def keeplatin_words(words: Sequence[Word], mixed: Sequence[Word], line: Line) -> list[Word]:
    """Put Latin words where a foreign alphabet was seen in them.

    The first reading of the line knows where they stand and leaves out single letters; `mixed`, which knows
    both alphabets, has them whole.
    """
    kept = list(words)
    for latin in latin_words(line):
        under = _within(latin, kept)
        if not under or sum(len(word.text) for word in under) > LATIN_LONGER * len(latin.text):
            continue
        text = join_words(_within(latin, mixed))
        alike = SequenceMatcher(None, text, latin.text, autojunk=False).ratio() > LATIN_ALIKE
        at = kept.index(under[0])
        whole = text if text.isascii() and alike else latin.text
        kept[at : at + len(under)] = [replace(latin, text=whole, glued=under[0].glued)]
    return kept


def is_alike(one: str, other: str) -> bool:
    """Whether two readings of a line are of the same letters, marks left out."""
    bare, other_bare = ("".join(map(without_accent, text.lower())) for text in (one, other))
    return SequenceMatcher(None, bare, other_bare, autojunk=False).ratio() > LATIN_ALIKE


def latin_words(line: Line) -> list[Word]:
    if line.score < LATIN_SURE:
        return []
    return [
        word
        for word in line.words
        if word.text.isascii() and sum(letter.isalpha() for letter in word.text) >= LATIN_SHORTEST
    ]


def _within(place: Word, words: Sequence[Word]) -> list[Word]:
    return [word for word in words if place.left < (word.left + word.right) / 2 < place.right]


def _placed(read: ReadLine, rect: Rect, width: int) -> list[Word]:
    """Its words, from places on the piece to places on the page."""
    scale = rect.width / max(width, 1)
    return [
        replace(word, left=rect.left + scale * word.left, right=rect.left + scale * word.right)
        for word in read.words
    ]
