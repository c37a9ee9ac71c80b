"""What the machine's devices are good for: looked at when somebody asks, and remembered for a while."""

import threading
import time
from collections.abc import Callable

from papertray.engine.devices.survey import Survey
from papertray.engine.models.libraries import missing_libraries

_FRESH = 300.0  # seconds; looking takes several


class SurveyCache:
    """One look at a time, whoever asks; it is made in a child process and blocks the thread that asks.

    Libraries that came or went since then change what the devices are good for.
    """

    def __init__(
        self,
        survey: Callable[[], Survey],
        clock: Callable[[], float] = time.monotonic,
        missing: Callable[[], tuple[str, ...]] = missing_libraries,
    ) -> None:
        self._survey = survey
        self._clock = clock
        self._missing = missing
        self._lock = threading.Lock()
        self._last: tuple[float, tuple[str, ...], Survey] | None = None

    def now(self) -> Survey:
        with self._lock:
            missing = self._missing()
            if self._last is None or self._last[1] != missing or self._clock() - self._last[0] > _FRESH:
                survey = self._survey()
                self._last = self._clock(), missing, survey
            return self._last[2]
