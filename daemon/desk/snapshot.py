"""Take the status: what the threads show and the journal counts, put together into one value."""

import importlib.metadata
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from papertray.daemon.desk.pace import ReadingPace
from papertray.daemon.folders import FolderWatcher
from papertray.daemon.journal import Journal
from papertray.daemon.journal.states import ENDS
from papertray.daemon.reading.slot import ReaderSlot, SlotState
from papertray.daemon.reading.turns import ReaderTurns
from papertray.daemon.reading.worker import Worker
from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import (
    Activity,
    DownloadProgress,
    FolderStatus,
    PageInProgress,
    Status,
    Trouble,
)
from papertray.engine.pages import StartsPrograms


class Snapshots:
    """Counts documents since the queue was last empty, so that people see "3 of 12"."""

    def __init__(
        self,
        journal: Journal,
        slot: ReaderSlot,
        worker: Worker,
        turns: ReaderTurns,
        folders: FolderWatcher,
    ) -> None:
        self._journal = journal
        self._turns = turns
        self._slot = slot
        self._worker = worker
        self._folders = folders
        self._ended_before: int | None = None
        self._pace = ReadingPace()
        self._process = Status(
            Activity.IDLE,
            version=importlib.metadata.version("papertray"),
            pid=os.getpid(),
            started=time.time(),
        )

    def take(self, troubles: Iterable[Trouble], downloads: tuple[DownloadProgress, ...]) -> Status:
        counts = self._journal.listing.counts()
        ended = sum(counts.get(state, 0) for state in ENDS)
        waiting = sum(counts.values()) - ended
        waiting -= self._journal.arrivals.count_held() if waiting else 0
        if not waiting or self._ended_before is None:
            self._ended_before = ended
        done = max(0, ended - self._ended_before)
        pages_left = self._journal.queue.count_open_pages() if waiting else 0
        paused, until = self._journal.requests.paused()
        now = time.time()
        slot, reading = self._slot.now, self._worker.reading
        starting = _starting(slot) if reading else ""
        waits_until = None if reading else self._turns.waits_until
        return replace(
            self._process,
            activity=Activity.LOADING
            if starting
            else _activity(paused or waits_until is not None, slot, reading, waiting),
            starting=starting,
            percent_loaded=None if slot.share is None else int(100 * slot.share),
            at=now,
            paused=paused,
            paused_until=until if paused else waits_until,
            reading=reading,
            counts=counts,
            batch_done=done,
            batch_total=done + waiting,
            pages_left=pages_left,
            outputs_left=self._journal.errands.outputs_left(),
            errands_unfinished=self._journal.errands.count_unfinished(),
            seconds_left=self._pace.seconds_left(pages_left, bool(reading), now),
            folders=tuple(self._of_folder(folder, now) for folder in self._folders.status()),
            downloads=downloads,
            troubles=(*troubles, *self._troubles(slot)),
            **_describe_reader(slot, self._turns.choices.for_all),
        )

    def _of_folder(self, folder: FolderStatus, now: float) -> FolderStatus:
        path, choices = Path(folder.path), self._turns.choices
        return replace(folder, model=choices.own_model(path), paused_until=choices.paused_until(path, now))

    def _troubles(self, slot: SlotState) -> Iterator[Trouble]:
        yield from filter(None, (self._worker.trouble, slot.trouble))
        for sentence, advice in self._journal.notes.problems():
            yield Trouble(sentence, advice)
        for sentence in self._journal.errands.problems():
            yield Trouble(sentence, "The note stands; it is tried again.")


def _activity(paused: bool, slot: SlotState, reading: tuple[PageInProgress, ...], waiting: int) -> Activity:
    if slot.loading:
        return Activity.LOADING
    if reading:
        return Activity.WORKING
    if paused:
        return Activity.PAUSED
    return Activity.WORKING if waiting else Activity.IDLE


def _starting(slot: SlotState) -> str:
    return slot.reader.starting if isinstance(slot.reader, StartsPrograms) else ""


def _describe_reader(slot: SlotState, engine: EngineSettings) -> dict[str, Any]:
    if slot.reader is None:
        return {"reader": engine.model, "device": engine.device, "loaded": False, "why": "", "rung": ""}
    reader, identity = slot.reader, slot.reader.identity
    weight = reader.memory if isinstance(reader, StartsPrograms) else 0
    return {
        "reader": identity.name,
        "device": f"{identity.device} ({weight / 1e9:.1f} GB)" if weight else identity.device,
        "loaded": True,
        "why": reader.why,
        "rung": reader.rung,
    }
