"""Cut a line's letters into words, and words where the way in which they are set changes.

Takes the letters of a line in reading order; gives `Word`s that carry what emphasis and links need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.spelling import raise_digits, spell
from papertray.engine.layout.lines import Word

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

RAISED_BY, LOWERED_BY, SMALL = 0.15, 0.08, 0.85
"""Letters this far above or below the base, in sizes, and this much smaller, are super- and subscripts."""

BOLD, ITALIC, MONO = 1, 2, 4
RAISED, LOWERED = 8, 16
LINKED = 32
"""What is set in one way has one number, made of these; links count upwards from the last."""

FIRST_WIDE = "\u2e80"
_WIDE = ((FIRST_WIDE, "\ua4cf"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))


@dataclass(slots=True, eq=False)
class LineLetters:
    """Letters in reading order, `begins` those before which a blank stands, `ways` how each is set."""

    text: list[str]
    lefts: Numbers
    rights: Numbers
    begins: Numbers
    ways: Numbers


def cut_words(letters: LineLetters, addresses: Sequence[str]) -> list[Word]:
    import numpy as np

    _link_whole_words(letters)
    starts = letters.begins.copy()
    starts[1:] |= letters.ways[1:] != letters.ways[:-1]
    starts[:1] = True
    places = [*np.flatnonzero(starts).tolist(), len(letters.text)]
    lefts, rights, ways = letters.lefts.tolist(), letters.rights.tolist(), letters.ways.tolist()
    begins = letters.begins.tolist()
    words: list[Word] = []
    for start, end in pairwise(places):
        way = ways[start]
        text = _spelt("".join(letters.text[start:end]), way, begins[start])
        if not text:
            continue
        words.append(
            Word(
                text,
                min(lefts[start:end]),
                max(rights[start:end]),
                glued=_is_glued(words, text, begins[start], ways[start - 1]),
                bold=bool(way & BOLD),
                italic=bool(way & ITALIC),
                mono=bool(way & MONO),
                link=addresses[way // LINKED - 1] if way >= LINKED else "",
            )
        )
    return words


def _is_glued(words: Sequence[Word], text: str, begins: bool, way_before: int) -> bool:
    """Whether no blank stands before; there is one behind the raised number that a footnote begins with."""
    if not words:
        return False
    if begins:
        return _are_wide(words[-1].text, text)
    return not (len(words) == 1 and way_before & RAISED)


def _link_whole_words(letters: LineLetters) -> None:
    """Links lie roughly: a word goes where most of its letters go."""
    import numpy as np

    if letters.ways.max() < LINKED:
        return
    links = letters.ways // LINKED
    for at in np.flatnonzero((links[1:] != links[:-1]) & ~letters.begins[1:]).tolist():
        start, end = at, at + 1
        while start and not letters.begins[start] and letters.text[start - 1].isalnum():
            start -= 1
        while end < len(links) and not letters.begins[end] and letters.text[end].isalnum():
            end += 1
        if letters.text[at].isalnum() and letters.text[at + 1].isalnum():
            found, counts = np.unique(links[start:end], return_counts=True)
            letters.ways[start:end] += LINKED * (found[counts.argmax()] - links[start:end])


def _spelt(text: str, way: int, begins: bool) -> str:
    text = spell(text)
    if way & LOWERED and not begins:
        return raise_digits(text, lowered=True)
    return raise_digits(text, lowered=False) if way & RAISED else text


def _are_wide(before: str, after: str) -> bool:
    """Chinese and Japanese are written without blanks, however wide they are set."""
    return after[0] >= FIRST_WIDE and _is_wide(before[-1]) and _is_wide(after[0])


def _is_wide(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _WIDE)


def heights(bases: Numbers, sizes: Numbers, base: float, size: float) -> Numbers:
    """Which letters are raised or lowered on a line of this base and size, as parts of their ways."""
    import numpy as np

    small = sizes < SMALL * size
    raised, lowered = bases < base - RAISED_BY * size, bases > base + LOWERED_BY * size
    return np.where(small & raised, RAISED, np.where(small & lowered, LOWERED, 0))
