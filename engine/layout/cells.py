"""Cut the boxes that text detection found along the lines of a grid, before they are read.

Detection joins neighbouring cells whose words stand close, and its boxes reach over the lines beside a word,
which would be read as a letter. One box in, one box for each cell out.
"""

from __future__ import annotations

from collections.abc import Sequence

from papertray.engine.rectangles import Rect

BESIDE = 0.4
"""A line this close to a box's end, in heights of the box, stands beside the word: no letter is outside."""

TALLER = 1.3
"""A line between cells is longer than the words are high: others are strokes of large letters."""

CLEAR = 3.0
"""Pixels to stay away from a line."""


def cut_at_rules(rect: Rect, down: Sequence[Rect]) -> list[Rect]:
    crossing = sorted(
        (
            line
            for line in down
            if line.height > TALLER * rect.height
            and line.top < rect.middle < line.bottom
            and rect.left < line.centre < rect.right
        ),
        key=lambda line: line.left,
    )
    pieces, left = [], rect.left
    for line in crossing:
        pieces.append((left, line.left - CLEAR))
        left = line.right + CLEAR
    pieces.append((left, rect.right))
    reach = BESIDE * rect.height
    kept = [(start, end) for start, end in pieces if end - start > reach]
    return [Rect(start, rect.top, end, rect.bottom) for start, end in kept] or [rect]
