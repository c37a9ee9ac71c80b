"""Ask whether a folder is there, and which one it is, without ever waiting for long.

A permission prompt on macOS, or a network share that went away, can hold a question for ever: so a thread
asks, and is left behind if it must be. No second one is sent while the first still waits.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

FolderIdentity = tuple[int, int]


def folder_identity(path: Path) -> FolderIdentity:
    """Device and number of a folder that can be looked into."""
    info = path.stat()
    with os.scandir(path) as entries:
        next(entries, None)
    return info.st_dev, info.st_ino


class FolderProbe:
    def __init__(
        self, path: Path, seconds: float = 3.0, ask: Callable[[Path], FolderIdentity] = folder_identity
    ) -> None:
        self._path = path
        self._seconds = seconds
        self._ask = ask
        self._thread: threading.Thread | None = None
        self._answer: FolderIdentity | OSError = TimeoutError()

    def answer(self) -> FolderIdentity:
        """Who the folder is, or the OSError that says why nobody knows; TimeoutError when it keeps silent."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
            self._thread.start()
            self._thread.join(self._seconds)
        if self._thread.is_alive():
            raise TimeoutError
        self._thread = None
        if isinstance(self._answer, OSError):
            raise self._answer
        return self._answer

    def _run(self) -> None:
        try:
            self._answer = self._ask(self._path)
        except OSError as problem:
            self._answer = problem
