"""A written line; and what stands apart but belongs to it: its number, or an initial of several lines."""

from __future__ import annotations

import re
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


NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[A-Z]\.|[IVX]{1,4}\.)")
TAB, ALONE = 3.0, 8.0
"""In sizes: a section's number stands no farther from its title, and no other cell of a row so near."""


def with_numbers(lines: Sequence[WrittenLine]) -> list[WrittenLine]:
    """The number of a section and its title, which a tab parts, are one line; cells of a table are not."""
    kept = list(lines)
    for number in [line for line in lines if line.line.bold and NUMBER.fullmatch(line.line.text)]:
        row = [line for line in kept if line is not number and _beside(number.line, line.line)]
        if len(row) == 1 and row[0].line.text[:1].isalpha() and _set_alike(number.line, row[0].line):
            kept[kept.index(row[0])] = join_written(number, row[0], " ")
            kept.remove(number)
    return kept


def _beside(number: Line, line: Line) -> bool:
    """Whether a line begins behind the number, or ends before it, as near as a cell of its row would."""
    level = abs(line.rect.middle - number.rect.middle) < 0.4 * number.size
    behind, before = line.rect.left - number.rect.right, number.rect.left - line.rect.right
    return level and (0 < behind < ALONE * number.size or 0 < before < ALONE * number.size)


def _set_alike(one: Line, other: Line) -> bool:
    return (
        other.bold is True
        and abs(one.size - other.size) < 0.1 * one.size
        and other.rect.left > one.rect.right
    )


def with_initials(lines: Sequence[WrittenLine]) -> list[WrittenLine]:
    """A letter as high as several lines is the first one of the word to the right of its top."""
    kept = list(lines)
    for initial in [line for line in lines if len(line.line.text) == 1 and line.line.text.isalpha()]:
        rest = [line for line in kept if line is not initial and _begins_with(initial.line, line.line)]
        if rest:
            first = min(rest, key=lambda line: line.line.rect.top)
            kept[kept.index(first)] = join_written(initial, first, "")
            kept.remove(initial)
            kept = [_out_to(initial.line, line) for line in kept]
    return kept


def _out_to(initial: Line, written: WrittenLine) -> WrittenLine:
    """A line beside the lower part of an initial begins where it does: no indent, but room for the letter."""
    line = written.line
    beside = initial.rect.top < line.rect.middle < initial.rect.bottom
    if not (beside and _is_behind(initial, line)):
        return written
    return WrittenLine(replace(line, rect=replace(line.rect, left=initial.rect.left)), written.letters)


def _begins_with(initial: Line, line: Line) -> bool:
    top = initial.rect.bottom - BELOW * initial.size - initial.letters
    return (
        line.text[:1].isalpha()
        and _is_behind(initial, line)
        and abs(line.rect.bottom - BELOW * line.size - line.letters - top) < line.size
    )


def _is_behind(initial: Line, line: Line) -> bool:
    gap = line.rect.left - initial.rect.right
    return initial.size > INITIAL * line.size and -0.1 * line.size < gap < 0.8 * line.size


def join_written(before: WrittenLine, line: WrittenLine, blank: str) -> WrittenLine:
    import numpy as np

    first, after = before.line, line.line
    formal = len(first.text) * first.mathematics + len(after.text) * after.mathematics
    plain = [part.ordinary if part.mathematics else part.text for part in (first, after)]
    words = tuple(replace(word, glued=not blank) if not at else word for at, word in enumerate(after.words))
    return WrittenLine(
        replace(
            after,
            rect=replace(after.rect, left=first.rect.left),
            text=first.text + blank + after.text,
            words=(*first.words, *words),
            mathematics=formal / (len(first.text) + len(after.text)),
            ordinary=blank.join(plain) if formal else "",
        ),
        np.concatenate([before.letters, line.letters]),
    )
