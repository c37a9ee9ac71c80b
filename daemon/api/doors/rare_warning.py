"""A warning about what may happen thousands of times a second: one line a minute, with how often it did."""

from collections.abc import Callable

from loguru import logger

EVERY = 60.0  # seconds


class RareWarning:
    """`sentence` has a place for the number. To be asked to `report` every now and then."""

    def __init__(self, sentence: str, clock: Callable[[], float]) -> None:
        self._sentence = sentence
        self._clock = clock
        self._times = 0
        self._next = clock()

    def count(self) -> None:
        self._times += 1

    def report(self) -> None:
        now = self._clock()
        if self._times and now >= self._next:
            logger.warning(self._sentence, self._times)
            self._times, self._next = 0, now + EVERY
