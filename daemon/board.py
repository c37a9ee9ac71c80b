"""The status that was published last, for whoever looks or waits, and the one way of publishing one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from papertray.daemon.files import replace_quietly
from papertray.daemon.status import STOPPED, Status

_SAY_AGAIN = 60.0  # seconds after which a status that says the same is published all the same

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
        self.notify()

    def notify(self) -> None:
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


class StatusPublisher:
    """Tells what is new to the file that clients read, the board of the API, and whoever began the daemon."""

    def __init__(self, file: Path, board: StatusBoard, show: Callable[[Status], None]) -> None:
        self._file = file
        self._board = board
        self._show = show
        self._last = STOPPED

    def publish(self, status: Status) -> None:
        """Unless it says the same as the last one, not long ago."""
        last = self._last
        if replace(status, at=last.at) == last and status.at - last.at <= _SAY_AGAIN:
            return
        self._last = status
        replace_quietly(self._file, status.to_json())
        self._board.publish(status)
        self._show(status)
