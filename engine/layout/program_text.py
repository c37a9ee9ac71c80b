"""Program text: lines in letters of one width that look like code. They keep their indentation and blanks.

A typed letter has letters of one width, too, but reads as prose. Takes the lines of a region; gives listings
and what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from papertray.engine.layout.lines import Line, Table, bounding_rect, group_rows
from papertray.engine.rectangles import Rect

FEWEST, FEWEST_SEEN = 2, 3
"""So many lines make a listing, where the file calls them monospaced and where it is seen."""

PAIRS, EVEN, OFF = 3, 0.9, 0.25
"""So many gaps in a line tell the width of its letters; so many of its words begin a whole number of widths
after each other, give or take this part of one."""

ALIKE = 0.06
"""Widths of letters in one listing differ by no more than this part."""

CODED = 0.4
"""So many lines of a listing have marks that prose has not."""

APART = 2.5
"""Lines of a listing follow each other within this many line heights."""

_MARKS = re.compile(
    r"[{};]\s*$|[=<>!+]=|[({\[]\s*$|\w\([^()]*\)[;:{]?\s*$|[=-]>|::\w|^\s*(?:[#$>]\s+\w|[@\\]\w|//|/\w+/)"
    r"|\\\w|\w\s=\s\S|</?\w+>|&&|\|\||\w_\w|\s--\w"
)


@dataclass(frozen=True, slots=True)
class ProgramText:
    rect: Rect
    text: str

    @property
    def markdown(self) -> str:
        fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", self.text)), default=0))
        return f"{fence}\n{self.text}\n{fence}"


def find_program_text(lines: Sequence[Line]) -> tuple[list[ProgramText], list[Line]]:
    listings: list[ProgramText] = []
    rest = list(lines)
    for run in _runs(group_rows(lines)):
        if _is_code(run):
            listings.append(_listing(run))
            inside = {id(line) for row in run for line in row}
            rest = [line for line in rest if id(line) not in inside]
    return listings, rest


def find_beside_listings(
    lines: Sequence[Line], find: Callable[[Sequence[Line]], tuple[list[Table], list[Line]]]
) -> tuple[list[Table], list[Line]]:
    """The tables that `find` sees where no listing stands, and all other lines."""
    _, others = find_program_text(lines)
    tables, rest = find(others)
    taken = {id(line) for line in others} - {id(line) for line in rest}
    return tables, [line for line in lines if id(line) not in taken]


def _runs(rows: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """Rows under each other whose letters have one width, or are too few to tell."""
    run: list[list[Line]] = []
    for row in rows:
        if run and not _goes_on(run, row):
            yield run
            run = []
        if run or _row_pitch(row) or _is_mono(row):
            run.append(row)
    if run:
        yield run


def _goes_on(run: Sequence[list[Line]], row: list[Line]) -> bool:
    above = run[-1][0]
    if row[0].rect.top - above.rect.top > APART * above.rect.height:
        return False
    if any(line.mono is not None for line in row):
        return _is_mono(row)
    known = [pitch for other in run for pitch in [_row_pitch(other)] if pitch]
    pitch = _row_pitch(row)
    if pitch and known:
        return abs(pitch - median(known)) < ALIKE * median(known)
    return _gaps(row) < PAIRS and _is_marked(row)


def _is_mono(row: Sequence[Line]) -> bool:
    return all(line.mono for line in row)


def _is_marked(row: Sequence[Line]) -> bool:
    return any(_MARKS.search(line.text) for line in row)


def _is_code(run: Sequence[list[Line]]) -> bool:
    fewest = FEWEST if all(map(_is_mono, run)) else FEWEST_SEEN
    return len(run) >= fewest and sum(map(_is_marked, run)) >= CODED * len(run)


def _gaps(row: Sequence[Line]) -> int:
    return sum(max(len(line.words) - 1, 0) for line in row)


def _row_pitch(row: Sequence[Line]) -> float:
    """How wide every letter of a row is; 0 where they differ or cannot be told."""
    words = sorted((word for line in row for word in line.words), key=lambda word: word.left)
    steps = [(behind.left - before.left, len(before.text) + 1) for before, behind in pairwise(words)]
    if len(steps) < PAIRS:
        return 0.0
    pitch = median(far / letters for far, letters in steps)
    even = sum(
        abs(far / pitch - round(far / pitch)) < OFF and far / pitch > letters - OFF for far, letters in steps
    )
    return pitch if even >= EVEN * len(steps) else 0.0


def _listing(run: Sequence[list[Line]]) -> ProgramText:
    rect = bounding_rect(line.rect for row in run for line in row)
    pitches = [pitch for row in run for pitch in [_row_pitch(row)] if pitch]
    widths = [line.rect.width / max(len(line.text), 1) for row in run for line in row]
    pitch = median(pitches or widths)
    return ProgramText(rect, "\n".join(_set_out(row, rect.left, pitch) for row in run))


def _set_out(row: Sequence[Line], left: float, pitch: float) -> str:
    """A row with its blanks, as many as fit."""
    places = [(word.left, word.text, word.glued) for line in row for word in line.words] or [
        (line.rect.left, line.text, False) for line in row
    ]
    text = ""
    for at, word, glued in sorted(places):
        column = round((at - left) / pitch)
        blanks = max(column - len(text), 0 if glued or not text else 1)
        text += " " * blanks + word
    return text.rstrip()
