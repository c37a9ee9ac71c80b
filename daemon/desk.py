"""The daemon at work with one set of settings: eyes on the folders, opening of files, inference thread.

Starts the threads, follows what other processes ask through the journal, and publishes the status.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import filelock
from loguru import logger

from papertray.daemon.api.server import ApiServer
from papertray.daemon.board import StatusBoard
from papertray.daemon.downloads import Downloads
from papertray.daemon.errors import DaemonRunning
from papertray.daemon.files import replace_quietly
from papertray.daemon.folders import FolderWatcher
from papertray.daemon.ingest import Ingest
from papertray.daemon.journal import Journal, set_damaged_aside
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.places import Places
from papertray.daemon.reading.slot import ReaderSlot, ReaderSource
from papertray.daemon.reading.worker import Hands, Worker
from papertray.daemon.settings import Settings
from papertray.daemon.snapshot import Snapshots, Sources
from papertray.daemon.status import Status, Trouble
from papertray.daemon.threads import GuardedThread
from papertray.engine.errors import PapertrayError
from papertray.engine.models.weights import Weights
from papertray.engine.renderer import DocumentLimits, Renderer

_TICK = 0.5
_LOCK_SECONDS = 2.0
_STOP_SECONDS = 4.0
_SAY_AGAIN = 60.0  # seconds after which a status that says the same is published all the same

Watching = Callable[[Status], None]


@dataclass(frozen=True, slots=True)
class Keeper:
    """What the daemon is given once, and keeps when the settings change."""

    places: Places
    readers: ReaderSource
    load: Callable[[], Settings]
    watching: Watching


@dataclass(frozen=True, slots=True)
class Lasting:
    """What is made once and outlives every desk. `troubles` are those of its own parts."""

    journal: Journal
    board: StatusBoard
    downloads: Downloads
    troubles: Callable[[], Iterable[Trouble]]


def keep(keeper: Keeper, stop: threading.Event) -> None:
    """Be the one daemon of this home until `stop`: a desk, and a new one whenever the settings change."""
    with ExitStack() as stack:
        stack.enter_context(_alone(keeper.places))
        keeper.places.runtime.unlink(missing_ok=True)  # of a process that was killed
        settings: Settings | None = keeper.load()
        damage = _make_journal_whole(keeper.places)
        journal = Journal.open(keeper.places.journal)
        stack.callback(journal.close)
        journal.uploads.clear()
        stack.callback(keeper.places.status.unlink, missing_ok=True)
        downloads = Downloads(Weights(keeper.places.models))
        stack.callback(downloads.close)
        board = StatusBoard()
        api = ApiServer(keeper.places, board, downloads, stop)
        stack.callback(api.close)
        lasting = Lasting(
            journal, board, downloads, lambda: (*damage, *api.troubles(), *downloads.troubles())
        )
        while settings is not None:
            api.follow(settings.api)
            settings = Desk(keeper, settings, lasting).run(stop)


class Desk:
    """All that runs with one set of settings, from `run` to its end."""

    def __init__(self, keeper: Keeper, settings: Settings, lasting: Lasting) -> None:
        self._keeper = keeper
        self._settings = settings
        self._lasting = lasting
        self._journal = journal = lasting.journal
        self._misread: Trouble | None = None
        self._stop = threading.Event()
        self._renderer = Renderer(DocumentLimits(**settings.documents.model_dump()))
        notes = NoteWriter(journal, settings)
        self._slot = ReaderSlot(keeper.readers, time.monotonic)
        self._worker = Worker(Hands(journal, notes, self._renderer, self._slot, settings.engine))
        self._ingest = Ingest(journal, notes, self._renderer.inspect, self._worker.wake.set)
        self._folders = FolderWatcher(
            settings.folders,
            rescan=settings.rescan,
            own=notes.is_assets,
            unknown=journal.arrivals.unknown,
            found=self._ingest.arrived,
        )
        self._threads = tuple(
            GuardedThread(name, body, self._stop)
            for name, body in (
                ("folders", self._folders.run),
                ("opening", self._ingest.run),
                ("reading", self._worker.run),
            )
        )
        self._snapshots = Snapshots(
            Sources(journal, settings.engine, self._slot, self._worker, self._folders, lasting.downloads.now)
        )

    def run(self, stop: threading.Event) -> Settings | None:
        """Until `stop`, which gives None, or until the settings change, which gives the new ones."""
        try:
            for thread in self._threads:
                thread.start()
            return self._follow(stop)
        finally:
            self._close(stop)

    def _follow(self, stop: threading.Event) -> Settings | None:
        seen, reload_asked = -1, self._journal.wishes.reload_asked()
        while not stop.wait(_TICK):
            if (changes := self._journal.store.changes_elsewhere()) != seen:
                seen = changes
                self._ingest.wake.set()
                self._worker.wake.set()
                self._worker.stop_if_unwanted()
                if (asked := self._journal.wishes.reload_asked()) != reload_asked:
                    reload_asked = asked
                    if (settings := self._other_settings()) is not None:
                        return settings
            self._publish()
        self._publish()  # what came in the last moment is told as well
        return None

    def _publish(self) -> None:
        status = self._snapshots.take(self._all_troubles())
        last = self._snapshots.last
        if replace(status, at=last.at) != last or status.at - last.at > _SAY_AGAIN:
            self._snapshots.last = status
            replace_quietly(self._keeper.places.status, status.to_json())
            self._lasting.board.publish(status)
            self._keeper.watching(status)

    def _other_settings(self) -> Settings | None:
        """The settings as they are now, if they make sense and are not those in force."""
        try:
            settings = self._keeper.load()
        except PapertrayError as problem:
            logger.error("the settings were not taken: {}", problem)
            self._misread = Trouble.of(problem, "Until then the old settings hold.")
            return None
        self._misread = None
        return settings if settings != self._settings else None

    def _close(self, stop: threading.Event) -> None:
        self._stop.set()
        self._worker.cancel.set()
        self._worker.wake.set()
        self._ingest.wake.set()
        self._renderer.close()
        self._wait_for_the_reader(stop)
        until = time.monotonic() + _STOP_SECONDS
        ended = [thread.join(max(0.0, until - time.monotonic())) for thread in self._threads]
        if not all(ended):
            logger.warning("a page was not given back in time; it is read again at the next start")

    def _wait_for_the_reader(self, stop: threading.Event) -> None:
        """The next desk shall find the page given back and the memory free, however long a token takes."""
        *_, reading = self._threads
        while not (stop.is_set() or reading.join(_TICK)):
            self._publish()

    def _all_troubles(self) -> Iterator[Trouble]:
        yield from self._lasting.troubles()
        yield from self._folders.troubles()
        yield from filter(
            None, (self._misread, self._ingest.trouble, *(thread.trouble for thread in self._threads))
        )


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold the lock of this home, or raise DaemonRunning."""
    places.make()
    lock = filelock.FileLock(places.lock, timeout=_LOCK_SECONDS)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise DaemonRunning(places.state) from None
    try:
        yield
    finally:
        lock.release()


def _make_journal_whole(places: Places) -> tuple[Trouble, ...]:
    aside = set_damaged_aside(places.journal)
    if aside is None:
        return ()
    logger.error("the journal was damaged and is kept as {}", aside.name)
    return (
        Trouble(
            f"The journal was damaged and is kept as {aside.name}; the folders are looked through afresh.",
            "There is nothing to do: documents whose note stands are not read again.",
        ),
    )
