"""Blanks between words that the recogniser all but passed over: those that the picture bears out.

Takes what was seen along a line, and how wide the white is between any two places of it; gives the blanks to
put back. A blank is as white as the others of its line, and letters are as close as its other letters are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

WhiteBetween = Callable[[int, int], float]
"""How wide, in heights of the line, the widest white is between the letters of two steps."""

MISSED_BLANK, IN_NUMBER = 0.12, 0.25
"""Of blanks that are so likely between two letters seven of eight are there; the same between two digits."""

SPACED = 4.0
"""In words that are set wide, a blank is so many times likelier than between most letters of the line."""

PARTED = 0.4
"""And so far from most gaps between letters to most blanks of the line its white is."""

PALE_BLANK, WIDE = 0.02, 0.9
"""A blank that is hardly likely is one where it is so white."""

SURE_BLANK, NO_BLANK = 0.9, 0.01
"""What most blanks of the line, and most gaps between letters, are measured on."""

USUAL, TIMES, STEP = 0.3, 2.5, 0.08
"""A line's blank where none is sure, in heights and in gaps between letters; it is so much wider at least."""

MARKS = ".,:/"
"""What stands within numbers."""

OPENING, CLOSING = frozenset("([{<‹«„“‘¿¡×"), frozenset(")]}>›».,;!?%”’×")
"""What no blank follows, or stands before."""


@dataclass(frozen=True, slots=True)
class SeenLetter:
    column: int
    text: str
    certain: float
    step: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What is between two letters that follow each other: how likely a blank is, and whether it was seen."""

    left: SeenLetter
    right: SeenLetter
    likely: float
    blank: bool


def missed_blanks(
    seen: Sequence[SeenLetter], likely: Numbers, white_between: WhiteBetween | None
) -> list[float]:
    """For each letter but the last how sure a blank is behind it that was not seen; 0 where there is none.

    `likely` tells for each step of the line how likely a blank is on it.
    """
    spaced = _likely_everywhere(seen, likely)
    enough = max(MISSED_BLANK, SPACED * spaced)
    pale = max(PALE_BLANK, SPACED * spaced)
    found = [0.0] * (len(seen) - 1)
    for at, (left, right) in enumerate(pairwise(seen)):
        chance = likely_within(likely, left, right)
        if chance >= min(enough, pale) and _may_part(seen, at, chance):
            found[at] = chance
    if white_between is None or not any(found):
        return [chance if chance >= enough else 0.0 for chance in found]
    whiteness = _Whiteness.measure(seen, likely, white_between)
    return [
        chance if chance and whiteness.bears_out(left, right, chance, enough) else 0.0
        for chance, (left, right) in zip(found, pairwise(seen), strict=True)
    ]


def likely_within(likely: Numbers, left: SeenLetter, right: SeenLetter) -> float:
    return float(likely[left.step + 1 : right.step].max(initial=0.0))


def _likely_everywhere(seen: Sequence[SeenLetter], likely: Numbers) -> float:
    inside = sorted(
        likely_within(likely, left, right)
        for left, right in pairwise(seen)
        if not left.text.isspace() and not right.text.isspace()
    )
    return inside[(len(inside) - 1) // 2] if len(inside) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class _Whiteness:
    """`close` is the white between most letters of the line, `wide` that of its blanks, if any are sure."""

    white_between: WhiteBetween
    close: float
    wide: float | None

    @classmethod
    def measure(cls, seen: Sequence[SeenLetter], likely: Numbers, white_between: WhiteBetween) -> _Whiteness:
        letters = [one for one in seen if not one.text.isspace()]
        close, wide = [], []
        for left, right in pairwise(letters):
            chance = likely_within(likely, left, right)
            if chance < NO_BLANK:
                close.append(white_between(left.step, right.step))
            elif chance >= SURE_BLANK:
                wide.append(white_between(left.step, right.step))
        return cls(white_between, median(close or [STEP]), median(wide) if wide else None)

    def bears_out(self, left: SeenLetter, right: SeenLetter, chance: float, enough: float) -> bool:
        """Letters that slant or touch leave no white, and then nothing speaks against a blank."""
        if chance >= enough and (self.wide is None or not self.close):
            return True
        usual = max(USUAL, TIMES * self.close) if self.wide is None else self.wide
        white = self.white_between(left.step, right.step) - self.close
        return white >= (PARTED if chance >= enough else WIDE) * max(usual - self.close, STEP)


def _may_part(seen: Sequence[SeenLetter], at: int, likely: float) -> bool:
    """Whether a blank can stand behind this letter."""
    left, right = seen[at].text, seen[at + 1].text
    if left in OPENING or right in CLOSING or left.isspace() or right.isspace():
        return False
    if not right.isdigit():
        return True
    number = left.isdigit() or (left in MARKS and at > 0 and seen[at - 1].text.isdigit())
    return not number or (left.isdigit() and likely >= IN_NUMBER)
