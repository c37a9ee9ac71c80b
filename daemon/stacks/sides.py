"""Fronts and backs of the same sheets, scanned one after the other: known by their names. Pure.

`scan-front.pdf` and `scan-back.pdf` become `scan.pdf`. The backs were scanned from the last sheet on.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_SIDE = re.compile(r"(?P<stem>.*\S)[-_ ](?P<side>front|back)", re.IGNORECASE)
_OTHERS = {"front": "back", "back": "front"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two files: the other is at `partner`, the whole one will be at `whole`."""

    is_front: bool
    partner: Path
    whole: Path


def find_side(path: Path) -> Side | None:
    """None of a file whose name is no side's. Both are named the same way: `Scan Front`, `Scan Back`."""
    match = _SIDE.fullmatch(path.stem)
    if match is None:
        return None
    side = match["side"]
    other = _OTHERS[side.lower()]
    other = other.upper() if side.isupper() else other.capitalize() if side[0].isupper() else other
    partner = path.stem[: match.start("side")] + other + path.suffix
    return Side(side.lower() == "front", path.with_name(partner), path.with_name(f"{match['stem']}.pdf"))


def interleave_sides(sheets: int) -> tuple[tuple[int, int], ...]:
    """Of each page of the whole, which file it is from, the fronts being 0, and its number there."""
    return tuple(page for number in range(1, sheets + 1) for page in ((0, number), (1, sheets + 1 - number)))
