"""The status that was published last, for whoever looks or waits: the desk writes it, the API reads it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from papertray.daemon.status import STOPPED, Status

Listener = Callable[[], None]
"""Called in the desk's thread when there is something new: must be quick, and look at `now` elsewhere."""


class StatusBoard:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._now: tuple[int, Status] = (0, STOPPED)

    @property
    def now(self) -> tuple[int, Status]:
        """The status, and how many were published up to it."""
        return self._now

    def publish(self, status: Status) -> None:
        with self._lock:
            self._now = (self._now[0] + 1, status)
        self.ring()

    def ring(self) -> None:
        """Have all who listen look, though there may be nothing new: the end, perhaps."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        with self._lock:
            self._listeners.add(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.discard(listener)
