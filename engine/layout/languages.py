"""Languages whose letters the quick reader does not know, though it spells most of their words.

It leaves out marks that it has not learned, and is sure of what remains. Small words that every page of a
language has, spelled without their marks, give it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from papertray.engine.layout.accents import without_accent


@dataclass(frozen=True, slots=True)
class HalfKnown:
    """A language, and words of it without marks that no other language is full of."""

    name: str
    words: frozenset[str]


VIETNAMESE = """
khong cua cac nhung duoc trong mot cho ban nay va la voi tu nguoi cung nhu theo khi neu hoac den thi phai tren
ve cach chi goi tao can su dung tap tin bang lenh
"""

HALF_KNOWN = (HalfKnown("Vietnamese", frozenset(VIETNAMESE.split())),)

FEWEST, SHARE = 25, 0.11
"""Of so many words at least, this many are small words of the language."""

_WORD = re.compile(r"[^\W\d_]+")


def name_half_known(texts: Iterable[str]) -> str:
    """The name of the language that a page is in, if that is one of these; else nothing."""
    words = [_bare(word) for text in texts for word in _WORD.findall(text)]
    if len(words) < FEWEST:
        return ""
    for language in HALF_KNOWN:
        hits = [word for word in words if word in language.words]
        if len(hits) > SHARE * len(words) and len(set(hits)) > FEWEST / 5:
            return language.name
    return ""


def _bare(word: str) -> str:
    return "".join(map(without_accent, word.lower())).replace("đ", "d")
