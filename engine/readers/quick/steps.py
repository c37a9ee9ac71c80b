"""What the recogniser saw step by step along a line, as text.

Takes for each step how likely each letter is; gives the letters that were likeliest, each once. A blank, or
a dot within a number, is often seen and then passed over for nothing at all, where it is narrow or pale: what
is likely enough is put back, and a blank only where the line is white. Pure numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from papertray.engine.readers.quick.alike import settle_alike
from papertray.engine.readers.quick.blanks import (
    MARKS,
    SeenLetter,
    WhiteBetween,
    likely_within,
    missed_blanks,
)

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

NO_LETTER = 0
"""The place among the letters of a step on which there is none."""

MISSED_MARK = 0.2
"""Of marks that are so likely within a number seven of eight are there."""

PALE_MARK = 0.02
"""A mark in a number that is likelier than this is worth another look."""


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """What a piece says and how sure that is.

    `places` tells how far along the piece each letter stands, blanks left out; `certain` has one number for
    each letter and blank. `pale_mark` is True where a mark within a number may have been passed over.
    """

    text: str
    score: float
    places: tuple[float, ...] = ()
    certain: tuple[float, ...] = ()
    pale_mark: bool = False


NOTHING = RecognisedText("", 0.0)


def spell_steps(
    chances: Numbers,
    letters: Sequence[str],
    filled: float = 1.0,
    white_between: WhiteBetween | None = None,
) -> RecognisedText:
    """`letters` names the columns of `chances`, the last for blanks; the line has `filled` part of them."""
    seen = list(_likeliest(chances, letters))
    if not seen:
        return NOTHING
    score = round(sum(one.certain for one in seen) / len(seen), 5)
    seen = list(settle_alike(seen, chances, letters))
    if not any(_is_wide(one.text) for one in seen):
        seen = list(_put_back(seen, chances, letters, white_between))
    steps = max(len(chances) * filled, 1.0)
    return RecognisedText(
        "".join(one.text for one in seen),
        score,
        tuple((one.step + 0.5) / steps for one in seen if not one.text.isspace()),
        tuple(one.certain for one in seen),
        _has_pale_mark(seen, chances, letters),
    )


def _likeliest(chances: Numbers, letters: Sequence[str]) -> Iterator[SeenLetter]:
    best, certain = chances.argmax(axis=1).tolist(), chances.max(axis=1).tolist()
    before = NO_LETTER
    for step, (letter, sure) in enumerate(zip(best, certain, strict=True)):
        if letter not in (NO_LETTER, before):
            yield SeenLetter(letter, letters[letter], round(sure, 5), step)
        before = letter


def _put_back(
    seen: Sequence[SeenLetter],
    chances: Numbers,
    letters: Sequence[str],
    white_between: WhiteBetween | None,
) -> Iterator[SeenLetter]:
    blank = len(letters) - 1
    likely = chances[:, blank]
    missed = missed_blanks(seen, likely, white_between)
    for at, (left, right) in enumerate(pairwise(seen)):
        yield left
        mark = _missed_mark(left, right, chances[left.step + 1 : right.step], letters)
        if mark and mark.certain >= likely_within(likely, left, right):
            yield mark
        elif missed[at]:
            yield SeenLetter(blank, " ", round(missed[at], 5), left.step + 1)
    yield seen[-1]


def _missed_mark(
    left: SeenLetter, right: SeenLetter, gap: Numbers, letters: Sequence[str]
) -> SeenLetter | None:
    if not len(gap) or not (left.text.isdigit() and right.text.isdigit()):
        return None
    others = gap.copy()
    others[:, [NO_LETTER, left.column, right.column]] = 0
    step, letter = divmod(int(others.argmax()), others.shape[1])
    likely = float(others[step, letter])
    if likely < MISSED_MARK or letters[letter] not in MARKS:
        return None
    return SeenLetter(letter, letters[letter], round(likely, 5), left.step + 1 + step)


def _has_pale_mark(seen: Sequence[SeenLetter], chances: Numbers, letters: Sequence[str]) -> bool:
    """Also where a blank was seen in its place: 2 10 for 2.10."""
    gaps = [
        chances[left.step + 1 : right.step]
        for left, right in pairwise(one for one in seen if not one.text.isspace())
        if left.text.isdigit() and right.text.isdigit()
    ]
    marks = [letters.index(mark) for mark in MARKS if mark in letters] if gaps else []
    return any(gap[:, marks].max(initial=0.0) >= PALE_MARK for gap in gaps)


def _is_wide(letter: str) -> bool:
    """Han and kana have no words, and formulas among them no blanks."""
    return unicodedata.east_asian_width(letter) in "WF"
