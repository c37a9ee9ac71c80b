"""Letters that the file sets after others, into the white that it has left between them.

Takes the runs of one direction, or the letters of one line that runs to the right; gives them with such
letters where they stand. Letters that stand higher or lower are left alone: their order is that of a formula.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.letters import Direction

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

LEVEL, INTO, ALIKE = 0.1, 0.12, 0.85
"""In sizes: how far letters of one line stand from its base, and how far one reaches into the next; and the
least size of one, in those of another."""

WIDEST = 1.0
"""Letters that are set later are no wider together than this, in sizes."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that follow each other in the file, on one line. `lone` is one alone, of an alphabet."""

    letters: Numbers
    left: float
    right: float
    base: float
    size: float
    lone: bool


def set_between(direction: Direction, runs: Sequence[Run]) -> list[Run]:
    """Short runs that stand in the white of a longer one are put behind its letters."""
    order = sorted(range(len(runs)), key=lambda at: runs[at].base)
    bases = [runs[at].base for at in order]
    kept = list(runs)
    gone: set[int] = set()
    for at, run in enumerate(runs):
        reach = LEVEL * run.size
        if run.right - run.left > WIDEST * run.size:
            continue
        for place in order[bisect_left(bases, run.base - reach) : bisect_left(bases, run.base + reach)]:
            if place != at and place not in gone and _has_room(direction, kept[place], run):
                kept[place] = _with(kept[place], run)
                gone.add(at)
                break
    return [run for at, run in enumerate(kept) if at not in gone]


def _with(host: Run, run: Run) -> Run:
    import numpy as np

    return replace(host, letters=np.concatenate([host.letters, run.letters]), lone=False)


def _has_room(direction: Direction, host: Run, run: Run) -> bool:
    size = host.size
    if not (host.left < run.left and run.right < host.right and ALIKE * size < run.size < size / ALIKE):
        return False
    left = direction.lefts[run.letters].min() + INTO * size
    right = direction.rights[run.letters].max() - INTO * size
    return not bool(((direction.lefts[host.letters] < right) & (direction.rights[host.letters] > left)).any())


def as_they_stand(direction: Direction, letters: Numbers, size: float, base: float) -> Numbers | None:
    """The letters of a line from left to right; None where they come so, or nobody can say.

    Where most come from right to left the page is mirrored, or its text runs to the left.
    """
    import numpy as np

    lefts = direction.lefts[letters]
    back = int((np.diff(lefts) < -INTO * size).sum())
    if not 0 < 2 * back < len(letters):
        return None
    if (np.abs(direction.bases[letters] - base) > LEVEL * size).any():
        return None
    order = np.argsort(lefts, kind="stable")
    into = direction.rights[letters][order][:-1] - lefts[order][1:]
    return None if (into > INTO * size).any() else letters[order]
