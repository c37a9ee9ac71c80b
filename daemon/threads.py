"""Threads that do not die in silence: what one does is logged, shown, and begun again."""

import os
import sys
import threading
from collections.abc import Callable

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError

_BACK_OFF = BackOff((1.0, 5.0, 30.0, 60.0))
_LOWEST = 19  # of the priorities that a thread can have


def give_way() -> None:
    """This thread works when no other has anything to do: where one has a priority of its own, on Linux."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)


class GuardedThread:
    """Run `body`, which ends at `stop`, in a thread; show what it raises, and begin it again."""

    def __init__(self, name: str, body: Callable[[], None], stop: threading.Event) -> None:
        self.trouble: Trouble | None = None
        self._name = name
        self._body = body
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Whether it has ended within that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        tries = 0
        while not self._stop.is_set():
            self.trouble = None
            try:
                self._body()
            except PapertrayError as problem:
                logger.error("{} stopped: {}", self._name, problem)
                self.trouble = Trouble.of(problem)
            except Exception as problem:
                logger.exception("{} stopped", self._name)
                self.trouble = Trouble(
                    f"Something went wrong in papertray itself ({self._name}: {type(problem).__name__}).",
                    "It goes on by itself; `papertray logs` says more.",
                )
            self._stop.wait(_BACK_OFF.after(tries))
            tries += 1
