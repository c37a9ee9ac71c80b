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

    Of a page's words at least `share` are among these, and so many `different` ones; or of its letters
    `often` are among `letters`, which the models know and no other language has.
    """

    name: str
    words: frozenset[str]
    share: float
    different: int
    letters: str = ""
    often: float = 1.0


VIETNAMESE = """
khong cua cac nhung duoc trong mot cho ban nay va la voi tu nguoi cung nhu theo khi neu hoac den thi phai tren
ve cach chi goi tao can su dung tap tin bang lenh
"""

CZECH = """
jsem jsou jsme ktery ktera ktere kteri kterou kterych nebo kdyz take muze podle teto tohoto jejich pouze
rovnez
"""

SLOVAK = """
ktory ktora ktore ktori ktoru ktorych alebo ked tejto tohto sme podla moze aj bol bola bolo iba preto vsetky
"""

LITHUANIAN = """
ir kad yra buvo kaip arba kuris kuri kurie kuriu pagal taip pat savo apie labai nuo iki kai prie turi bei
"""

TURKISH = """
bir icin olarak degil veya gibi daha cok kadar olan hicbir eger ancak sonra gore butun ise ile
"""

ROMANIAN = """
pentru acest aceasta aceste acestea trebuie dupa fara daca cand numai fiecare fiind catre sau despre toate
fost sunt este prin poate intre
"""

LATVIAN = """
vai lai pec nav tiek tika vinas vins starp lidz saskana kuras tikai tomer vairak pret savu ari gan
"""

LONG = "ſ"
FRAKTUR = """
iſt ſich ſie ſo ſondern ſelbſt derſelbe derſelben deſſelben dieſe dieſem dieſen dieſer dieſes ſehr ſey ſeyn
ſchon ſagt ſoll ſollen ſollte ſonſt unſer unſere unſers erſt alſo deſſen laſſen wiſſen muſſen unb bie ber bas
"""

ENGLISH = """
ſhall ſhould ſuch theſe thoſe firſt moſt muſt himſelf itſelf themſelves becauſe alſo houſe ſmall ſome ſince
ſeveral againſt preſent perſon perſons reaſon likewiſe ſubject juſt laſt
"""

LATIN = """
eſt ſunt ſuae ſuis eſſe ipſe ipſa ipſum poſt noſtri noſtra noſtris veſtra ſic ſcilicet ſecundum ſancti chriſti
"""

ROMANCE = """
eſt eſtre eſtoit eſte meſme ainſi auſſi pluſieurs ſoit ſans queſto queſta eſſere ſopra coſi ſempre ſono ſtato
"""

LONG_S = "Fraktur or print with the long s"

HALF_KNOWN = (
    HalfKnown("Vietnamese", frozenset(VIETNAMESE.split()), share=0.11, different=6),
    HalfKnown("Czech", frozenset(CZECH.split()), share=0.025, different=4, letters="řěů", often=0.01),
    HalfKnown("Slovak", frozenset(SLOVAK.split()), share=0.025, different=4),
    HalfKnown("Lithuanian", frozenset(LITHUANIAN.split()), share=0.06, different=5, letters="ėų", often=0.01),
    HalfKnown("Turkish", frozenset(TURKISH.split()), share=0.05, different=4, letters="ğ", often=0.004),
    HalfKnown("Romanian", frozenset(ROMANIAN.split()), share=0.05, different=4, letters="țţș", often=0.01),
    HalfKnown("Latvian", frozenset(LATVIAN.split()), share=0.03, different=4, letters="ķģļņ", often=0.004),
    *(
        HalfKnown(LONG_S, frozenset(words.replace(LONG, "f").split()), share=0.025, different=3)
        for words in (FRAKTUR, ENGLISH, LATIN, ROMANCE)
    ),
)

WITH_LONG_S = {
    word.replace(LONG, "f"): word
    for words in (FRAKTUR, ENGLISH, LATIN, ROMANCE)
    for word in words.split()
    if LONG in word
}

FEW_UNKNOWN = {
    "Czech": "ď, ť",
    "Slovak": "ď, ľ, ť",
    "Lithuanian": "į",
    "Turkish": "ı, İ",
    "Romanian": "Ț",
    "Latvian": "Ķ",
}
"""Languages of which only few letters are unknown, and those that are lost most."""

CAPITALS_ONLY = frozenset({"Romanian", "Latvian"})
"""Of which these are capitals, one or two a page: that makes no page doubtful."""

FEWEST, FEWEST_LETTERED = 25, 7
"""Fewer words tell nothing; fewer different ones with letters of a language may be names from there."""

_WORD = re.compile(r"[^\W\d_]+")


def name_half_known(texts: Iterable[str]) -> str:
    """The name of the language that a page is in, if that is one of these; else nothing."""
    written = [word.lower() for text in texts for word in _WORD.findall(text)]
    if len(written) < FEWEST:
        return ""
    bare = list(map(_bare, written))
    for language in HALF_KNOWN:
        hits = [word for word in bare if word in language.words]
        if len(hits) > language.share * len(bare) and len(set(hits)) >= language.different:
            return language.name
    return next((language.name for language in HALF_KNOWN if _has_letters(written, language)), "")


def _has_letters(words: list[str], language: HalfKnown) -> bool:
    hits = [word for word in words if any(letter in language.letters for letter in word)]
    often = sum(letter in language.letters for word in hits for letter in word)
    return len(set(hits)) >= FEWEST_LETTERED and often > language.often * sum(map(len, words))


def put_back_long_s(text: str) -> str:
    """The same text with an s where these words have it, and it was taken for an f."""
    return _WORD.sub(lambda word: _with_s(word[0]), text)


def _with_s(word: str) -> str:
    right = WITH_LONG_S.get(_bare(word), "")
    if len(right) != len(word):
        return word
    return "".join(
        ("S" if letter == "F" else "s") if long == LONG and letter in "fF" else letter
        for letter, long in zip(word, right, strict=True)
    )


def _bare(word: str) -> str:
    return "".join(map(without_accent, word.lower())).replace("đ", "d")
