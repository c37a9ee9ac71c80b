"""A written line; and initials, as high as several lines, put before the line whose first letter they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.lines import Line

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

ABOVE, BELOW = 0.8, 0.2
"""How far the box of a line reaches from its base, in sizes."""

INITIAL = 1.8
"""A letter this many times larger than the line beside it may be its first."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenLine:
    """A line and the places of its letters in the layer."""

    line: Line
    letters: Numbers


def with_initials(lines: Sequence[WrittenLine]) -> list[WrittenLine]:
    """A letter as high as several lines is the first one of the word to the right of its top."""
    kept = list(lines)
    for initial in [line for line in lines if len(line.line.text) == 1 and line.line.text.isalpha()]:
        rest = [line for line in kept if line is not initial and _begins_with(initial.line, line.line)]
        if rest:
            first = min(rest, key=lambda line: line.line.rect.top)
            kept[kept.index(first)] = _glued(initial, first)
            kept.remove(initial)
    return kept


def _begins_with(initial: Line, line: Line) -> bool:
    top = initial.rect.bottom - BELOW * initial.size - initial.letters
    gap = line.rect.left - initial.rect.right
    return (
        initial.size > INITIAL * line.size
        and line.text[:1].isalpha()
        and -0.1 * line.size < gap < 0.8 * line.size
        and abs(line.rect.bottom - BELOW * line.size - line.letters - top) < line.size
    )


def _glued(initial: WrittenLine, first: WrittenLine) -> WrittenLine:
    import numpy as np

    line = first.line
    words = tuple(replace(word, glued=True) if not at else word for at, word in enumerate(line.words))
    return WrittenLine(
        replace(
            line,
            rect=replace(line.rect, left=initial.line.rect.left),
            text=initial.line.text + line.text,
            words=(*initial.line.words, *words),
        ),
        np.concatenate([initial.letters, first.letters]),
    )
