"""Put the ruled lines of a page's drawing together: tables are drawn cell by cell, in pieces that meet.

Takes thin rectangles in any order; gives each line once, as long as it looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from papertray.engine.layout.lines import bounding_rect
from papertray.engine.layout.rules import RuledLines
from papertray.engine.rectangles import Rect

SAME, MEETS = 3.0, 8.0
"""Pixels: lines no farther apart are one; pieces with no more white between their ends go on."""


LOWEST = 0.6
"""Lines down a page may be so much shorter: they part the cells of one row."""


def join_rules(pieces: Sequence[Rect], shortest: float) -> RuledLines:
    """Lines of at least this length, across and down."""
    across = _joined([piece for piece in pieces if piece.width >= piece.height])
    down = _joined([_turned(piece) for piece in pieces if piece.width < piece.height])
    return RuledLines(
        tuple(line for line in across if line.width > shortest),
        tuple(_turned(line) for line in down if line.width > LOWEST * shortest),
    )


def _turned(rect: Rect) -> Rect:
    return Rect(rect.top, rect.left, rect.bottom, rect.right)


def _joined(pieces: Sequence[Rect]) -> Iterator[Rect]:
    for level in _levels(pieces):
        line = level[0]
        for piece in level[1:]:
            if piece.left <= line.right + MEETS:
                line = bounding_rect([line, piece])
            else:
                yield line
                line = piece
        yield line


def _levels(pieces: Sequence[Rect]) -> Iterator[list[Rect]]:
    """Pieces of one height on the page, each from left to right."""
    level: list[Rect] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if level and piece.middle - level[-1].middle > SAME:
            yield sorted(level, key=lambda piece: piece.left)
            level = []
        level.append(piece)
    if level:
        yield sorted(level, key=lambda piece: piece.left)
