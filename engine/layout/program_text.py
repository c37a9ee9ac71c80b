"""Program text: lines in letters of one width that look like code. They keep their indentation and blanks.

A typed letter has letters of one width, too, but reads as prose. Takes the lines of a region; gives listings
and what is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from papertray.engine.layout.line_numbers import part_number
from papertray.engine.layout.lines import Line, Table, bounding_rect, group_rows
from papertray.engine.rectangles import Rect

FEWEST, FEWEST_SEEN = 2, 3
"""So many lines make a listing, where the file calls them monospaced and where it is seen."""

PAIRS, EVEN, OFF = 3, 0.9, 0.25
"""So many gaps in a line tell the width of its letters; so many of its words begin a whole number of widths
after each other, give or take this part of one."""

TELLING = 4
"""Lines of fewer letters do not tell how wide these are: a prompt's ink is narrower than its letter."""

ALIKE = 0.06
"""Widths of letters in one listing differ by no more than this part."""

CODED = 0.4
"""So many lines of a listing have marks that prose has not."""

APART, APART_TYPED = 2.5, 3.3
"""Lines of a listing follow each other within this many line heights; where the file itself sets them so, an
empty line may stand between them."""

MOSTLY, COUNTED = 0.6, 5
"""Where more of a page is set in such letters, they say nothing: it was typed. Unless so many lines are
counted in other letters, and such a share of them."""

WIDE = 0.2
"""So much of a line in Chinese or Japanese may be a comment."""

LARGER = 1.15
"""Letters so much larger are another's: a heading that names a command is set like one."""

EMPTY = 1.7
"""An empty line stands where the step from line to line is this many times the usual one."""

ALONE = 1.35
"""A line that stands alone is so many line heights away from others."""

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


def find_listings(lines: Sequence[Line]) -> tuple[list[ProgramText], list[Line]]:
    """What the file itself sets in letters of one width on a page of others, whatever white stands in it.

    One line alone has to look like code as well: words of a paragraph are set so, too.
    """
    mono = sum(len(line.text) for line in lines if _is_typed(line))
    if not mono:
        return [], list(lines)
    rows = group_rows(lines)
    found = [
        run for run in _mono_runs(rows) if len(run) > 1 or (_is_command(run[0]) and _is_alone(run[0], rows))
    ]
    if mono >= MOSTLY * sum(len(line.text) for line in lines):
        found = [run for run in found if _is_counted(run)]
    inside = {id(line) for run in found for row in run for line in row}
    return [_listing(run) for run in found], [line for line in lines if id(line) not in inside]


def _is_counted(run: Sequence[list[Line]]) -> bool:
    """Whether other letters count its lines, which nobody does on a page that was typed."""
    numbered = sum(bool(part_number(row).number) for row in run)
    return len(run) >= COUNTED and numbered > MOSTLY * len(run)


def _is_command(row: Sequence[Line]) -> bool:
    """Looks like code by itself; behind a prompt, which may stand apart, whatever follows does."""
    return _is_marked(row) or _MARKS.search(" ".join(line.text for line in row)) is not None


def _mono_runs(rows: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """A row may have nothing but its number where it is counted with the others."""
    run: list[list[Line]] = []
    for row in rows:
        numbered = part_number(row)
        typed = all(map(_is_typed, numbered.code))
        if run and not (typed and _is_next(run[-1], row)):
            yield run
            run = []
        if typed and (run or numbered.code):
            run.append(row)
    if run:
        yield run


def _is_next(above: Sequence[Line], row: Sequence[Line]) -> bool:
    """Whether both are set close, and counted one after the other or of one size: a heading is neither."""
    if row[0].rect.top - above[0].rect.top >= APART_TYPED * row[0].rect.height:
        return False
    upper, lower = part_number(above), part_number(row)
    if (upper.number and lower.number) or not upper.code:
        return lower.follows(upper)
    smaller, larger = sorted((above[0].type_size, row[0].type_size))
    return larger < LARGER * smaller and lower.follows(upper)


def _is_typed(line: Line) -> bool:
    """Chinese and Japanese letters have one width in all fonts: they say nothing."""
    if not line.mono:
        return False
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in line.text)
    return wide <= WIDE * len(line.text)


def _is_alone(row: Sequence[Line], rows: Sequence[list[Line]]) -> bool:
    """Whether the lines over and under it stand farther away than those of a paragraph."""
    high = row[0].rect.height
    steps = [abs(other[0].rect.middle - row[0].rect.middle) for other in rows if other is not row]
    return min(steps, default=ALONE * high) >= ALONE * high


def find_program_text(lines: Sequence[Line]) -> tuple[list[ProgramText], list[Line]]:
    listings: list[ProgramText] = []
    rest = list(lines)
    if all(line.mono is False for line in lines):  # the file says so of each, and a single row is no listing
        return listings, rest
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
        if run or _may_begin(row):
            run.append(row)
    if run:
        yield run


def _may_begin(row: Sequence[Line]) -> bool:
    """What the file sets in other letters is none, however evenly its words stand."""
    return _is_mono(row) or (all(line.mono is None for line in row) and _row_pitch(row) > 0)


def _goes_on(run: Sequence[list[Line]], row: list[Line]) -> bool:
    above = run[-1][0]
    apart = APART_TYPED if _is_mono(row) else APART
    if row[0].rect.top - above.rect.top > apart * above.rect.height:
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
    numbers, code = zip(*((row.number, row.code) for row in map(part_number, run)), strict=True)
    pitches = [pitch for row in code for pitch in [_row_pitch(row)] if pitch]
    every = [line for row in code for line in row]
    told = [line for line in every if len(line.text) >= TELLING] or every
    pitch = _refined(median(pitches or [line.rect.width / max(len(line.text), 1) for line in told]), code)
    left = min(line.rect.left for row in code for line in row)
    wide = max(map(len, numbers))
    rows = [
        f"{number:>{wide}} {_set_out(row, left, pitch)}".rstrip() if wide else _set_out(row, left, pitch)
        for number, row in zip(numbers, code, strict=True)
    ]
    steps = [below[0].rect.top - above[0].rect.top for above, below in pairwise(run)]
    usual = median(steps) if len(steps) > 1 else 0.0
    empty = [False, *(EMPTY * usual < step for step in steps)]
    return ProgramText(
        rect, "\n".join(f"\n{row}" if gap and usual else row for row, gap in zip(rows, empty, strict=True))
    )


def _refined(pitch: float, run: Sequence[Sequence[Line]]) -> float:
    """The same from all steps between words together: a line's ink is narrower than its letters' room."""
    far = letters = 0.0
    for row in run:
        words = sorted(
            (word for line in row for word in line.words if not word.glued), key=lambda word: word.left
        )
        for before, behind in pairwise(words):
            far += behind.left - before.left
            letters += max(round((behind.left - before.left) / pitch - OFF), len(before.text) + 1)
    return far / letters if letters else pitch


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
