"""Eyes on one folder: watchdog's observer, told apart from everything else so that it can be thrown away.

Says where something happened. Raises OSError when the system lends no more watches.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

WATCHED_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
END_SECONDS = 2.0  # seconds an observer gets to end; one that hangs is left behind, its threads are daemons


class FolderObserver(FileSystemEventHandler):
    def __init__(
        self,
        root: Path,
        recursive: bool,
        on_change: Callable[[Path], None],
        make_observer: Callable[[], BaseObserver] = Observer,
    ) -> None:
        self._root = root
        self._real = Path(os.path.realpath(root))  # a link itself never changes
        self._on_change = on_change
        self._observer = make_observer()
        self._observer.schedule(self, str(self._real), recursive=recursive, event_filter=WATCHED_EVENTS)
        try:
            self._observer.start()
            if recursive:
                self._check_limit()
        except OSError:
            self.close()
            raise

    def on_any_event(self, event: FileSystemEvent) -> None:
        path = Path(os.fsdecode(event.dest_path or event.src_path))
        if path.is_relative_to(self._real):
            self._on_change(self._root / path.relative_to(self._real))

    def _check_limit(self) -> None:
        """watchdog swallows a watch limit met below the root; asking for one watch more meets it again."""
        if sys.platform == "linux":
            self._observer.unschedule(self._observer.schedule(self, str(self._real.parent), event_filter=[]))

    def is_alive(self) -> bool:
        emitters = self._observer.emitters
        return (
            self._observer.is_alive() and bool(emitters) and all(emitter.is_alive() for emitter in emitters)
        )

    def close(self) -> None:
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join(END_SECONDS)
