"""Take the status: what the threads show and the journal counts, put together into one value."""

import importlib.metadata
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from papertray.daemon.folders import FolderWatcher
from papertray.daemon.journal import Journal
from papertray.daemon.reading.slot import ReaderSlot, SlotState
from papertray.daemon.reading.worker import Worker
from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import Activity, DocumentState, DownloadProgress, PageInProgress, Status, Trouble

_OPEN = (DocumentState.ARRIVED, DocumentState.QUEUED, DocumentState.READING, DocumentState.WRITING)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the status comes from: each is asked anew for every snapshot."""

    journal: Journal
    engine: EngineSettings
    slot: ReaderSlot
    worker: Worker
    folders: FolderWatcher
    downloads: Callable[[], tuple[DownloadProgress, ...]]


class Snapshots:
    """Counts documents since the queue was last empty, so that people see "3 of 12"."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._ended_before: int | None = None
        self.last = Status(
            Activity.IDLE,
            version=importlib.metadata.version("papertray"),
            pid=os.getpid(),
            started=time.time(),
        )

    def take(self, troubles: Iterable[Trouble]) -> Status:
        counts = self._sources.journal.listing.counts()
        waiting = sum(counts.get(state, 0) for state in _OPEN)
        ended = sum(counts.values()) - waiting
        if not waiting or self._ended_before is None:
            self._ended_before = ended
        done = max(0, ended - self._ended_before)
        paused, until = self._sources.journal.wishes.paused()
        slot, reading = self._sources.slot.now, self._sources.worker.reading
        return replace(
            self.last,
            activity=_activity(paused, slot, reading, waiting),
            at=time.time(),
            paused=paused,
            paused_until=until if paused else None,
            reading=reading,
            counts=counts,
            batch_done=done,
            batch_total=done + waiting,
            folders=self._sources.folders.status(),
            downloads=self._sources.downloads(),
            troubles=(*troubles, *self._troubles(slot)),
            **_reader(slot, self._sources.engine),
        )

    def _troubles(self, slot: SlotState) -> Iterator[Trouble]:
        yield from filter(None, (self._sources.worker.trouble, slot.trouble))
        for sentence, advice in self._sources.journal.notes.held_up():
            yield Trouble(sentence, advice)


def _activity(paused: bool, slot: SlotState, reading: tuple[PageInProgress, ...], waiting: int) -> Activity:
    if slot.loading:
        return Activity.LOADING
    if reading:
        return Activity.WORKING
    if paused:
        return Activity.PAUSED
    return Activity.WORKING if waiting else Activity.IDLE


def _reader(slot: SlotState, engine: EngineSettings) -> dict[str, Any]:
    if slot.reader is None:
        return {"reader": engine.model, "device": engine.device, "loaded": False, "why": "", "rung": ""}
    reader, identity = slot.reader, slot.reader.identity
    return {
        "reader": identity.name,
        "device": identity.device,
        "loaded": True,
        "why": reader.why,
        "rung": reader.rung,
    }
