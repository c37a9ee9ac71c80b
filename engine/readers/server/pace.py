"""How many pages may be with one server at once: more while that reads more, half as many after too many.

Pure but for the clock that is passed in. The measure is what the server wrote, not how many pages it was: one
page is ten lines, the next a table of two columns of figures.
"""

import math
from collections.abc import Callable

FIRST, MOST = 16, 256
"""Where nothing is set."""

_GROWTH = 1.5
_WORTH_IT = 1.05  # so much more must be read a second for more pages to be sent
_FEWEST = 8  # answers that a rate is taken from
_PICTURE = 200  # a page's picture is as much work as so many pieces of text, for a server
_CONTENT = 10  # rounds without another trial, after one that brought nothing


class Pace:
    """`limit` pages may be with the server. A number that was `given` is the most, and the first, too."""

    def __init__(self, given: int | None, clock: Callable[[], float]) -> None:
        self.limit = given or FIRST
        self._most = given or MOST
        self._clock = clock
        self._cut_at = -math.inf
        self._recovered = self.limit  # what was well before the last cut
        self._best_rate, self._best_limit = 0.0, self.limit
        self._content = 0
        self._begin_round()

    def answered(self, pieces: int, *, full: bool) -> None:
        """`full`: this page was one of as many as may be there. Where there is room, nothing is tried."""
        if not full:
            self._begin_round()
            return
        self._answers += 1
        self._work += pieces + _PICTURE
        if self._answers >= max(_FEWEST, self.limit):
            seconds = self._clock() - self._since
            self._end_round(self._work / max(seconds, 1e-6))
            self._begin_round()

    def turned_away(self, sent: float) -> None:
        """A page sent then was too much, or met a server in trouble: once for all that were there."""
        if sent <= self._cut_at:
            return
        self._cut_at = self._clock()
        self._recovered = max(1, self.limit * 3 // 4)
        self.limit = max(1, self.limit // 2)
        self._best_rate, self._best_limit = 0.0, self.limit
        self._content = _CONTENT
        self._begin_round()

    def _begin_round(self) -> None:
        self._since, self._answers, self._work = self._clock(), 0, 0

    def _end_round(self, rate: float) -> None:
        if self.limit < self._recovered:
            self.limit += 1
        elif self._content:
            self._content -= 1
            self._best_rate = rate
        elif rate > self._best_rate * _WORTH_IT:
            self._best_rate, self._best_limit = rate, self.limit
            self.limit = min(self._most, int(self.limit * _GROWTH) + 1)
        else:
            self.limit = self._best_limit
            self._content = _CONTENT
