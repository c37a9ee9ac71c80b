"""Numbers and names that one reader wrote of a page and another did not see there.

Takes two texts; gives the doubtful words of the first. Ordinary words are left to the reader who knows the
language: of a number or a name nobody can tell from what stands around it that it is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from difflib import SequenceMatcher

NUMBER = re.compile(r"[^\W_]*\d[^\W_]*(?:[.,:/'’–-][^\W_]*\d[^\W_]*)*")
NAME = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
FEWEST_DIGITS, SHORTEST_NAME = 2, 3

FLAT = 5
"""So long a word is looked for without regard to blanks, too, which readers set differently."""

ALIKE = 0.7
"""A word that the other reader was unsure of may be this one if so much of both is the same."""

BEGINNING = re.compile(r"(?:^|[.!?:;|•…\n])[\s\"'“”„«»‘’()\[\]*_#>-]*$")
"""What stands before the first word of a sentence, a cell or an item: its capital makes no name."""

_MARKS = re.compile(
    r"<[^<>]*>|(?<=\])\([^()\s]*\)|\$\$.*?\$\$|\$[^$\n]*\$|\\\(.*?\\\)|\\\[.*?\\\]|\\(?=[^\w\s])", re.DOTALL
)


def find_unseen(
    written: str, seen: str, unsure: Collection[str] = (), knows: Callable[[str], bool] = lambda _word: True
) -> list[str]:
    """Each once, in the order of the text; both texts are Markdown.

    `unsure` are words that the other reader may have misread; words that it does not `know` the letters of
    are no doubt of his.
    """
    shown = _plain(seen)
    parts = {_fold(part) for part in re.findall(r"\d+|[^\W\d_]+", shown)}
    known = {_fold(word) for word in (*shown.split(), *NUMBER.findall(shown), *NAME.findall(shown))} | parts
    flat = _fold(shown)
    near = [_fold(word) for word in unsure]
    found: dict[str, None] = {}
    for word in find_numbers_and_names(written):
        folded = _fold(word)
        if folded in known or (len(folded) >= FLAT and folded in flat) or not knows(word):
            continue
        if word[0].isalpha() and any(SequenceMatcher(None, folded, other).ratio() >= ALIKE for other in near):
            continue
        found[word] = None
    return list(found)


def find_numbers_and_names(markdown: str) -> list[str]:
    """Every one as often as it stands there: numbers of two digits and more, capitals inside sentences."""
    return list(_numbers_and_names(_plain(markdown)))


def _numbers_and_names(text: str) -> Iterator[str]:
    for match in NUMBER.finditer(text):
        if sum(letter.isdecimal() for letter in match[0]) >= FEWEST_DIGITS:
            yield match[0]
    for match in NAME.finditer(text):
        capital = match[0][0].isupper() and len(match[0]) >= SHORTEST_NAME
        inside = _stands_alone(text, match.start(), match.end())
        if capital and inside and not BEGINNING.search(text[max(0, match.start() - 40) : match.start()]):
            yield match[0]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Letters beside a digit belong to a number."""
    return not (text[start - 1 : start].isdecimal() or text[end : end + 1].isdecimal())


def _plain(markdown: str) -> str:
    """Without tags, addresses, formulas and what escapes."""
    return unicodedata.normalize("NFKC", _MARKS.sub(" ", markdown).replace("­", ""))


def _fold(text: str) -> str:
    """Letters and digits alone, small, without accents: readers differ in what they make of those."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if letter.isalnum())
