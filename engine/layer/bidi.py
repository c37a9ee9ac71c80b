"""Put a line with letters that run from right to left into the order in which it is read.

Takes letters as they stand on the page, from left to right; gives their places in reading order. Figures run
from left to right also there, marks stay behind the letter that they stand on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

FIRST = "\u0590"
"""Letters before this one run to the right."""

LEFTWARDS = frozenset({"R", "AL"})
NUMERIC = frozenset({"EN", "AN"})
BETWEEN_DIGITS = frozenset(".,:/-'٫٬")


def runs_leftwards(letter: str) -> bool:
    return letter >= FIRST and unicodedata.bidirectional(letter) in LEFTWARDS


def is_right_to_left(text: Sequence[str]) -> bool:
    """Whether most of its letters run from right to left."""
    leftwards = sum(map(runs_leftwards, text))
    return leftwards > 0 and 2 * leftwards > sum(letter.isalpha() for letter in text)


def order_letters(text: Sequence[str]) -> list[int]:
    """The places of letters that stand from left to right, in the order in which they are read."""
    backwards = is_right_to_left(text)
    ways = _ways(text, backwards)
    runs = [list(group) for _, group in groupby(range(len(text)), key=lambda at: ways[at])]
    order: list[int] = []
    for run in reversed(runs) if backwards else runs:
        order.extend(_behind_their_letters(run, text) if ways[run[0]] else run)
    return order


def _ways(text: Sequence[str], backwards: bool) -> list[bool]:
    """Of each letter whether it runs to the left; what runs no way goes with its neighbours or the line."""
    ways: list[bool | None] = []
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        ways.append(True if kind in LEFTWARDS else False if kind in NUMERIC or kind == "L" else None)
    for at, letter in enumerate(text):
        if letter in BETWEEN_DIGITS and 0 < at < len(text) - 1 and _are_digits(text[at - 1], text[at + 1]):
            ways[at] = False
        elif ways[at] is None and unicodedata.combining(letter) and at:
            ways[at] = ways[at - 1]
    return [way if way is not None else _neighbours(ways, at, backwards) for at, way in enumerate(ways)]


def _are_digits(one: str, other: str) -> bool:
    return one.isdigit() and other.isdigit()


def _neighbours(ways: Sequence[bool | None], at: int, backwards: bool) -> bool:
    before = next((way for way in reversed(ways[:at]) if way is not None), backwards)
    after = next((way for way in ways[at + 1 :] if way is not None), backwards)
    return before if before == after else backwards


def _behind_their_letters(run: Sequence[int], text: Sequence[str]) -> list[int]:
    """A run to the left, read; marks, which stand over their letter, come after it."""
    order: list[int] = []
    marks: list[int] = []
    for at in reversed(run):
        if unicodedata.combining(text[at]):
            marks.append(at)
        else:
            order.extend([at, *marks])
            marks = []
    return [*order, *marks]
