"""How much of each page's draft is asked in one step: as much as pays, given what steps of more rows cost."""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log

EXPONENT, WEIGHT, FADES = 0.6, 4.0, 0.98
"""At first a step of n rows is taken to cost n to this power times one of a single row."""
LEAST, MOST = 0.05, 1.0
PAYS = 1.05
"""By how much a step with drafts must be better than one without."""


class StepCosts:
    """Learns from the steps that were made: how steep the line is from log(rows) to log(seconds)."""

    def __init__(self) -> None:
        self._sums = [0.0] * 5  # of 1, x, y, x * x, x * y

    def learn(self, rows: int, seconds: float) -> None:
        x, y = log(rows), log(max(seconds, 1e-6))
        self._sums = [FADES * old + new for old, new in zip(self._sums, (1, x, y, x * x, x * y), strict=True)]

    @property
    def exponent(self) -> float:
        count, x, y, squares, products = self._sums
        if not count:
            return EXPONENT
        steep = (products - x * y / count + WEIGHT * EXPONENT) / (squares - x * x / count + WEIGHT)
        return min(MOST, max(LEAST, steep))

    def of(self, rows: int) -> float:
        """As many times as dear as one row."""
        return float(rows**self.exponent)


def choose_lengths(chances: Sequence[Sequence[float]], cost: Callable[[int], float]) -> list[int]:
    """Of each page's draft, given the chances (falling) that so much of it holds.

    The likeliest tokens of all pages come first, and as many as give the most tokens for what they cost.
    """
    ranked = sorted(((chance, page) for page, each in enumerate(chances) for chance in each), reverse=True)
    best, expected = 0, float(len(chances))
    most = PAYS * expected / cost(len(chances))
    for count, (chance, _) in enumerate(ranked, start=1):
        expected += chance
        if expected / cost(len(chances) + count) > most:
            best, most = count, expected / cost(len(chances) + count)
    lengths = Counter(page for _, page in ranked[:best])
    return [lengths[page] for page in range(len(chances))]
