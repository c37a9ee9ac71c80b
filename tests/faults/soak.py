"""Days of a daemon's life in a minute: the real parts, stepped by hand by a clock that the simulation sets.

Real are folders and their observers, journal, renderer, notes, claims; the reader answers at once. Time only
goes by when the simulation says so. Told, hour by hour, are memory, descriptors, threads, the journal's size.
"""

import random
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from papertray.daemon.claims.claimant import new_claimant
from papertray.daemon.claims.claims import Claims
from papertray.daemon.desk.ingest import Ingest
from papertray.daemon.desk.opener import DocumentOpener
from papertray.daemon.folders import FolderWatcher
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.reading.folder_choices import FolderChoices
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.reading.turns import ReaderTurns
from papertray.daemon.reading.worker import Worker
from papertray.daemon.settings import Settings
from papertray.engine.renderer import DocumentLimits, Renderer
from tests.desks import draw, settings_for
from tests.fakes import InstantReader, OneReader

HOUR, RESCAN, SETTLE = 3600.0, 600.0, 2.0
ARRIVALS, EDITS = 5, 1  # an hour
KEPT = 6  # hours that files are left in the inbox
STEPS_AN_HOUR = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """How much the process held at the end of an hour."""

    hour: int
    memory: int
    descriptors: int
    threads: int
    journal: int
    documents: int


class SteppedDesk:
    """What a `Desk` puts together, without its threads."""

    def __init__(self, settings: Settings, journal: Journal, clock: Callable[[], float]) -> None:
        stop = threading.Event()
        self.journal = journal
        self.renderer = Renderer(DocumentLimits(**settings.documents.model_dump()))
        self.slot = ReaderSlot(OneReader(InstantReader()), clock)
        notes = NoteWriter(journal, settings)
        turns = ReaderTurns(journal.queue, self.slot, FolderChoices(settings.engine), clock)
        self.worker = Worker(journal, notes, self.renderer, self.slot, turns, stop)
        roots = [folder.path for folder in settings.folders]
        me = new_claimant(journal.store.path.parent)
        self.claims = Claims(roots, journal, me, notes.find_standing, lambda: None, clock)
        opener = DocumentOpener(journal, notes, self.renderer.inspect)
        self.ingest = Ingest(journal, opener, self.claims, self.worker.wake.set, stop)
        self.folders = FolderWatcher(
            settings.folders,
            rescan=settings.rescan,
            is_own=notes.is_own,
            find_unknown=journal.arrivals.find_unknown,
            take_in=self.ingest.take_in,
            clock=clock,
        )
        journal.queue.recover()
        self.claims.begin()

    def turn(self) -> None:
        """Everything once, and on as long as there is anything to be done at this moment."""
        self.folders.step()
        while self.ingest.open_next() or self.worker.turn():
            pass
        self.claims.beat()

    def rest(self) -> None:
        """What a worker does with nothing to read; once an hour, for a new renderer takes a while."""
        self.worker.rest()

    def close(self) -> None:
        stop = threading.Event()
        stop.set()
        self.claims.run(stop, lambda: None)
        self.folders.run(stop)
        self.slot.unload()
        self.renderer.close()


class Soak:
    """One inbox and one home, in `root`. Whoever runs it has `time.time` give `now`."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.archive, self.journal_file = (
            root / "inbox",
            root / "archive",
            root / "journal.sqlite3",
        )
        self.inbox.mkdir()
        self._away = root / "away"
        self._chance = random.Random(72)
        self._ticks = 0.0
        self._began = time.time()
        self._drawn = 0
        self._journal = Journal.open(self.journal_file)
        self._desk = self._new_desk(archive=False)
        self.readings: list[Reading] = []

    def now(self) -> float:
        return self._began + self._ticks

    def close(self) -> None:
        self._desk.close()
        self._journal.close()

    def run(self, hours: int) -> None:
        for hour in range(hours):
            self._live_through(hour)
            self.readings.append(self._take_reading(hour))

    def open_documents(self) -> int:
        counts = self._journal.listing.counts()
        return sum(counts.get(state, 0) for state in ("arrived", "queued", "reading", "writing"))

    def states(self) -> dict[str, int]:
        return self._journal.listing.counts()

    def _live_through(self, hour: int) -> None:
        """Scans come, some change; now and then the share is lost, a person pauses, settings change."""
        self._clear_out(hour)
        self._arrive(hour)
        if hour % 3 == 1:
            self._journal.requests.pause(self.now() + HOUR / 3)
        for step in range(STEPS_AN_HOUR):
            if hour % 6 == 4 and step == 1:
                self.inbox.rename(self._away)
            if hour % 6 == 4 and step == 3:
                self._away.rename(self.inbox)
            if step == 4 and self.inbox.exists():
                self._edit()
            self._pass_by(HOUR / STEPS_AN_HOUR)
        self._desk.rest()
        if hour % 4 == 3:
            self._change_settings(archive=hour % 8 == 3)
        if hour % 24 == 23:
            self._restart()

    def _pass_by(self, seconds: float) -> None:
        """In a few steps: enough for a rescan, for files to lie still, and for what follows."""
        for share in (seconds - 3 * SETTLE, SETTLE + 0.5, SETTLE - 0.5, SETTLE):
            self._ticks += share
            self._desk.turn()

    def _arrive(self, hour: int) -> None:
        for number in range(ARRIVALS):
            self._drawn += 1
            draw(self.inbox / f"scan {hour} {number}.png", f"{self._drawn}")
        if hour % 5 == 0:
            (self.inbox / f"broken {hour}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50 + hour))

    def _edit(self) -> None:
        scans = sorted(self.inbox.glob("scan *.png"))
        for scan in self._chance.sample(scans, min(EDITS, len(scans))):
            self._drawn += 1
            draw(scan, f"{self._drawn}")

    def _clear_out(self, hour: int) -> None:
        """People take away what is old."""
        for file in self.inbox.glob(f"* {hour - KEPT}[ .]*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()

    def _change_settings(self, *, archive: bool) -> None:
        self._desk.close()
        self._desk = self._new_desk(archive=archive)

    def _restart(self) -> None:
        self._desk.close()
        self._journal.close()
        self._journal = Journal.open(self.journal_file)
        self._desk = self._new_desk(archive=False)

    def _new_desk(self, *, archive: bool) -> SteppedDesk:
        folder = {"settle": SETTLE, "archive": self.archive if archive else None}
        return SteppedDesk(settings_for(self.inbox, folder=folder, rescan=RESCAN), self._journal, self._clock)

    def _clock(self) -> float:
        return self._ticks

    def _take_reading(self, hour: int) -> Reading:
        process = psutil.Process()
        handles = process.num_handles() if sys.platform == "win32" else process.num_fds()
        with closing(sqlite3.connect(self.journal_file)) as journal:
            pages, size = (journal.execute(f"PRAGMA page_{what}").fetchone()[0] for what in ("count", "size"))
        return Reading(
            hour,
            process.memory_info().rss,
            handles,
            threading.active_count(),
            pages * size,
            sum(self.states().values()),
        )
