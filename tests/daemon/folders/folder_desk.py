"""A desk to watch folders from: real folders, a clock turned by hand, a dictionary for a journal."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from watchdog.observers import Observer

from papertray.daemon.folders import FolderWatcher
from papertray.daemon.records import FoundFile
from papertray.daemon.settings import FolderSettings
from papertray.daemon.status import FolderStatus
from papertray.engine.errors import PapertrayError

PNG = b"\x89PNG\r\n\x1a\n"
NEVER = 1e9
DEADLINE = 40.0


class Desk:
    """Turns the loop and the clock until something holds; each turn is half a second of its time."""

    def __init__(
        self,
        *folders: FolderSettings,
        rescan: float = NEVER,
        is_own: Callable[[Path], bool] = lambda path: False,
        make_observer: Callable[[], Any] = Observer,
    ) -> None:
        self.now = 1000.0
        self.known: dict[Path, FoundFile] = {}
        self.found: list[FoundFile] = []
        self.batches: list[int] = []
        self.questions: list[int] = []
        self.refuses: PapertrayError | None = None
        self.folders = FolderWatcher(
            folders,
            rescan=rescan,
            is_own=is_own,
            find_unknown=self._find_unknown,
            take_in=self._take_in,
            clock=self._clock,
            make_observer=make_observer,
        )

    def until(self, holds: Callable[[], object], step: float = 0.5) -> None:
        """Raises when it does not come to hold within the deadline; real events take real time."""
        end = time.monotonic() + DEADLINE
        while not holds():
            assert time.monotonic() < end, (
                f"never came to hold; found {self.names()}, {self.folders.status()}"
            )
            self.turn(step)
            threading.Event().wait(0.005)

    def turn(self, seconds: float = 0.5) -> None:
        self.now += seconds
        self.folders.step()

    def pass_by(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            self.turn()

    def rescan(self) -> None:
        """Let so much time go by that everything is looked at again."""
        self.turn(2 * NEVER)

    def names(self) -> list[str]:
        return sorted(file.path.name for file in self.found)

    def status(self, number: int = 0) -> FolderStatus:
        return self.folders.status()[number]

    def watching(self, watch: str = "native", number: int = 0) -> Callable[[], bool]:
        return lambda: self.status(number).watch == watch

    def has(self, *names: str) -> Callable[[], bool]:
        return lambda: self.names() == sorted(names)

    def close(self) -> None:
        stop = threading.Event()
        stop.set()
        self.folders.run(stop)

    def _clock(self) -> float:
        return self.now

    def _find_unknown(self, files: list[FoundFile]) -> list[FoundFile]:
        self.questions.append(len(files))
        return [file for file in files if self.known.get(file.path) != file]

    def _take_in(self, files: Iterable[FoundFile]) -> None:
        if self.refuses:
            raise self.refuses
        files = list(files)
        self.batches.append(len(files))
        self.found += files
        self.known |= {file.path: file for file in files}


class Deaf:
    """An observer that never tells anything."""

    def __init__(self) -> None:
        self.emitters = {self}

    def schedule(self, *_: object, **__: object) -> None: ...
    def unschedule(self, *_: object) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def join(self, timeout: float) -> None: ...
    def is_alive(self) -> bool:
        return True
