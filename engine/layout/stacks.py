"""Lines of running text: those that stand under each other, begin alike and fill the width of their column.

Cells of a table stand under each other too, but end where their words end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papertray.engine.layout.lines import Line, Table, bounding_rect
from papertray.engine.rectangles import Rect

WIDE = 6.0
"""Running text is at least this wide. This and what follows is in heights of a line's box."""

UNDER, INDENT, RESIZED = 2.2, 2.5, 1.5
"""The next line begins not lower than this, not farther aside, in letters not so much larger."""

FEWEST = 3

FULL, FILLED, WELL_FILLED = 0.7, 0.6, 0.8
"""A line is full that reaches over this share of its stack; so many of a stack's lines are full."""

FLOWING = 0.2
"""Where letters have cases, at least this share of the lines goes on with a small one."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Lines from top to bottom that may be running text."""

    lines: tuple[Line, ...]

    @property
    def rect(self) -> Rect:
        return bounding_rect(line.rect for line in self.lines)

    @property
    def is_prose(self) -> bool:
        if len(self.lines) < FEWEST:
            return False
        rect = self.rect
        filled = sum(line.rect.right > rect.left + FULL * rect.width for line in self.lines) / len(self.lines)
        return filled >= (FILLED if _flows(self.lines) else WELL_FILLED)


def _flows(lines: Sequence[Line]) -> bool:
    return sum(line.text[:1].islower() for line in lines) >= FLOWING * len(lines)


def is_wide(item: Line | Table) -> bool:
    return isinstance(item, Line) and item.rect.width >= WIDE * item.rect.height


def find_stacks(lines: Sequence[Line]) -> list[Stack]:
    """Wide lines, gathered with those that they stand under."""
    stacks: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.rect.middle):
        if not is_wide(line):
            continue
        above = next((stack for stack in reversed(stacks) if _continues(stack[-1], line)), None)
        if above is None:
            stacks.append([line])
        else:
            above.append(line)
    return [Stack(tuple(stack)) for stack in stacks]


def _continues(above: Line, below: Line) -> bool:
    high = max(above.rect.height, below.rect.height)
    return (
        0.5 * high < below.rect.middle - above.rect.middle < UNDER * high
        and abs(below.rect.left - above.rect.left) < INDENT * high
        and high < RESIZED * min(above.rect.height, below.rect.height)
    )


def find_prose_lines(lines: Sequence[Line]) -> frozenset[Line]:
    return frozenset(line for stack in find_stacks(lines) if stack.is_prose for line in stack.lines)
