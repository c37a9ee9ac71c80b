"""The values that layout works on: where text stands, in pixels of the straightened page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from papertray.engine.rectangles import Rect

CAPITAL = 0.72
"""Capitals are so high, in sizes of type."""


@dataclass(frozen=True, slots=True)
class BulletMark:
    """A blot of ink before a line: the gap to its first word and how wide that is, in heights of letters."""

    rect: Rect
    gap: float
    word: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, or the part of it that is set in one way; `glued` to the one before it.

    `certain` is how sure the recogniser was of each of its letters; empty where it was not asked.
    """

    text: str
    left: float
    right: float
    glued: bool = False
    bold: bool = False
    italic: bool = False
    mono: bool = False
    link: str = ""
    certain: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or the part of it that was found in one piece.

    `size` is the height of its box, `letters` that of its letters, where their ink could be measured; `mark`
    is what may be a bullet before it, `weight` how thick its strokes are, in heights of its letters. The rest
    is known of lines that the file itself has, and None or empty where it is not: `colour` is 0xRRGGBB.
    `words` stand in the order in which they are read. `sideways` is the same line on the page turned so that
    it runs from left to right, where it does not. `mathematics` is the share of its letters that fonts for
    formulas set, and `ordinary` the others where there are such, without raised and lowered ones.
    """

    rect: Rect
    text: str
    score: float = 1.0
    size: float = 0.0
    letters: float = 0.0
    mark: BulletMark | None = None
    font_size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    mono: bool | None = None
    colour: int | None = None
    right_to_left: bool = False
    words: tuple[Word, ...] = ()
    weight: float = 0.0
    sideways: Line | None = None
    mathematics: float = 0.0
    ordinary: str = ""

    def __hash__(self) -> int:
        """Lines are told apart by hundreds on a page, and none but by its place or its text."""
        return hash((self.rect, self.text))

    @property
    def lettering(self) -> float:
        return self.letters or self.size

    @property
    def type_size(self) -> float:
        """What a printer calls its size: as the file says, or as capitals of that height have it."""
        return self.font_size or self.lettering / CAPITAL


@dataclass(frozen=True, slots=True)
class Table:
    """Cells row by row; the first row is the head. A cell that holds nothing is an empty string."""

    rect: Rect
    rows: tuple[tuple[str, ...], ...]


def bounding_rect(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle that holds them all."""
    every = list(rects)
    return Rect(
        min(rect.left for rect in every),
        min(rect.top for rect in every),
        max(rect.right for rect in every),
        max(rect.bottom for rect in every),
    )


def put_together(one: Line, other: Line) -> Line:
    """Two parts of a line as one. What cannot be added up, the longer part tells."""
    longer = max(one, other, key=lambda line: len(line.text))
    return replace(
        longer,
        rect=bounding_rect([one.rect, other.rect]),
        text=f"{one.text} {other.text}",
        score=min(one.score, other.score),
        size=max(one.size, other.size),
        letters=max(one.letters, other.letters),
        mark=one.mark,
        words=(*one.words, *other.words) if one.words and other.words else (),
    )


def group_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.rect.middle):
        if rows and _beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.rect.left) for row in rows]


def _beside(row: list[Line], line: Line) -> bool:
    middle = sum(other.rect.middle for other in row) / len(row)
    reach = min(line.rect.height, min(other.rect.height for other in row)) / 2
    return abs(line.rect.middle - middle) < reach
