"""What counts as the same word: case, accents and hyphens do not matter; what has no blanks is cut in pairs.

Takes text as people read it; gives words as the index has them. The same goes for what is looked for.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Letters of scripts that put no blank between words."""

_WITH_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0f00-\u0fff"
"""Accents, and scripts whose vowels are marks: Python counts them as no part of a word."""

_LETTER = f"[^\\W_{_PAIRED}]|[{_WITH_MARKS}]"
_PIECE = re.compile(f"[{_PAIRED}]+|(?:{_LETTER})+(?:[-\u2010\u2011\u00ad'\u2019](?:{_LETTER})+)*")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
_JOINTS = re.compile("[-\u2010\u2011\u00ad'\u2019]")
_ONE_PLAIN_WORD = re.compile("[A-Za-z0-9]+")  # nearly all words: three quarters of the time are saved
_SIGNS = re.compile(f"[^\\w\\s{_WITH_MARKS}\\u2010\\u2011\\u00ad'\u2019-]")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]")
_NO_ACCENT_BUT_ALIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


class TextPiece(NamedTuple):
    """A word as it stands, or a run without blanks: where, and in which words the index has it."""

    start: int
    end: int
    words: tuple[str, ...]
    joined: str = ""


def find_pieces(text: str) -> Iterator[TextPiece]:
    """Those of `text`, which `fold` has not changed: places are of the text as it is."""
    for piece in _PIECE.finditer(text):
        if _ONE_PLAIN_WORD.fullmatch(piece[0]):
            yield TextPiece(piece.start(), piece.end(), (piece[0].lower(),))
            continue
        folded = fold(piece[0])
        if _IS_PAIRED.match(folded):
            pairs = tuple(folded[place : place + 2] for place in range(max(len(folded) - 1, 1)))
            yield TextPiece(piece.start(), piece.end(), pairs)
            continue
        words = tuple(filter(None, _JOINTS.split(folded)))
        yield TextPiece(piece.start(), piece.end(), words, "".join(words) if len(words) > 1 else "")


def fold_all(text: str) -> str:
    """The same letter by letter as its pieces are folded: signs that fold into letters are left out."""
    return fold(text if text.isascii() else _SIGNS.sub(" ", text))


def is_paired(word: str) -> bool:
    """Whether it is one of the pairs of letters of a script without blanks."""
    return bool(_IS_PAIRED.match(word))


def drop_joints(folded: str) -> str:
    return _JOINTS.sub("", folded)


def fold(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).casefold().translate(_NO_ACCENT_BUT_ALIKE)


def list_words(text: str) -> list[str]:
    """As the index has them; what a hyphen joins is there in parts and whole."""
    return [word for piece in find_pieces(text) for word in (*piece.words, piece.joined) if word]
