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
    """A language, and words of it as they are misread, that no other language is full of.

    Of a page's words at least `share` are among these, and so many `different` ones.
    """

    name: str
    words: frozenset[str]
    share: float
    different: int


VIETNAMESE = """
khong cua cac nhung duoc trong mot cho ban nay va la voi tu nguoi cung nhu theo khi neu hoac den thi phai tren
ve cach chi goi tao can su dung tap tin bang lenh
"""

FRAKTUR = """
ift fich fie fo fondern felbft derfelbe derfelben deffelben diefe diefem diefen diefer diefes fehr fey feyn
fchon fagt foll follen follte fonft unfer unfere unfers erft alfo deffen laffen wiffen muffen unb bie ber bas
"""

ENGLISH = """
fhall fhould fuch thefe thofe firft moft muft himfelf itfelf themfelves becaufe alfo houfe fmall fome fince
feveral againft prefent perfon perfons reafon likewife fubject juft laft
"""

LATIN = """
eft funt fuae fuis effe ipfe ipfa ipfum poft noftri noftra noftris veftra fic fcilicet fecundum fancti chrifti
"""

ROMANCE = """
eft eftre eftoit efte mefme ainfi auffi plufieurs foit fans quefto quefta effere fopra cofi fempre fono ftato
"""

LONG_S = "Fraktur or print with the long s"

HALF_KNOWN = (
    HalfKnown("Vietnamese", frozenset(VIETNAMESE.split()), share=0.11, different=6),
    *(
        HalfKnown(LONG_S, frozenset(words.split()), share=0.025, different=3)
        for words in (FRAKTUR, ENGLISH, LATIN, ROMANCE)
    ),
)

FEWEST = 25
"""Fewer words tell nothing."""

_WORD = re.compile(r"[^\W\d_]+")


def name_half_known(texts: Iterable[str]) -> str:
    """The name of the language that a page is in, if that is one of these; else nothing."""
    words = [_bare(word) for text in texts for word in _WORD.findall(text)]
    if len(words) < FEWEST:
        return ""
    for language in HALF_KNOWN:
        hits = [word for word in words if word in language.words]
        if len(hits) > language.share * len(words) and len(set(hits)) >= language.different:
            return language.name
    return ""


def _bare(word: str) -> str:
    return "".join(map(without_accent, word.lower())).replace("đ", "d")
