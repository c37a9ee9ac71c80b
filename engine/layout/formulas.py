"""Find displayed formulas: those whose parts stand over each other, and those that have a number.

Takes the lines of a page; gives the formulas and all other lines. What fractions, sums with limits or
matrices say cannot be told line by line, so they are not spelled; a formula on one line is. Words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from papertray.engine.escape import escape
from papertray.engine.layout.formal import is_formal, may_be_formal, spelled_words
from papertray.engine.layout.lines import Line, bounding_rect, group_rows
from papertray.engine.layout.lists import is_marker
from papertray.engine.rectangles import Rect

REACH, STACKED, LARGE = 3.0, 0.75, 1.4
"""Parts of one formula stand no farther beside and below each other than this, in sizes; the limits of a lone
sign no farther than the last."""

STEP = 0.25, 1.0
"""Bases of parts over each other differ by so much, in sizes: lines of text by more, an index by less."""

BESIDE = 1.5
"""So near, in sizes, parts stand that show it, and those that have no signs of their own."""

SMALLER = 0.85
"""What is set so much smaller right over or under a part is its limit."""

STRAIGHT, SENTENCE = 0.15, 40
"""Cells of one row stand so nearly on one level, in sizes, and are shorter than this, in letters."""

SHARED = 0.25
"""What stands beside each other shares so much of its height, at least."""

LEVEL = 0.4
"""A number stands so nearly on the level of its formula, in sizes."""

NUMBER = re.compile(r"\((?=.*\w)(?:[A-Z]{1,2}[.\d]?)?\.?\d{0,3}(?:[.\-–]\d{1,3}){0,2}[a-z]?['′*]?\)")

_RELATION = re.compile("[=<>≤≥≈∼≡≠]")


@dataclass(frozen=True, slots=True)
class Formula:
    """`number` is what it is called, with its brackets; `text` what it says, where that can be told."""

    rect: Rect
    number: str = ""
    text: str = ""

    @property
    def markdown(self) -> str:
        if self.text:
            return escape(f"{self.text} {self.number}".strip())
        return f"[formula {self.number}]" if self.number else "[formula]"


def find_formulas(lines: Sequence[Line]) -> tuple[list[Formula], list[Line]]:
    numbers = [line for line in lines if NUMBER.fullmatch(line.text)]
    counted = set(map(id, numbers))
    loose = [line for line in lines if id(line) not in counted and _may_be_part(line)]
    formal = {id(line) for line in loose if is_formal(line)}
    if not formal:
        return [], list(lines)
    known = counted | set(map(id, loose))
    words = [line for line in lines if id(line) not in known and not is_marker(line.text)]
    found: list[Formula] = []
    taken: set[int] = set()
    for cluster in _clusters(loose, numbers, formal):
        if _is_among(cluster, words) or _is_of_table(cluster, words):
            continue
        stacked = _is_stacked(cluster)
        for parts in [cluster] if stacked else group_rows(cluster):
            inside = set(map(id, parts))
            others = [line for line in (*words, *loose) if id(line) not in inside]
            rect = bounding_rect(part.rect for part in parts)
            beside = [line for line in numbers if id(line) not in taken and _counts(line, rect, others)]
            if stacked or beside:
                found.append(_formula(rect, beside, () if stacked else parts))
                taken.update(map(id, (*parts, *beside)))
    return found, [line for line in lines if id(line) not in taken]


def _may_be_part(line: Line) -> bool:
    return may_be_formal(line) and not is_marker(line.text)


def _formula(rect: Rect, numbers: Sequence[Line], parts: Sequence[Line]) -> Formula:
    named = sorted(numbers, key=lambda line: line.rect.middle)
    return Formula(rect, ", ".join(line.text for line in named), " ".join(part.text for part in parts))


def _clusters(loose: Sequence[Line], numbers: Sequence[Line], formal: set[int]) -> Iterator[list[Line]]:
    """Parts that stand so near that they are of one formula."""
    left = sorted(loose, key=lambda line: (id(line) not in formal, line.rect.top))
    while left and id(left[0]) in formal:
        cluster = [left.pop(0)]
        rect = cluster[0].rect
        while near := [line for line in left if _joins(cluster, rect, line, numbers)]:
            cluster += near
            rect = bounding_rect(part.rect for part in cluster)
            taken = set(map(id, near))
            left = [line for line in left if id(line) not in taken]
        yield cluster


def _joins(cluster: Sequence[Line], rect: Rect, line: Line, numbers: Sequence[Line]) -> bool:
    """Whether a part stands beside others, no number of a formula between, or right over or under one."""
    across, down = _apart(rect, line.rect)
    if down > LARGE * line.size or across > (REACH if is_formal(line) else BESIDE) * line.size:
        return False
    if down < -SHARED * line.rect.height:
        return across < 0 or not any(_is_between(rect, number.rect, line.rect) for number in numbers)
    return not spelled_words(line) and any(_is_over(part, line) for part in cluster)


def _is_over(one: Line, other: Line) -> bool:
    """A lone sign may be a part of a bracket, a little beside, or a sum, whose ink reaches below its base."""
    across, down = _apart(one.rect, other.rect)
    small, size = sorted((one.size, other.size))
    whole = any(_RELATION.search(part.ordinary if part.mathematics else part.text) for part in (one, other))
    if whole and small > SMALLER * size and abs(one.rect.bottom - other.rect.bottom) > STEP[1] * size:
        return False  # two formulas, one after the other
    lone = len(one.text) == 1 or len(other.text) == 1
    near = size if lone else 0.0
    far = LARGE if lone and small < SMALLER * size else STACKED
    return across < near and down < far * size and not spelled_words(one)


def _is_between(one: Rect, middle: Rect, other: Rect) -> bool:
    left, right = min(one.right, other.right), max(one.left, other.left)
    return left <= middle.centre <= right and _apart(one, middle)[1] < 0


def _apart(one: Rect, other: Rect) -> tuple[float, float]:
    """How much white is between them, across and down; less than nothing where they overlap."""
    return (
        max(one.left - other.right, other.left - one.right),
        max(one.top - other.bottom, other.top - one.bottom),
    )


def _is_stacked(parts: Sequence[Line]) -> bool:
    return any(_are_stacked(one, other) for at, one in enumerate(parts) for other in parts[at + 1 :])


def _are_stacked(one: Line, other: Line) -> bool:
    small, size = sorted((one.size, other.size))
    across, down = _apart(one.rect, other.rect)
    if across < 0 and small < SMALLER * size and -LEVEL * size < down < STACKED * size:
        return True
    step = abs(one.rect.bottom - other.rect.bottom)
    return STEP[0] * size < step < STEP[1] * size and across < BESIDE * size


def _is_among(parts: Sequence[Line], words: Sequence[Line]) -> bool:
    """Whether words stand on the same lines: then it is a formula of a sentence, or none."""
    rect = bounding_rect(part.rect for part in parts)
    size = max(part.size for part in parts)
    for line in words:
        across, down = _apart(rect, line.rect)
        if across < REACH * size and down < -SHARED * line.rect.height:
            return True
    return False


def _is_of_table(parts: Sequence[Line], words: Sequence[Line]) -> bool:
    """Whether short words stand in its rows, however far: what signs mean, or how they are written."""
    rows = {
        round(part.rect.middle / part.size)
        for part in parts
        for line in words
        if len(line.text) < SENTENCE and abs(line.rect.middle - part.rect.middle) < STRAIGHT * part.size
    }
    return len(rows) > 1


def _counts(number: Line, rect: Rect, others: Sequence[Line]) -> bool:
    """Whether a number stands beside a formula, and nothing between them."""
    level = rect.top - LEVEL * number.size < number.rect.middle < rect.bottom + LEVEL * number.size
    if not level or _apart(number.rect, rect)[0] <= 0:
        return False
    left, right = min(number.rect.right, rect.right), max(number.rect.left, rect.left)
    between = Rect(left, number.rect.top, right, number.rect.bottom)
    return not any(max(_apart(line.rect, between)) < 0 for line in others)
