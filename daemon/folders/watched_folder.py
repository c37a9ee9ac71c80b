"""One watched folder: what was seen in it, what is waited for, and what is none of our business.

Looks when told to; who is asked about known files, and what becomes of new ones, is the caller's.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from loguru import logger

from papertray.daemon.folders.contents import FolderContents, IsOwn, scan_folder, scan_path
from papertray.daemon.folders.other_kinds import is_other_kind
from papertray.daemon.folders.presence import FolderPresence
from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import SettleTracker, Sighting
from papertray.daemon.settings import FolderSettings
from papertray.daemon.status import FolderStatus, Trouble
from papertray.engine.beneath import FileBeneath, LinkInTheWay
from papertray.engine.documents import HEAD, SUFFIXES, kind_of_file
from papertray.engine.errors import NotAFile

STILL_SECONDS = {"native": 2.0, "poll": 5.0}  # seconds of stillness, unless the settings say otherwise
RETRY_LIMIT = 100  # so many files that would not open are tried again at each check; the rescan tries all


class WatchedFolder:
    def __init__(
        self, folder: FolderSettings, rules: FolderRules, presence: FolderPresence, is_own: IsOwn
    ) -> None:
        self.path = folder.path
        self.presence = presence
        self.settle = SettleTracker(0)
        self.scan_at = 0.0  # when all of it is to be looked at next
        self.rest_until = 0.0  # left in peace after a failure
        self._folder = folder
        self._rules = rules
        self._is_own = is_own
        self._non_documents: set[Sighting] = set()  # opened once, and not documents
        self._unopenable: dict[Path, str] = {}  # cannot be opened, and why
        self._logged: set[tuple[Path, str]] = set()
        self._closed_folders: list[tuple[Path, OSError]] = []

    def refresh(self, now: float) -> None:
        if self.presence.refresh(now):
            wanted = self._folder.settle
            self.settle = SettleTracker(STILL_SECONDS[self.presence.watch] if wanted is None else wanted)
            self.scan_at = now
        for path in list(self._unopenable)[:RETRY_LIMIT]:
            self.check_path(path, now)

    def scan(self) -> list[Sighting]:
        """Every file that could be a document."""
        contents = scan_folder(self._rules, self._is_own)
        self._closed_folders = contents.closed_folders
        self._logged &= self._log_oddities(contents)
        self._non_documents.intersection_update(contents.files)
        self._unopenable = {
            file.path: self._unopenable[file.path] for file in contents.files if file.path in self._unopenable
        }
        return [file for file in contents.files if file not in self._non_documents]

    def check_path(self, path: Path, now: float) -> None:
        """A path where something may have happened."""
        contents = scan_path(path, self._rules, self._is_own)
        self._log_oddities(contents)
        if not contents.files:
            self.settle.drop(path)
            self._unopenable.pop(path, None)
        self.record(contents.files, now)

    def record(self, files: Iterable[Sighting], now: float) -> None:
        for file in files:
            if file not in self._non_documents:
                self.settle.record(file, now)

    def take_still(self, now: float) -> list[Sighting]:
        """Files that have been still for long enough, looked at once more: silence may be lost news."""
        for file in self.settle.still(now):
            self.check_path(file.path, now)
        for file in self.settle.take_slow(now):
            logger.info("{} is still growing; it is read once it is complete", file.path)
        return self.settle.take_still(now)

    def select_documents(self, files: Iterable[Sighting], now: float) -> list[Sighting]:
        """Those that are documents and can be opened. Others are remembered, or tried again."""
        return [file for file in files if self._is_document(file, now)]

    def status(self) -> FolderStatus:
        return FolderStatus(
            str(self.path), self.presence.watch, self.presence.problem or self._closed_sentence()
        )

    def troubles(self, now: float) -> list[Trouble]:
        growing = [
            Trouble(f"{file.path.name} is still growing.", "It is read once it is complete.")
            for file in self.settle.all_slow(now)
        ]
        locked = [
            Trouble(
                f"{path.name} cannot be opened: {why}.",
                "Allow papertray to read it, or close the program that holds it; it is tried again.",
            )
            for path, why in self._unopenable.items()
        ]
        return growing + locked

    def _is_document(self, file: Sighting, now: float) -> bool:
        if self._is_own(file.path):
            self._non_documents.add(file)
            return False
        try:
            head = _head(self.path, file)
        except FileNotFoundError:
            return False
        except OSError as problem:
            self._note_unopenable(file.path, problem.strerror or str(problem))
            return False
        self._unopenable.pop(file.path, None)
        if head is None:
            self.check_path(file.path, now)
            return False
        if file.path.suffix.lower() in SUFFIXES or kind_of_file(head) or is_other_kind(file.path):
            return True
        self._non_documents.add(file)
        return False

    def _note_unopenable(self, path: Path, why: str) -> None:
        if path not in self._unopenable:
            logger.warning("{} cannot be opened: {}", path, why)
        self._unopenable[path] = why

    def _log_oddities(self, contents: FolderContents) -> set[tuple[Path, str]]:
        """One log line for each oddity, however often it is seen."""
        closed = {(path, problem.strerror or str(problem)) for path, problem in contents.closed_folders}
        odd = {*contents.odd, *closed}
        for path, why in odd - self._logged:
            logger.warning("{} is left alone: {}", path, why)
        self._logged |= odd
        return odd

    def _closed_sentence(self) -> str:
        if not self._closed_folders:
            return ""
        path, problem = self._closed_folders[0]
        more = f" (and {len(self._closed_folders) - 1} more)" if len(self._closed_folders) > 1 else ""
        return f"{path}{more} cannot be looked into: {problem.strerror}. Allow papertray to read it."


def _head(root: Path, file: Sighting) -> bytes | None:
    """The first bytes; None when it is not the file that was seen, but a link or a pipe for instance."""
    try:
        descriptor = FileBeneath(root, file.path).open()
    except (LinkInTheWay, NotAFile):
        return None
    try:
        if not file.fingerprint.matches(os.fstat(descriptor)):
            return None
        return os.read(descriptor, HEAD)
    finally:
        os.close(descriptor)
