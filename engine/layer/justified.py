"""Put justified lines together whose words stand so far apart that each was taken for a line of its own.

Takes the lines of one direction; gives them with such words joined. A justified line has one gap between all
of its words, to a hair, whatever their lengths; cells of a table have not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from papertray.engine.layer.initials import WrittenLine, join_written
from papertray.engine.layout.lines import Line

WIDEST = 2.0
"""Words of a line stand no farther apart, in sizes."""

EVEN, LEVEL = 0.06, 0.05
"""Gaps of one line differ by less than this, in sizes, and so do the places on which its words stand."""

WIDE, LOOSE, EDGE, NEXT = 1.4, 0.25, 0.3, 1.6
"""In sizes, of a line that fills its column: its widest gap, by how much gaps differ, how exactly it ends
where another does, and how near that one is."""

FEWEST, UNEVEN = 4, 1.5
"""So many words, the longest this many times longer than the shortest, are not evenly parted by chance."""


def join_justified(lines: Sequence[WrittenLine]) -> list[WrittenLine]:
    ordered = sorted(lines, key=lambda line: (round(line.line.rect.bottom), line.line.rect.left))
    joined: list[WrittenLine] = []
    for run in _runs(ordered):
        widths = [line.line.rect.width for line in run]
        if len(run) >= FEWEST and max(widths) > UNEVEN * min(widths) and _are_words(run):
            whole = run[0]
            for line in run[1:]:
                whole = join_written(whole, line, " ")
            joined.append(whole)
        else:
            joined.extend(run)
    return list(_join_filling(joined))


def _join_filling(lines: Sequence[WrittenLine]) -> Iterator[WrittenLine]:
    """Parts of a line that begin and end together where the line above or below it does, which is whole."""
    whole = [line.line for line in lines if len(line.line.words) >= FEWEST]
    parts: list[WrittenLine] = []
    for line in [*lines, None]:
        if line is not None and (not parts or _is_next(parts[-1].line, line.line)):
            parts.append(line)
            continue
        if len(parts) > 1 and _fill([part.line for part in parts], whole):
            joined = parts[0]
            for part in parts[1:]:
                joined = join_written(joined, part, " ")
            parts = [joined]
        yield from parts
        parts = [line] if line is not None else []


def _is_next(last: Line, after: Line) -> bool:
    level = abs(after.rect.bottom - last.rect.bottom) <= LEVEL * last.size
    alike = abs(after.size - last.size) <= EVEN * last.size
    return level and alike and 0 < after.rect.left - last.rect.right < WIDE * last.size


def _fill(parts: Sequence[Line], whole: Sequence[Line]) -> bool:
    left, right, size = parts[0].rect.left, parts[-1].rect.right, parts[0].size
    gaps = [after.rect.left - before.rect.right for before, after in pairwise(parts)]
    if max(gaps) - min(gaps) > LOOSE * size:
        return False
    return any(
        abs(line.rect.left - left) < EDGE * size
        and abs(line.rect.right - right) < EDGE * size
        and 0 < abs(line.rect.bottom - parts[0].rect.bottom) < NEXT * size
        and abs(line.size - size) < EVEN * size
        for line in whole
    )


def _runs(lines: Sequence[WrittenLine]) -> Iterator[list[WrittenLine]]:
    """Lines on one base, parted by one gap."""
    run: list[WrittenLine] = []
    for line in lines:
        if run and not _goes_on(run, line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _goes_on(run: Sequence[WrittenLine], line: WrittenLine) -> bool:
    last, after, size = run[-1].line, line.line, run[-1].line.size
    gap = after.rect.left - last.rect.right
    if not 0 < gap < WIDEST * size or abs(after.size - size) > EVEN * size:
        return False
    if abs(after.rect.bottom - last.rect.bottom) > LEVEL * size:
        return False
    first = [other.line.rect for other in run[:2]]
    usual = first[1].left - first[0].right if len(first) > 1 else gap
    return abs(gap - usual) < EVEN * size


def _are_words(run: Sequence[WrittenLine]) -> bool:
    letters = "".join(line.line.text for line in run)
    return 2 * sum(map(str.isalpha, letters)) > len(letters)
