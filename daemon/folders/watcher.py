"""The loop over all watched folders: hints and rescans in, settled documents out. One thread runs it."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from loguru import logger
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from papertray.daemon.folders.contents import IsOwn
from papertray.daemon.folders.hints import Hints
from papertray.daemon.folders.presence import FolderPresence
from papertray.daemon.folders.probe import FolderProbe
from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import Sighting
from papertray.daemon.folders.watched_folder import WatchedFolder
from papertray.daemon.records import FoundFile
from papertray.daemon.settings import FolderSettings, named_places
from papertray.daemon.status import FolderStatus, Trouble
from papertray.engine.errors import PapertrayError

CHECK = 5.0  # seconds between two looks at whether the folders are there
POLL = 5.0  # seconds between two looks through a polled folder, at least
POLL_SHARE = 200  # a polled folder costs at most this part of the time
AFTER_BURST = 2.0  # seconds after which a folder with very many hints is looked at as a whole
TRY_AGAIN = 10.0  # seconds until files are offered again that could not be handed over
GATHER_SECONDS = 0.1  # seconds in which hints gather


class FolderWatcher:
    """`find_unknown` picks the files not known as they are now; `is_own` knows what papertray wrote."""

    def __init__(
        self,
        folders: Iterable[FolderSettings],
        *,
        rescan: float,
        is_own: IsOwn,
        find_unknown: Callable[[list[FoundFile]], list[FoundFile]],
        take_in: Callable[[list[FoundFile]], object],
        clock: Callable[[], float] = time.monotonic,
        make_observer: Callable[[], BaseObserver] = Observer,
    ) -> None:
        folders = tuple(folders)
        apart = named_places(folders)
        self._hints = Hints()
        self._roots = {
            folder.path: self._make_watched_folder(folder, apart, is_own, make_observer) for folder in folders
        }
        self._interval = rescan
        self._find_unknown = find_unknown
        self._take_in = take_in
        self._clock = clock
        self._check_at = clock()
        self._looked = threading.Event()
        self._status: tuple[FolderStatus, ...] = tuple(root.status() for root in self._roots.values())
        self._troubles: tuple[Trouble, ...] = ()

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self.step()
                stop.wait(GATHER_SECONDS)
                if not stop.is_set():
                    self._hints.wait(self._next_time() - self._clock())
        finally:
            for root in self._roots.values():
                root.presence.close()

    def end(self) -> None:
        """Have `run` see at once that it is to stop."""
        self._hints.end()

    def wait_for_first_look(self, seconds: float) -> None:
        """Until `status` says what is there, or for that long: before, no folder seems to be."""
        self._looked.wait(seconds)

    def status(self) -> tuple[FolderStatus, ...]:
        return self._status

    def troubles(self) -> tuple[Trouble, ...]:
        """Files that do not become documents for now, and why."""
        return self._troubles

    def step(self) -> None:
        """One turn: whatever is to be done now."""
        now = self._clock()
        if now >= self._check_at:
            self._check_at = now + CHECK
            for root in self._roots.values():
                self._run_guarded(root, root.refresh, now)
        self._follow_hints(now)
        for root in self._roots.values():
            if now >= root.rest_until:
                self._run_guarded(root, self._visit, root, now)
        self._update_status(now)
        self._looked.set()

    def _follow_hints(self, now: float) -> None:
        for path, batch in self._hints.take().items():
            root = self._roots[path]
            if batch.burst:
                root.scan_at = min(root.scan_at, now + AFTER_BURST)
            for hint in batch.paths:
                if now >= root.rest_until:
                    self._run_guarded(root, root.check_path, hint, now)

    def _visit(self, root: WatchedFolder, now: float) -> None:
        if root.presence.watch != "gone" and now >= root.scan_at:
            self._scan(root, now)
        self._hand_over(root, now)

    def _scan(self, root: WatchedFolder, now: float) -> None:
        root.record(self._unknown_files(root, root.scan()), now)
        pause = self._interval
        if root.presence.watch == "poll":
            pause = min(pause, max(POLL, POLL_SHARE * (self._clock() - now)))
        root.scan_at = self._clock() + pause

    def _hand_over(self, root: WatchedFolder, now: float) -> None:
        documents = root.select_documents(self._unknown_files(root, root.take_still(now)), now)
        if documents:
            self._take_in(_found_files(root, documents))

    def _unknown_files(self, root: WatchedFolder, files: list[Sighting]) -> list[Sighting]:
        if not files:
            return []
        unknown = {file.path for file in self._find_unknown(_found_files(root, files))}
        return [file for file in files if file.path in unknown]

    def _run_guarded(self, root: WatchedFolder, work: Callable[..., object], *values: object) -> None:
        """Nothing that happens in one folder may end the watching: it is looked at again soon."""
        try:
            work(*values)
        except PapertrayError as problem:
            logger.warning("{}", problem)
        except Exception:
            logger.exception("Looking at {} failed", root.path)
        else:
            return
        root.scan_at = root.rest_until = self._clock() + TRY_AGAIN

    def _next_time(self) -> float:
        waits = [self._check_at]
        for root in self._roots.values():
            if root.presence.watch != "gone":
                settled = root.settle.next_time()
                then = root.scan_at if settled is None else min(root.scan_at, settled)
                waits.append(max(then, root.rest_until))
        return min(waits)

    def _update_status(self, now: float) -> None:
        self._status = tuple(root.status() for root in self._roots.values())
        self._troubles = tuple(trouble for root in self._roots.values() for trouble in root.troubles(now))

    def _make_watched_folder(
        self,
        folder: FolderSettings,
        apart: Iterable[Path],
        is_own: IsOwn,
        make_observer: Callable[[], BaseObserver],
    ) -> WatchedFolder:
        rules = FolderRules.of(folder.path, folder.recursive, folder.include, folder.ignore, apart)
        presence = FolderPresence(
            folder, lambda path: self._hints.add(folder.path, path), FolderProbe(folder.path), make_observer
        )
        return WatchedFolder(folder, rules, presence, is_own)


def _found_files(root: WatchedFolder, files: Iterable[Sighting]) -> list[FoundFile]:
    return [FoundFile(root.path, file.path, file.fingerprint) for file in files]
