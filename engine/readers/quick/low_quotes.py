"""The mark that opens a quotation in German, Polish and their neighbours, „, which is not recognised.

Takes the picture of a line and what was read there; gives it with the mark put before its word. It is known
by its shape alone: two equal marks side by side that hang below the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.letters import ink_blots
from papertray.engine.layout.lines import Line
from papertray.engine.readers.quick.steps import RecognisedText
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

LOW_QUOTE = "„"
READ_FOR_IT = ',."'
"""What such a mark may have been taken for."""

OPENING = " ([{"
_ENDS, _BEGINS = re.compile(r"""\S["“”»]"""), re.compile(r"""(?:^|[\s(])["“”«»](?=\w)""")

TALL, LOWEST, HIGHEST, WIDEST = 0.6, 0.2, 0.6, 0.4
"""A letter, and the height and width of half a mark; these and what follows in heights of a letter."""

ALIKE, APART = 0.12, 0.55
"""The two are equal but for this, and one begins so soon after the other."""

ABOVE, BELOW = 0.35, 0.08
"""They begin at most so much above the foot of the letters, and end at least so much below."""

BEFORE, FAR = 0.3, 0.8
"""Their word's first letter has its middle so far behind them, give or take this."""


def see_low_quotes(piece: Pixels, high: float, found: RecognisedText) -> RecognisedText:
    letters = [at for at, letter in enumerate(found.text) if not letter.isspace()]
    if not high or len(letters) != len(found.places) or len(found.certain) != len(found.text):
        return found
    width = piece.shape[1]
    starts = [(at, number) for number, at in enumerate(letters) if at == 0 or found.text[at - 1] in OPENING]
    for right in sorted(_find_pairs(ink_blots(piece), high), reverse=True):
        wanted = right + BEFORE * high
        near = [(abs(found.places[number] * width - wanted), at, number) for at, number in starts]
        distance, at, number = min(near, default=(FAR * high, 0, 0))
        if distance < FAR * high:
            found = _with_quote(found, at, number, right / width)
    return found


def drop_lone_quotes(lines: Sequence[Line]) -> list[Line]:
    """Where quotations begin otherwise, too, or do not end as often but for one, these are specks."""
    text = "\n".join(line.text for line in lines)
    ends, others = len(_ENDS.findall(text)), len(_BEGINS.findall(text))
    if ends and 2 * others < text.count(LOW_QUOTE) <= ends + 1:
        return list(lines)
    return [_without(line) if LOW_QUOTE in line.text else line for line in lines]


def _without(line: Line) -> Line:
    words = tuple(
        replace(
            word, text=word.text.replace(LOW_QUOTE, ""), certain=word.certain[word.text.count(LOW_QUOTE) :]
        )
        for word in line.words
        if word.text != LOW_QUOTE
    )
    return replace(line, text=line.text.replace(LOW_QUOTE, ""), words=words)


def _find_pairs(blots: Sequence[Rect], high: float) -> Iterator[float]:
    """Where each pair of low marks ends."""
    tall = [blot.bottom for blot in blots if blot.height > TALL * high]
    if not tall:
        return
    foot = median(tall)
    small = [blot for blot in blots if LOWEST * high < blot.height < HIGHEST * high]
    low = [
        blot
        for blot in sorted(small, key=lambda blot: blot.left)
        if blot.top > foot - ABOVE * high and blot.bottom > foot + BELOW * high and blot.width < WIDEST * high
    ]
    for one, two in pairwise(low):
        equal = max(abs(one.top - two.top), abs(one.bottom - two.bottom), abs(one.width - two.width))
        if equal <= ALIKE * high and one.right <= two.left < one.left + APART * high:
            yield two.right


def _with_quote(found: RecognisedText, at: int, number: int, place: float) -> RecognisedText:
    text, certain, places = found.text, found.certain, found.places
    instead = 1 if text[at] in READ_FOR_IT else 0
    return replace(
        found,
        text=text[:at] + LOW_QUOTE + text[at + instead :],
        certain=(*certain[:at], certain[at], *certain[at + instead :]),
        places=(*places[:number], place, *places[number + instead :]),
    )
