"""The letters of a layer that can be seen, in the frame in which their lines run from left to right.

Takes a `Layer`; leaves out what is invisible, off the page or set twice. Lines may run in any direction;
those that run in the same one are a `Direction`: `along` it and `down` from line to line.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.turns import Turn
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

SMALLEST = 3.0
"""Pixels. Letters set smaller are not meant to be read."""

SET_TWICE = 0.12
"""The same letter again, nearer than this many times its size, makes it bold and nothing more."""

LONGEST_LIGATURE = 2
"""Letters of one sign are no farther from each other in the file than this."""

DOWNWARDS = 90
"""The turn of Chinese or Japanese columns: their letters stand upright below each other."""

HAIR = 0.01
"""Ink that is thinner than this, in sizes, is none."""

HYPHEN = 2
"""What pdfium makes of a hyphen at the end of a line."""

BLANKS = 0x20, 0xA0, 0xAD, 0x3000, 0xFEFF

LEADING = ".·_"
"""Dots and strokes that lead to the number of a page."""

MIDDLE = 0.3
"""So far above its line, in sizes, is the middle of a letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """Letters whose lines run the same way. `at` are their places in the layer, all else is in their frame.

    `begins` and `ends` hold a letter's room, `lefts`, `rights`, `tops` and `bottoms` its ink; `bases` say on
    which line it stands, `starts` where on it. `blank` says that a blank of the file stands before it,
    `guessed` that pdfium takes the white before it for one; `marks` stand over other letters, `spread` ones
    may be set apart within a word or lead on: letters and dots, not digits and signs.
    """

    turn: Turn
    at: Numbers
    begins: Numbers
    ends: Numbers
    lefts: Numbers
    rights: Numbers
    tops: Numbers
    bottoms: Numbers
    starts: Numbers
    bases: Numbers
    sizes: Numbers
    blank: Numbers
    guessed: Numbers
    marks: Numbers
    spread: Numbers


def directions(layer: Layer) -> list[Direction]:
    """The one with most letters first."""
    import numpy as np

    codes = layer.codes
    seen = _are_seen(layer, codes)
    empty = ~seen & _are_blank(layer, codes)
    turns = _turns(layer, codes, seen)
    seen &= ~_set_twice(layer, codes, seen)
    blanks = _behind(seen, empty & layer.each("seen")), _behind(seen, empty & ~layer.each("seen"))
    found = [
        _direction(layer, turn, np.flatnonzero(seen & (turns == turn)), *blanks)
        for turn in set(turns[seen].tolist())
    ]
    return sorted(found, key=lambda direction: -len(direction.at))


def _are_blank(layer: Layer, codes: Numbers) -> Numbers:
    """Blanks and line ends; and letters without ink, whatever they call themselves."""
    found: Numbers = are_named_blank(codes) | are_empty(layer)
    return found


def are_named_blank(codes: Numbers) -> Numbers:
    import numpy as np

    named: Numbers = (
        np.isin(codes, BLANKS) | ((codes >= 0x2000) & (codes <= 0x200F)) | ((codes < 32) & (codes != HYPHEN))
    )
    return named


def are_empty(layer: Layer) -> Numbers:
    least = HAIR * layer.each("size")
    boxes = layer.boxes
    empty: Numbers = (boxes[:, 2] - boxes[:, 0] <= least) | (boxes[:, 3] - boxes[:, 1] <= least)
    return empty


def _are_seen(layer: Layer, codes: Numbers) -> Numbers:
    boxes = layer.boxes
    on_page = (
        (boxes[:, 2] > 0) & (boxes[:, 3] > 0) & (boxes[:, 0] < layer.width) & (boxes[:, 1] < layer.height)
    )
    size = layer.each("size")
    found: Numbers = on_page & layer.each("seen") & (size > SMALLEST) & ~_are_blank(layer, codes)
    return found


