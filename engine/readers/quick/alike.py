"""Letters and digits that look alike: 100OML is 1000ML, and MSCl is MSCI.

Takes what was seen along a line; gives the same with those of which the other was seen as well, and is of the
kind that stands beside it. Neither is enough alone: there are names of letters and digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from papertray.engine.readers.quick.blanks import SeenLetter

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

LIKELY = 0.12
"""The other is so likely. Of twenty that were, and stood beside their kind, nineteen were on the page."""

Kind = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Alike:
    """`seen` may be `other` where one of that kind is next to it, and none that it is `never` beside.

    With `follows` that one stands before it: the O of SO2 has a digit behind it, and is none.
    """

    seen: str
    other: str
    beside: Kind
    never: Kind | None = None
    follows: bool = False


ALIKE = (
    Alike("O", "0", beside=str.isdigit, follows=True),
    Alike("l", "1", beside=str.isdigit),
    Alike("1", "l", beside=str.islower, never=str.isdigit),
    Alike("l", "I", beside=str.isupper, never=str.islower),
)
_SEEN = frozenset(row.seen for row in ALIKE)


def settle_alike(
    seen: Sequence[SeenLetter], chances: Numbers, letters: Sequence[str]
) -> Iterator[SeenLetter]:
    for at, letter in enumerate(seen):
        yield _settle(letter, seen, at, chances, letters) if letter.text in _SEEN else letter


def _settle(
    letter: SeenLetter, seen: Sequence[SeenLetter], at: int, chances: Numbers, letters: Sequence[str]
) -> SeenLetter:
    before = [one.text for one in seen[max(0, at - 1) : at]]
    beside = [*before, *(one.text for one in seen[at + 1 : at + 2])]
    for row in ALIKE:
        if row.seen != letter.text or not any(map(row.beside, before if row.follows else beside)):
            continue
        if row.never is not None and any(map(row.never, beside)):
            continue
        column = letters.index(row.other)
        likely = float(_steps_of(letter, chances)[:, column].max())
        if likely >= LIKELY:
            return replace(letter, column=column, text=row.other, certain=round(likely, 5))
    return letter


def _steps_of(letter: SeenLetter, chances: Numbers) -> Numbers:
    """Those on which it is the likeliest, one after the other."""
    end = letter.step + 1
    while end < len(chances) and int(chances[end].argmax()) == letter.column:
        end += 1
    return chances[letter.step : end]
