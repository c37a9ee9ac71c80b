"""Letters that cannot be meant: places in no alphabet, words that change their script, blanks that are signs.

Takes text or single letters; knows nothing of where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from papertray.engine.layer.spelling import SIGNS, UNNAMED

NO_LETTER = frozenset({"Co", "Cn", "Cs"})
FINE_CONTROLS = frozenset("\x02\t\n\r")
_WORD = re.compile(r"\S+")
_SCRIPTS = (
    ("latin", 0x41, 0x24F), ("phonetic", 0x250, 0x2FF), ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x52F),
    ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x6FF), ("indic", 0x900, 0xDFF), ("thai", 0xE00, 0xEFF),
    ("georgian", 0x10A0, 0x10FF), ("latin", 0x1E00, 0x1EFF), ("greek", 0x1F00, 0x1FFF),
)  # fmt: skip
TOGETHER = ({"latin", "phonetic"}, {"latin", "greek"})
"""Scripts that meet in one word: dictionaries, and units and formulas."""


def is_no_letter(letter: str) -> bool:
    if letter == "\ufffd":
        return True
    if (" " <= letter < "\ue000" and letter != "\x7f") or letter in FINE_CONTROLS or ord(letter) in SIGNS:
        return False
    kind = unicodedata.category(letter)
    return (kind in NO_LETTER or kind == "Cc") and ord(letter) not in UNNAMED


def mixed_words(texts: Iterable[str]) -> float:
    """The share of words, of those with letters beyond ASCII, that change their script."""
    words = [
        word for text in texts if not text.isascii() for word in _WORD.findall(text) if not word.isascii()
    ]
    return sum(map(_is_mixed, words)) / len(words) if words else 0.0


def _is_mixed(word: str) -> bool:
    found = {script for letter in word if letter.isalpha() for script in [_script(letter)] if script}
    return len(found) > 1 and found not in TOGETHER


def _script(letter: str) -> str:
    code = ord(letter)
    return next((name for name, first, last in _SCRIPTS if first <= code <= last), "")
