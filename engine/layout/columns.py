"""Columns by the white between them.

A gutter is white that runs beside many lines of text and is interrupted only by what goes over the full
width. Takes lines and tables, gives them region by region in the order of reading. Two kinds of things stand
beside each other without being columns: the cells of a table, and labels beside what they name. Text in
columns runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from papertray.engine.layout.cutting import cut_line, find_white
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.lists import is_bulleted
from papertray.engine.layout.stacks import find_prose_lines, is_wide

Item = Line | Table

LOOSE = 0.2
"""Boxes reach this far beyond their letters, in line heights."""

FEWEST = 3
"""So many lines of running text on either side make a gutter."""

ALIGNED = 0.6
"""Where so many lines have a partner in the same row on the other side, they are read together."""


MANY = 6
"""So many wide lines on either side, half of all there, tell by themselves whether lines stand in rows."""

HANGING = 2.0
"""The bullets of a column are indented by less than so many line heights."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where a column begins, the page cut there, and how many lines run on the poorer side of it."""

    x: float
    items: tuple[Item, ...]
    running: frozenset[Line]
    weight: int


def split_regions(items: Sequence[Item]) -> list[list[Item]]:
    """Regions without columns, in reading order."""
    if not items:
        return []
    gutter = _best_gutter(items)
    if gutter is None:
        return [list(items)]
    parts: list[list[Item]] = []
    for beside, zone in _zones(gutter):
        parts.extend(_sides(zone, gutter.x) if beside else [zone])
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return [list(items)]
    return [region for part in parts for region in split_regions(part)]


def _best_gutter(items: Sequence[Item]) -> Gutter | None:
    lines = [item for item in items if isinstance(item, Line)]
    running = find_prose_lines(lines)
    found = [_gutter_beside_table(items, item.rect.left) for item in items if isinstance(item, Table)]
    if len(running) >= FEWEST:
        found = [*(_cut_gutter(items, running, x) for x in _places(lines, running)), *found]
    best = max(found, key=lambda gutter: gutter.weight, default=None)
    return best if best and best.weight else None


def _gutter_beside_table(items: Sequence[Item], x: float) -> Gutter:
    """What goes on over the whole width below a table says nothing of how the lines beside it are set."""
    lines = [item for item in items if isinstance(item, Line) and not _crosses(item, x)]
    return _gutter(items, find_prose_lines(lines), x)


def _cut_gutter(items: Sequence[Item], running: frozenset[Line], x: float) -> Gutter:
    """The same with lines cut that have white there."""
    parts = [part for item in items for part in (cut_line(item, x) if isinstance(item, Line) else [item])]
    if len(parts) > len(items):
        running = find_prose_lines([part for part in parts if isinstance(part, Line)])
    return _gutter(parts, running, x)


def _gutter(parts: Sequence[Item], running: frozenset[Line], x: float) -> Gutter:
    weight = sum(_weight(band, running, x) for crossing, band in _bands(parts, x) if not crossing)
    return Gutter(x, tuple(parts), running, weight if weight >= FEWEST else 0)


def _weight(band: Sequence[Item], running: frozenset[Line], x: float) -> int:
    """Running text on both sides, or on one beside wide lines that do not stand in its rows."""
    sides = _sides(band, x)
    most, least = sorted((sum(item in running for item in side) for side in sides), reverse=True)
    if most >= FEWEST and measure_alignment(*sides) < ALIGNED:
        left, right = sides
        return min(_heft(left, right, running), _heft(right, left, running))
    return least


def _heft(side: Sequence[Item], other: Sequence[Item], running: frozenset[Line]) -> int:
    """How many lines of a column run or are wide; a table counts for those that run beside it."""
    lines = sum(item in running or is_wide(item) for item in side)
    tables = [item.rect for item in side if isinstance(item, Table)]
    beside = [item.rect.middle for item in other if item in running]
    return lines + sum(rect.top < middle < rect.bottom for rect in tables for middle in beside)


