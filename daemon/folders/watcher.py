"""The loop over all watched folders: hints and rescans in, settled documents out. One thread runs it."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from loguru import logger
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from papertray.daemon.folders.contents import Own
from papertray.daemon.folders.hints import Hints
from papertray.daemon.folders.presence import FolderPresence
from papertray.daemon.folders.probe import FolderProbe
from papertray.daemon.folders.rules import FolderRules
from papertray.daemon.folders.settle import Sighting
from papertray.daemon.folders.watched_folder import WatchedFolder
from papertray.daemon.records import FoundFile
from papertray.daemon.settings import FolderSettings, output_places
from papertray.daemon.status import FolderStatus, Trouble
from papertray.engine.errors import PapertrayError

CHECK = 5.0  # seconds between two looks at whether the folders are there
POLL = 5.0  # seconds between two looks through a polled folder, at least
POLL_SHARE = 200  # a polled folder costs at most this part of the time
AFTER_BURST = 2.0  # seconds after which a folder with very many hints is looked at as a whole
TRY_AGAIN = 10.0  # seconds until files are offered again that could not be handed over
PACE = 0.1  # seconds in which hints gather
AWAKE = 1.0  # seconds after which a stop is noticed


class FolderWatcher:
    """`unknown` picks from many files those not known as they are now; `own` knows what papertray wrote."""

    def __init__(
        self,
        folders: Iterable[FolderSettings],
        *,
        rescan: float,
        own: Own,
        unknown: Callable[[list[FoundFile]], list[FoundFile]],
        found: Callable[[list[FoundFile]], object],
        clock: Callable[[], float] = time.monotonic,
        observer: Callable[[], BaseObserver] = Observer,
    ) -> None:
        folders = tuple(folders)
        apart = {place for folder in folders for place in (folder.path, *output_places(folder))}
        self._hints = Hints()
        self._roots = {folder.path: self._root(folder, apart, own, observer) for folder in folders}
        self._interval = rescan
        self._unknown = unknown
        self._found = found
        self._clock = clock
        self._check_at = clock()
        self._status: tuple[FolderStatus, ...] = tuple(root.status() for root in self._roots.values())
        self._troubles: tuple[Trouble, ...] = ()

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self.step()
                stop.wait(PACE)
                if not stop.is_set():
                    self._hints.wait(min(AWAKE, self._next() - self._clock()))
        finally:
            for root in self._roots.values():
                root.presence.close()

    def status(self) -> tuple[FolderStatus, ...]:
        return self._status

    def troubles(self) -> tuple[Trouble, ...]:
        """Files that do not become documents for now, and why."""
        return self._troubles

    def step(self) -> None:
        """One turn: whatever is due now."""
        now = self._clock()
        if now >= self._check_at:
            self._check_at = now + CHECK
            for root in self._roots.values():
                self._guarded(root, root.tend, now)
        self._hear(now)
        for root in self._roots.values():
            if now >= root.rest_until:
                self._guarded(root, self._turn, root, now)
        self._publish(now)

    def _hear(self, now: float) -> None:
        for path, batch in self._hints.take().items():
            root = self._roots[path]
            if batch.burst:
                root.look_at = min(root.look_at, now + AFTER_BURST)
            for hint in batch.paths:
                if now >= root.rest_until:
                    self._guarded(root, root.glance, hint, now)

    def _turn(self, root: WatchedFolder, now: float) -> None:
        if root.presence.watch != "gone" and now >= root.look_at:
            self._look(root, now)
        self._hand_over(root, now)

    def _look(self, root: WatchedFolder, now: float) -> None:
        root.see(self._news(root, root.look()), now)
        pause = self._interval
        if root.presence.watch == "poll":
            pause = min(pause, max(POLL, POLL_SHARE * (self._clock() - now)))
        root.look_at = self._clock() + pause

    def _hand_over(self, root: WatchedFolder, now: float) -> None:
        documents = root.documents(self._news(root, root.ready(now)), now)
        if documents:
            self._found(_as_found(root, documents))

    def _news(self, root: WatchedFolder, files: list[Sighting]) -> list[Sighting]:
        if not files:
            return []
        news = {file.path for file in self._unknown(_as_found(root, files))}
        return [file for file in files if file.path in news]

    def _guarded(self, root: WatchedFolder, work: Callable[..., object], *values: object) -> None:
        """Nothing that happens in one folder may end the watching: it is looked at again soon."""
        try:
            work(*values)
        except PapertrayError as problem:
            logger.warning("{}", problem)
        except Exception:
            logger.exception("Looking at {} failed", root.path)
        else:
            return
        root.look_at = root.rest_until = self._clock() + TRY_AGAIN

    def _next(self) -> float:
        waits = [self._check_at]
        for root in self._roots.values():
            if root.presence.watch != "gone":
                settled = root.settle.next()
                due = root.look_at if settled is None else min(root.look_at, settled)
                waits.append(max(due, root.rest_until))
        return min(waits)

    def _publish(self, now: float) -> None:
        self._status = tuple(root.status() for root in self._roots.values())
        self._troubles = tuple(trouble for root in self._roots.values() for trouble in root.troubles(now))

    def _root(
        self, folder: FolderSettings, apart: Iterable[Path], own: Own, observer: Callable[[], BaseObserver]
    ) -> WatchedFolder:
        rules = FolderRules.of(folder.path, folder.recursive, folder.include, folder.ignore, apart)
        presence = FolderPresence(
            folder, lambda path: self._hints.put(folder.path, path), FolderProbe(folder.path), observer
        )
        return WatchedFolder(folder, rules, presence, own)


def _as_found(root: WatchedFolder, files: Iterable[Sighting]) -> list[FoundFile]:
    return [FoundFile(root.path, file.path, file.fingerprint) for file in files]
