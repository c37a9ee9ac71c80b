"""The numbers that a printer sets before the lines of a listing, in other letters than these.

Takes the lines of one row; gives its number and what stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from papertray.engine.layout.cutting import join_words
from papertray.engine.layout.lines import Line


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row of a listing; `number` is empty where it has none, `code` where it has nothing else."""

    number: str
    code: tuple[Line, ...]

    def follows(self, other: NumberedRow) -> bool:
        """Whether it is counted as the next one, or neither is counted."""
        if not self.number or not other.number:
            return bool(self.code)
        return int(self.number) == int(other.number) + 1


def part_number(row: Sequence[Line]) -> NumberedRow:
    """A number in letters of one width is what the program itself says."""
    first = row[0]
    if first.text.isdecimal() and not first.mono:
        return NumberedRow(first.text, tuple(row[1:]))
    if begins_with_number(first) and not first.words[0].mono:
        return NumberedRow(first.words[0].text, (behind_first_word(first), *row[1:]))
    return NumberedRow("", tuple(row))


def begins_with_number(line: Line) -> bool:
    words = line.words
    return len(words) > 1 and words[0].text.isdecimal() and not words[1].glued


def behind_first_word(line: Line) -> Line:
    behind = line.words[1:]
    return replace(
        line,
        rect=replace(line.rect, left=behind[0].left),
        text=join_words(behind),
        words=behind,
        mono=all(word.mono for word in behind),
    )