def _places(lines: Sequence[Line], running: frozenset[Line]) -> list[float]:
    """Where a column may begin: where wide lines do, or where many have a gap."""
    step = median(line.rect.height for line in running)
    gaps = sorted(right for line in lines for _, right in find_white(line))
    groups: list[list[float]] = []
    for left in gaps:
        if groups and left - groups[-1][-1] < step / 2:
            groups[-1].append(left)
        else:
            groups.append([left])
    places: list[float] = [group[0] for group in groups if len(group) > FEWEST]
    found: list[float] = []
    wide = [line for line in lines if is_wide(line)]
    places += [line.rect.left for line in wide]
    places += _hanging(lines, [line.rect.left for line in wide if is_bulleted(line.text)], HANGING * step)
    for left in sorted(places):
        if not found or left - found[-1] > step / 2:
            found.append(left)
    return found


def _hanging(lines: Sequence[Line], places: Sequence[float], reach: float) -> list[float]:
    """Where a heading begins over a list whose bullets are indented: it stands in that column, too."""
    return [
        line.rect.left
        for line in lines
        if any(line.rect.left < place < min(line.rect.left + reach, line.rect.right) for place in places)
    ]


def _running(band: Sequence[Item], running: frozenset[Line], x: float) -> tuple[int, int]:
    left, right = (sum(item in running for item in side) for side in _sides(band, x))
    return left, right


def _sides(zone: Sequence[Item], x: float) -> tuple[list[Item], list[Item]]:
    return [item for item in zone if item.rect.centre < x], [item for item in zone if item.rect.centre >= x]


def _crosses(item: Item, x: float) -> bool:
    if isinstance(item, Table):
        return item.rect.left < x < item.rect.right
    left = min((word.left for word in item.words), default=item.rect.left)
    right = max((word.right for word in item.words), default=item.rect.right)
    loose = LOOSE * item.rect.height
    return left + loose < x < right - loose


def _bands(items: Sequence[Item], x: float) -> Iterator[tuple[bool, list[Item]]]:
    """From top to bottom: what crosses a place, and what stands beside it until something crosses again."""
    ordered = sorted(items, key=lambda item: item.rect.middle if isinstance(item, Line) else item.rect.top)
    for crossing, group in groupby(ordered, key=lambda item: _crosses(item, x)):
        yield crossing, list(group)


def _zones(gutter: Gutter) -> list[tuple[bool, list[Item]]]:
    """The same, with what is no column beside the gutter joined to what crosses it."""
    zones: list[tuple[bool, list[Item]]] = []
    for crossing, band in _bands(gutter.items, gutter.x):
        beside = not crossing and _is_in_columns(band, gutter)
        if zones and zones[-1][0] == beside:
            zones[-1][1].extend(band)
        else:
            zones.append((beside, band))
    return zones


def _is_in_columns(band: Sequence[Item], gutter: Gutter) -> bool:
    left, right = _sides(band, gutter.x)
    if not left or not right:
        return False
    return max(_running(band, gutter.running, gutter.x)) >= FEWEST or measure_alignment(left, right) < ALIGNED


def measure_alignment(left: Sequence[Item], right: Sequence[Item]) -> float:
    """How many of the lines on the poorer side have a partner on the other; tables have none.

    Where both have wide lines, short ones say nothing: they may be numbers of pages, or parts of formulas.
    """
    sides = [[item for item in side if isinstance(item, Line)] for side in (left, right)]
    wide = [list(filter(is_wide, side)) for side in sides]
    is_told = all(len(of) >= MANY and len(side) <= 2 * len(of) for of, side in zip(wide, sides, strict=True))
    few, many = sorted(wide if is_told else sides, key=len)
    partners = sum(any(_is_level(item, other) for other in many) for item in few)
    return partners / len(few) if few else 0.0


def _is_level(one: Item, other: Item) -> bool:
    return abs(one.rect.middle - other.rect.middle) < 0.3 * min(one.rect.height, other.rect.height)
