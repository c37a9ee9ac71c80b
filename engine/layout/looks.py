"""How most of a page is set, and what is set otherwise: larger, bolder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papertray.engine.layout.lines import Line

BOLDER = 1.2
"""Strokes of bold letters are this many times thicker than those of the text."""

MOST = 0.4
"""Where more of the page than this is bold, bold says nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """The size and the weight of strokes that most of the text has; 0 where they are not known."""

    size: float = 0.0
    weight: float = 0.0
    bold_counts: bool = True

    def is_bold(self, line: Line) -> bool:
        return self.bold_counts and _is_bold(line, self.weight)

    def are_bold(self, lines: Sequence[Line]) -> bool:
        return all(self.is_bold(line) for line in lines)


def measure_look(lines: Sequence[Line]) -> Look:
    weight = weigh_median((line.weight, len(line.text)) for line in lines if line.weight)
    bold = sum(len(line.text) for line in lines if _is_bold(line, weight))
    return Look(body_size(lines), weight, bold <= MOST * sum(len(line.text) for line in lines))


def body_size(lines: Iterable[Line]) -> float:
    """The size at which half of the page's characters are smaller, half larger."""
    return weigh_median((line.lettering, len(line.text)) for line in lines)


def weigh_median(values: Iterable[tuple[float, int]]) -> float:
    """The median of values that count so many times; 0 of none."""
    ordered = sorted(values)
    half, seen = sum(count for _, count in ordered) / 2, 0
    for value, count in ordered:
        seen += count
        if seen >= half:
            return value
    return 0.0


def _is_bold(line: Line, weight: float) -> bool:
    if line.bold is not None:
        return line.bold
    return bool(weight) and line.weight > BOLDER * weight
