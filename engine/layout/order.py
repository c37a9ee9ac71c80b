"""Put what stands on a page into the order in which a person reads it: a recursive X-Y cut.

Across the page first: consecutive strips that share a gutter form a band, and a band is read column by
column; everything else is read strip by strip. A heading over two columns thereby ends one band and begins
the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TypeVar

from papertray.engine.layout.names import Placed, are_names, are_pairs, are_sparse_rows, is_amount

T = TypeVar("T", bound=Placed)
Gap = tuple[float, float]

GUTTER = 0.6
"""The narrowest gutter, in line heights. Text boxes reach a little beyond their letters."""

CORE = 0.2
"""How much of a box is cut off above and below before strips are told apart: tight lines overlap."""


def reading_order(items: Sequence[T]) -> list[list[T]]:
    """Rows of things beside each other, in reading order."""
    if not items:
        return []
    return _cut(list(items), GUTTER * median(item.rect.height for item in items))


def _cut(items: list[T], narrowest: float) -> list[list[T]]:
    strips = _strips(items)
    rows: list[list[T]] = []
    at = 0
    while at < len(strips):
        band, gutter = _band(strips[at:], narrowest)
        if gutter is None:
            rows.extend(row for strip in band for row in _rows(strip))
            at += len(band)
            continue
        inside = [item for strip in band for item in strip]
        rows.extend(_cut([item for item in inside if item.rect.right <= gutter], narrowest))
        rows.extend(_cut([item for item in inside if item.rect.right > gutter], narrowest))
        at += len(band)
    return rows


def _strips(items: list[T]) -> list[list[T]]:
    strips: list[list[T]] = []
    floor = float("-inf")
    for item in sorted(items, key=lambda item: _core(item)[0]):
        top, bottom = _core(item)
        if strips and top < floor:
            strips[-1].append(item)
        else:
            strips.append([item])
        floor = max(floor, bottom)
    return strips


def _core(item: Placed) -> Gap:
    margin = CORE * item.rect.height
    return item.rect.top + margin, item.rect.bottom - margin


def _band(strips: list[list[T]], narrowest: float) -> tuple[list[list[T]], float | None]:
    """The longest run of strips from the first on that shares a gutter, and where that gutter is."""
    if not _is_split(strips[0], narrowest):
        return strips[:1], None
    shared = [(float("-inf"), float("inf"))]
    end = 0
    while end < len(strips):
        narrowed = _common(shared, _white(strips[end]), narrowest)
        if not _between(narrowed, strips[: end + 1]):
            break
        shared, end = narrowed, end + 1
    band = strips[:end]
    gaps = _between(shared, band)
    if len(gaps) == 1 and are_names(*map(_rows, _sides(band, gaps[0]))):
        return band, None
    sides = [tuple(map(_rows, _sides(band, gap))) for gap in gaps]
    if sides and (all(are_sparse_rows(*both) for both in sides) or are_pairs(*sides[0])):
        return band, None
    inner = [gap for gap in gaps if _are_columns(band, gap)]
    if not inner:
        return strips[:1], None
    return band, sum(inner[0]) / 2


def _is_split(strip: list[T], narrowest: float) -> bool:
    return bool(_between(_common([(float("-inf"), float("inf"))], _white(strip), narrowest), [strip]))


def _white(strip: Sequence[Placed]) -> list[Gap]:
    """The stretches of a strip on which nothing stands."""
    gaps: list[Gap] = []
    edge = float("-inf")
    for item in sorted(strip, key=lambda item: item.rect.left):
        if item.rect.left > edge:
            gaps.append((edge, item.rect.left))
        edge = max(edge, item.rect.right)
    return [*gaps, (edge, float("inf"))]


def _common(some: list[Gap], others: list[Gap], narrowest: float) -> list[Gap]:
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(left, right) for left, right in both if right - left >= narrowest]


def _between(gaps: list[Gap], strips: Sequence[Sequence[Placed]]) -> list[Gap]:
    """The gaps with something on either side."""
    left = min(item.rect.left for strip in strips for item in strip)
    right = max(item.rect.right for strip in strips for item in strip)
    return [gap for gap in gaps if gap[0] > left and gap[1] < right]


def _are_columns(band: list[list[T]], gap: Gap) -> bool:
    """Two lines on either side make columns; a lone date or page number does not, nor do amounts."""
    on_left, on_right = _sides(band, gap)
    if sum(map(is_amount, on_right)) * 2 > len(on_right):
        return False
    return len(_rows(on_left)) > 1 and len(_rows(on_right)) > 1


def _sides(band: list[list[T]], gap: Gap) -> tuple[list[T], list[T]]:
    inside = [item for strip in band for item in strip]
    return (
        [item for item in inside if item.rect.right <= gap[0]],
        [item for item in inside if item.rect.left >= gap[1]],
    )


def _rows(strip: Sequence[T]) -> list[list[T]]:
    """A strip without a gutter: rows from top to bottom, each from left to right."""
    rows: list[list[T]] = []
    for item in sorted(strip, key=lambda item: item.rect.middle):
        if rows and item.rect.middle < _core(rows[-1][0])[1]:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda item: item.rect.left) for row in rows]