def _set_twice(layer: Layer, codes: Numbers, seen: Numbers) -> Numbers:
    """Letters that repeat one at the same place: shadows, and bold made by drawing again."""
    import numpy as np

    at = np.flatnonzero(seen)
    x, y = layer.origins[at, 0], layer.origins[at, 1]
    size = layer.each("size")[at]
    twice = np.zeros(len(codes), bool)
    for shift in (0.0, 0.5):
        rows = np.floor(y / (4 * SET_TWICE * size) + shift)
        order = np.lexsort((at, x, rows, codes[at]))
        same = (codes[at][order][1:] == codes[at][order][:-1]) & (rows[order][1:] == rows[order][:-1])
        close = np.abs(np.diff(x[order])) < SET_TWICE * size[order][1:]
        close &= np.abs(np.diff(y[order])) < SET_TWICE * size[order][1:]
        close &= ~_of_one_sign(layer, at[order])
        twice[np.maximum(at[order][1:], at[order][:-1])[same & close]] = True
    return twice


def _of_one_sign(layer: Layer, at: Numbers) -> Numbers:
    """Whether a letter and the one before it are drawn by one sign: they have one box, or parts of one."""
    import numpy as np

    one, other = layer.boxes[at][:-1], layer.boxes[at][1:]
    level = (one[:, 1] == other[:, 1]) & (one[:, 3] == other[:, 3])
    meets = level & (np.abs(other[:, 0] - one[:, 2]) < HAIR * layer.each("size")[at][1:])
    near: Numbers = ((one == other).all(axis=1) | meets) & (np.abs(np.diff(at)) <= LONGEST_LIGATURE)
    near &= layer.styled[at][1:] == layer.styled[at][:-1]
    return near


def _turns(layer: Layer, codes: Numbers, seen: Numbers) -> Numbers:
    """In whole degrees; a quarter turn where it is nearly one."""
    import numpy as np

    turns = np.round(layer.each("turn")).astype(int) % 360
    quarters = (np.round(turns / 90) * 90).astype(int)
    turns = np.where(np.abs(turns - quarters) <= 3, quarters % 360, turns)
    wide = (
        seen & (codes >= 0x2E80) & ((codes < 0xA4D0) | (codes >= 0xF900)) & (codes < 0x30000) & (turns == 0)
    )
    if wide.sum() > 2:
        turns[_stacked(layer, np.flatnonzero(wide))] = DOWNWARDS
    return turns


def _stacked(layer: Layer, at: Numbers) -> Numbers:
    """Which of these letters stand in columns: three or more, each below the one before."""
    import numpy as np

    step = np.diff(layer.origins[at], axis=0)
    size = layer.each("size")[at][1:]
    below = (np.abs(step[:, 0]) < 0.3 * size) & (step[:, 1] > 0.5 * size) & (step[:, 1] < 1.6 * size)
    long = below.copy()
    long[1:] &= below[:-1]
    found = np.zeros(len(at), bool)
    for shift in range(3):
        found[shift : len(at) - 2 + shift] |= long[1:]
    return at[found]


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn"


def _around(way: Turn, boxes: Numbers) -> tuple[Numbers, Numbers]:
    """The least and the greatest corners of boxes in a frame."""
    import numpy as np

    corners = np.stack([way.points(boxes[:, [x, y]]) for x in (0, 2) for y in (1, 3)])
    return corners.min(axis=0), corners.max(axis=0)


def _behind(seen: Numbers, empty: Numbers) -> Numbers:
    """Which letters stand behind something empty in the file."""
    import numpy as np

    behind = np.zeros(len(seen), bool)
    places = np.flatnonzero(seen | empty)
    behind[places[1:]] = empty[places[:-1]]
    return behind


def _direction(layer: Layer, turn: int, at: Numbers, blank: Numbers, guessed: Numbers) -> Direction:
    import numpy as np

    way = Turn(turn, layer.width, layer.height)
    low, high = _around(way, layer.boxes[at])
    begins, ends = _around(way, layer.rooms[at])
    origins = way.points(layer.origins[at])
    sizes = layer.each("size")[at]
    stacked = (turn == DOWNWARDS) & (np.abs(layer.each("turn")[at]) < 45)
    return Direction(
        turn=way,
        at=at,
        begins=begins[:, 0],
        ends=ends[:, 0],
        lefts=low[:, 0],
        rights=high[:, 0],
        tops=low[:, 1],
        bottoms=high[:, 1],
        starts=origins[:, 0],
        bases=np.where(stacked, (low[:, 1] + high[:, 1]) / 2 + MIDDLE * sizes, origins[:, 1]),
        sizes=sizes,
        blank=blank[at],
        guessed=guessed[at],
        marks=layer.every(_is_mark)[at],
        spread=layer.every(lambda letter: letter.isalpha() or letter in LEADING)[at],
    )
