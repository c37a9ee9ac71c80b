"""Hints: paths where something seems to have happened, handed from watchdog's threads to ours.

A handler that did more would slow the watching down and lose events. Hints may be lost; a burst says so.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path

BURST = 200  # so many hints at once, and the system may have dropped others
FULL = 5000  # no more are kept: the rescan that follows a burst finds the rest


@dataclass(slots=True)
class HintBatch:
    paths: dict[Path, None] = field(default_factory=dict)  # in the order they came, each once

    @property
    def burst(self) -> bool:
        return len(self.paths) >= BURST


class Hints:
    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._batches: dict[Path, HintBatch] = {}
        self._ended = False

    def add(self, root: Path, path: Path) -> None:
        with self._condition:
            batch = self._batches.setdefault(root, HintBatch())
            if len(batch.paths) < FULL:
                batch.paths[path] = None
            self._condition.notify()

    def wait(self, seconds: float) -> None:
        """Until there is a hint, the time is over, or nobody wants hints any more."""
        with self._condition:
            self._condition.wait_for(lambda: self._batches or self._ended, max(0.0, seconds))

    def end(self) -> None:
        """Nobody waits any more."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()

    def take(self) -> dict[Path, HintBatch]:
        with self._condition:
            batches, self._batches = self._batches, {}
            return batches
