"""Spread the words of a block over its box, where nobody saw the lines in which they stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.words import WHOLE, join_placed, letters_width, split_words, spread_words
from papertray.engine.pages import Block, Box

LOW, LETTERS = 2.2, 80
"""A line is so many widths of a letter high, with its white; and so many letters fill a usual one."""


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word of a block: its number, and whether no blank stands before it."""

    text: str
    glued: bool
    block: int


def spread_blocks(blocks: Sequence[Block], said: Sequence[SaidWord]) -> list[PlacedLine]:
    """Lines that fill the boxes of their blocks; what has no box stands in that of the block before it."""
    boxes: dict[Box, list[SaidWord]] = {}
    box = next((block.box for block in blocks if block.box), _sheet_for(said))
    for word in said:
        box = blocks[word.block].box or box
        boxes.setdefault(box, []).append(word)
    return [line for box, words in boxes.items() for line in _fill_box(box, words)]


def _sheet_for(said: Sequence[SaidWord]) -> Box:
    """As much of a page as so many words take that nobody knows a place of."""
    lines = ceil(sum(letters_width(word.text) + 0.5 for word in said) / LETTERS)
    return Box(0.05, 0.05, 0.95, min(0.95, 0.05 + 0.02 * lines))


def _fill_box(box: Box, said: Sequence[SaidWord]) -> list[PlacedLine]:
    """As many lines as letters of a usual form need in a page that is higher than wide."""
    text = "".join(("" if word.glued else " ") + word.text for word in said).strip()
    width, height = box.right - box.left, (box.bottom - box.top) * sqrt(2)
    if width <= 0 or height <= 0 or not text:
        return []
    needed = letters_width(text)
    count = max(1, min(round(sqrt(needed * LOW * height / width) / LOW), len(text.split())))
    rows = _fold(text, ceil(needed / count))
    step = (box.bottom - box.top) / len(rows)
    return [
        PlacedLine(
            (box.left, top, box.right, top, box.left, top + step * 0.9),
            tuple(join_placed(spread_words(row, 0, WHOLE * min(1.0, letters_width(row) * count / needed)))),
        )
        for row, top in ((row, box.top + number * step) for number, row in enumerate(rows))
    ]


def _fold(text: str, width: float) -> list[str]:
    rows, row = [], ""
    for word, glued in split_words(text):
        longer = row + ("" if glued or not row else " ") + word
        if row and letters_width(longer) > width * 1.05:
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row]
