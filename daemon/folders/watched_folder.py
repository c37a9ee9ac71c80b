"""One watched folder: what was seen in it, what is waited for, and what is none of our business.

Looks when told to; who is asked about known files, and what becomes of new ones, is the caller's.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from loguru import logger

from papertray.daemon.folders.contents import FolderContents, Own, look_at, look_everywhere
from papertray.daemon.folders.presence import FolderPresence
from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import SettleTracker, Sighting
from papertray.daemon.settings import FolderSettings
from papertray.daemon.status import FolderStatus, Trouble
from papertray.engine.documents import HEAD, SUFFIXES, kind_of_file

STILL = {"native": 2.0, "poll": 5.0}  # seconds of stillness, unless the settings say otherwise
READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
RETRIED = 100  # so many files that would not open are tried again at each check; the rescan tries all


class WatchedFolder:
    def __init__(
        self, folder: FolderSettings, rules: FolderRules, presence: FolderPresence, own: Own
    ) -> None:
        self.path = folder.path
        self.presence = presence
        self.settle = SettleTracker(0)
        self.look_at = 0.0  # when all of it is to be looked at next
        self.rest_until = 0.0  # left in peace after a failure
        self._folder = folder
        self._rules = rules
        self._own = own
        self._strangers: set[Sighting] = set()  # opened once, and not documents
        self._locked: dict[Path, str] = {}  # cannot be opened, and why
        self._told: set[tuple[Path, str]] = set()
        self._closed: list[tuple[Path, OSError]] = []

    def tend(self, now: float) -> None:
        if self.presence.tend(now):
            wish = self._folder.settle
            self.settle = SettleTracker(STILL[self.presence.watch] if wish is None else wish)
            self.look_at = now
        for path in list(self._locked)[:RETRIED]:
            self.glance(path, now)

    def look(self) -> list[Sighting]:
        """Every file that could be a document."""
        look = look_everywhere(self._rules, self._own)
        self._closed = look.closed
        self._told &= self._tell(look)
        self._strangers.intersection_update(look.files)
        self._locked = {
            file.path: self._locked[file.path] for file in look.files if file.path in self._locked
        }
        return [file for file in look.files if file not in self._strangers]

    def glance(self, path: Path, now: float) -> None:
        """A path where something may have happened."""
        look = look_at(path, self._rules, self._own)
        self._tell(look)
        if not look.files:
            self.settle.gone(path)
            self._locked.pop(path, None)
        self.see(look.files, now)

    def see(self, files: Iterable[Sighting], now: float) -> None:
        for file in files:
            if file not in self._strangers:
                self.settle.see(file, now)

    def ready(self, now: float) -> list[Sighting]:
        """Files that have been still for long enough, looked at once more: silence may be lost news."""
        for file in self.settle.due(now):
            self.glance(file.path, now)
        for file in self.settle.slow(now):
            logger.info("{} is still growing; it is read once it is complete", file.path)
        return self.settle.ready(now)

    def documents(self, files: Iterable[Sighting], now: float) -> list[Sighting]:
        """Those that are documents and can be opened. Others are remembered, or tried again."""
        return [file for file in files if self._is_document(file, now)]

    def status(self) -> FolderStatus:
        return FolderStatus(
            str(self.path), self.presence.watch, self.presence.problem or self._closed_sentence()
        )

    def troubles(self, now: float) -> list[Trouble]:
        growing = [
            Trouble(f"{file.path.name} is still growing.", "It is read once it is complete.")
            for file in self.settle.growing(now)
        ]
        locked = [
            Trouble(
                f"{path.name} cannot be opened: {why}.",
                "Allow papertray to read it, or close the program that holds it; it is tried again.",
            )
            for path, why in self._locked.items()
        ]
        return growing + locked

    def _is_document(self, file: Sighting, now: float) -> bool:
        if self._own(file.path):
            self._strangers.add(file)
            return False
        try:
            head = _head(file)
        except FileNotFoundError:
            return False
        except OSError as problem:
            self._lock(file.path, problem.strerror or str(problem))
            return False
        self._locked.pop(file.path, None)
        if head is None:
            self.glance(file.path, now)
            return False
        if file.path.suffix.lower() in SUFFIXES or kind_of_file(head):
            return True
        self._strangers.add(file)
        return False

    def _lock(self, path: Path, why: str) -> None:
        if path not in self._locked:
            logger.warning("{} cannot be opened: {}", path, why)
        self._locked[path] = why

    def _tell(self, look: FolderContents) -> set[tuple[Path, str]]:
        """One log line for each oddity, however often it is seen."""
        closed = {(path, problem.strerror or str(problem)) for path, problem in look.closed}
        odd = {*look.odd, *closed}
        for path, why in odd - self._told:
            logger.warning("{} is left alone: {}", path, why)
        self._told |= odd
        return odd

    def _closed_sentence(self) -> str:
        if not self._closed:
            return ""
        path, problem = self._closed[0]
        more = f" (and {len(self._closed) - 1} more)" if len(self._closed) > 1 else ""
        return f"{path}{more} cannot be looked into: {problem.strerror}. Allow papertray to read it."


def _head(file: Sighting) -> bytes | None:
    """The first bytes; None when it is not the file that was seen. A pipe in its place does not block."""
    descriptor = os.open(file.path, READ_ONLY)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or not file.fingerprint.matches(info):
            return None
        return os.read(descriptor, HEAD)
    finally:
        os.close(descriptor)
