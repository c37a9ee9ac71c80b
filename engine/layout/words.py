"""Where the words of a recognised line stand, from where the recogniser saw its letters.

A gap as wide as a gutter parts words even where no blank was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from papertray.engine.layout.lines import Line, Word
from papertray.engine.rectangles import Rect

HALF = 0.22
"""Half the width of a letter. This and what follows is in heights of the line's box."""

GAP = 1.1
"""Middles of letters that stand farther apart belong to two words."""


def place_words(
    text: str, places: Sequence[float], rect: Rect, certain: Sequence[float] = ()
) -> tuple[Word, ...]:
    """`places` tells how far along the line the middle of each letter stands, blanks left out: 0 to 1.

    `certain` has a number for each letter and blank, or none.
    """
    letters = [letter for letter in text if not letter.isspace()]
    if len(letters) != len(places) or rect.width < rect.height:
        return ()
    middles = [rect.left + rect.width * place for place in places]
    half = HALF * rect.height
    sure = _of_letters(text, certain)
    return tuple(
        Word(
            "".join(letters[first:end]),
            middles[first] - half,
            middles[end - 1] + half,
            glued,
            certain=sure[first:end],
        )
        for first, end, glued in _runs(text, middles, GAP * rect.height)
    )


def _of_letters(text: str, certain: Sequence[float]) -> tuple[float, ...]:
    """How certain each letter is, blanks left out; nothing where that is not known of each."""
    if len(certain) != len(text):
        return ()
    return tuple(sure for letter, sure in zip(text, certain, strict=True) if not letter.isspace())


def respell(line: Line, text: str) -> Line:
    """The same line with other letters, one for one, and without blanks at its ends."""
    if text == line.text:
        return replace(line, text=text.strip())
    letters = iter([letter for letter in text if not letter.isspace()])
    words = tuple(replace(word, text="".join(islice(letters, len(word.text)))) for word in line.words)
    return replace(line, text=text.strip(), words=words)


def _runs(text: str, middles: Sequence[float], gap: float) -> Iterator[tuple[int, int, bool]]:
    """First and last letter of each word, and whether no blank stands before it."""
    starts, count = [], 0
    for word in text.split():
        starts.append((count, False))
        inside = range(count + 1, count + len(word))
        starts.extend((at, True) for at in inside if middles[at] - middles[at - 1] > gap)
        count += len(word)
    for (first, glued), (end, _) in pairwise([*starts, (count, False)]):
        yield first, end, glued
