"""All that works with one set of settings: eyes on the folders, opening of files, the inference thread.

Takes settings and the journal; puts the parts together, runs their threads, and tells how it goes. When the
settings change it is stopped and another one is set up: no part copes with a setting that changes under it.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial

from papertray.daemon.claims.claimant import new_claimant
from papertray.daemon.claims.claims import Claims
from papertray.daemon.desk.ingest import Ingest
from papertray.daemon.desk.snapshot import Snapshots
from papertray.daemon.folders import FolderWatcher
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.reading.folder_choices import FolderChoices
from papertray.daemon.reading.slot import ReaderSlot, ReaderSource
from papertray.daemon.reading.turns import ReaderTurns
from papertray.daemon.reading.worker import Worker
from papertray.daemon.rules.errand_runner import AT_ONCE, ErrandRunner
from papertray.daemon.rules.matching import apply_rules
from papertray.daemon.settings import Settings
from papertray.daemon.status import DownloadProgress, Status, Trouble
from papertray.daemon.threads import GuardedThread
from papertray.engine.renderer import DocumentLimits, Renderer

_FINISH_SECONDS = 1.5


class Desk:
    def __init__(self, settings: Settings, journal: Journal, readers: ReaderSource) -> None:
        self.settings = settings
        self._stop = threading.Event()
        choices = FolderChoices(settings.engine, settings.folders)
        limits = DocumentLimits(**settings.documents.model_dump())
        self._renderer = Renderer(limits, dots_per_inch=choices.dots_per_inch)
        slot = ReaderSlot(readers, time.monotonic)
        notes = NoteWriter(journal, settings, self._renderer.inspect, partial(apply_rules, settings.rules))
        errands = ErrandRunner(settings.rules, journal, self._stop, notes.write_outputs)
        turns = ReaderTurns(journal.queue, slot, choices)
        self._worker = Worker(journal, notes, self._renderer, slot, turns, self._stop)
        self._claims = Claims(
            [folder.path for folder in settings.folders],
            journal,
            new_claimant(journal.store.path.parent),
            notes.find_standing,
            self._try_waiting_again,
            time.monotonic,
        )
        self._ingest = Ingest(
            journal,
            notes,
            self._claims,
            self._renderer.inspect,
            self._worker.wake.set,
            self._stop,
            choices.describe,
        )
        self._folders = FolderWatcher(
            settings.folders,
            rescan=settings.rescan,
            is_own=notes.is_own,
            find_unknown=journal.arrivals.find_unknown,
            take_in=self._ingest.take_in,
        )
        self._reading = GuardedThread("reading", self._read, self._stop)
        self._opening = GuardedThread("opening", self._ingest.run, self._stop)
        self._threads = (
            GuardedThread("folders", partial(self._folders.run, self._stop), self._stop),
            self._opening,
            self._reading,
            GuardedThread("claims", partial(self._claims.run, self._stop, self._finish), self._stop),
            *(GuardedThread("rules", errands.run, self._stop) for _ in range(AT_ONCE)),
        )
        self._snapshots = Snapshots(journal, slot, self._worker, turns, self._folders)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Another process has written into the journal: see what that means for what is at work."""
        self._ingest.wake.set()
        self._worker.wake.set()
        self._worker.cancel_if_abandoned()

    def status(self, troubles: Iterable[Trouble], downloads: tuple[DownloadProgress, ...]) -> Status:
        """How it goes, with what others have to say."""
        return self._snapshots.take((*troubles, *self._troubles()), downloads)

    def wait_for_folders(self, seconds: float) -> None:
        """Until they were looked at for the first time, at most that long."""
        self._folders.wait_for_first_look(seconds)

    def stop(self) -> None:
        """Begin to end: the page in hand is given back. `wait` says when it has."""
        self._stop.set()
        self._worker.cancel.set()
        self._worker.wake.set()
        self._ingest.wake.set()
        self._folders.end()
        self._renderer.close()

    def wait_for_reader(self, seconds: float) -> bool:
        """Whether the inference thread has ended within that time: then the reader's memory is free."""
        return self._reading.join(seconds)

    def wait(self, seconds: float) -> bool:
        """Whether all of it has ended within that time."""
        until = time.monotonic() + seconds
        return all(thread.join(max(0.0, until - time.monotonic())) for thread in self._threads)

    def _read(self) -> None:
        self._claims.wait_until_ready()
        self._worker.run()

    def _finish(self) -> None:
        """What is in hand is ours until it was given back."""
        for thread in (self._opening, self._reading):
            thread.join(_FINISH_SECONDS)

    def _try_waiting_again(self) -> None:
        """Documents that another papertray had may be free by now, and ours may be another's."""
        self._ingest.wake.set()
        self._worker.cancel_if_abandoned()

    def _troubles(self) -> Iterator[Trouble]:
        yield from self._folders.troubles()
        yield from filter(None, (self._ingest.trouble, *(thread.trouble for thread in self._threads)))
