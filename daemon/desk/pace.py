"""How fast pages are read, and how long those may take that wait.

Takes how many pages are left and the time, at every look; touches neither clock nor journal. Time in which
nobody reads does not count.
"""

from collections import deque

_LATEST = 30  # pages whose pace counts


class ReadingPace:
    def __init__(self) -> None:
        self._left = 0
        self._last: float | None = None  # when it was looked last while pages were read
        self._worked = 0.0  # seconds of reading since the page before
        self._seconds: deque[float] = deque(maxlen=_LATEST)
        self._estimate: float | None = None

    def seconds_left(self, left: int, at_work: bool, now: float) -> float | None:
        """None while nobody knows. It changes only when a page is done or more have come."""
        if self._last is not None:
            self._worked += max(0.0, now - self._last)
        self._last = now if at_work else None
        done = self._left - left
        if done > 0:
            self._seconds.extend([self._worked / done] * min(done, _LATEST))
            self._worked = 0.0
        if done:
            self._left = left
            mean = sum(self._seconds) / len(self._seconds) if self._seconds else None
            self._estimate = None if mean is None else round(mean * left, 1)
        return self._estimate if left else None
