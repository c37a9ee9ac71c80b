"""How a document's headings are set, and what their numbers say of their depth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DEEPEST = 6
"""Markdown has no deeper level."""

APART = 0.05
"""Sizes that differ by less than this part are one."""

_NUMBERED = re.compile(r"(?:\d{1,3}|[A-Z](?=\.\d))(?P<more>(?:\.\d{1,3})*)\.?\s+(?=\D)")
_LABEL = re.compile(
    r"(?:chapter|part|appendix|annex|section|kapitel|teil|anhang|chapitre|partie|annexe|capítulo|parte|capitolo|глава|часть)"
    r"\s+[\dIVXLA-Z]{1,5}\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Style:
    """How a heading is set; the greater one stands higher. No size is known of what a model has read."""

    size: float = 0.0
    bold: bool = False
    capitals: bool = False


def styles_of(settings: Sequence[tuple[float, bool, bool]]) -> list[Style]:
    """Of each heading's size, weight and capitals; sizes that are nearly the same become one."""
    steps: dict[float, float] = {}
    last = 0.0
    for size in sorted({size for size, _, _ in settings}, reverse=True):
        if not last or size < last * (1 - APART):
            last = size
        steps[size] = last
    return [Style(steps[size], bold, capitals) for size, bold, capitals in settings]


def is_label(text: str) -> bool:
    """`Chapter 1`, without the chapter's name."""
    return _LABEL.fullmatch(text) is not None


def number_depth(text: str) -> int:
    """1 of `2 Methods`, 2 of `2.1 Samples` and `A.1 Proofs`, 0 of what has no number."""
    number = _NUMBERED.match(text)
    return 1 + number["more"].count(".") if number else 0


def without_jumps(levels: Sequence[int]) -> list[int]:
    """No level is left out on the way down, and what stands under one heading stands on one level.

    Above the first heading there is nothing to jump from: it keeps its level.
    """
    above: list[tuple[int, int]] = []
    shown: list[int] = []
    for level in levels:
        while above and above[-1][0] >= level:
            above.pop()
        step = above[-1][1] + 1 if above else min(level, shown[0] if shown else level)
        above.append((level, min(step, DEEPEST)))
        shown.append(above[-1][1])
    return shown
