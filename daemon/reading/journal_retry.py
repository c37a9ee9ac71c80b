"""Write into the journal again and again while its disk is full: what is in hand is kept until then."""

import threading
from collections.abc import Callable
from typing import TypeVar

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import JournalFull
from papertray.daemon.status import Trouble

_BACK_OFF = BackOff((5.0, 15.0, 60.0))
T = TypeVar("T")


class JournalRetry:
    """`trouble` says so meanwhile."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self.trouble: Trouble | None = None

    def run(self, action: Callable[[], T]) -> T:
        """What the action gives, once it succeeds; raises JournalFull only when we are stopped."""
        tries = 0
        while True:
            try:
                done = action()
            except JournalFull as problem:
                self.trouble = Trouble.of(problem)
                if self._stop.wait(_BACK_OFF.after(tries)):
                    raise
                tries += 1
            else:
                if tries:
                    self.trouble = None
                return done
