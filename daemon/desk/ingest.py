"""Open what has arrived: who it is by its bytes, and how many pages it has.

Takes documents that lie still; gives the journal their pages, or the sentence why there are none. Each is
opened once, beneath its watched folder; what its bytes mean is seen by the renderer's child process only.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.claims.claims import Claims
from papertray.daemon.errors import KindNotRead, PageNotThere
from papertray.daemon.files import hash_blocks
from papertray.daemon.folders.other_kinds import is_other_kind
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.records import DocumentRecord, FoundFile, OpenedDocument
from papertray.daemon.status import Trouble
from papertray.engine.beneath import FileBeneath, HeldFile, Source, open_source, translate_problems
from papertray.engine.documents import HEAD, kind_of_file
from papertray.engine.errors import Cancelled, DocumentChanged, DocumentGone, PapertrayError
from papertray.engine.renderer import Outline

_AT_ONCE = 64
_COMMIT_EVERY = 0.25
_BACK_OFF = BackOff((10.0, 60.0, 300.0, 1800.0))  # for a file that cannot be opened now


class Ingest:
    """`wake` ends the sleep of `run`; `on_opened` is called when there are pages to be read.

    `describe_way` tells how a folder has its documents read.
    """

    def __init__(
        self,
        journal: Journal,
        notes: NoteWriter,
        claims: Claims,
        inspect: Callable[[Source], Outline],
        on_opened: Callable[[], None],
        stop: threading.Event,
        describe_way: Callable[[Path], str] = lambda _folder: "",
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._claims = claims
        self._inspect = inspect
        self._on_opened = on_opened
        self._stop = stop
        self._describe_way = describe_way
        self.wake = threading.Event()
        self.trouble: Trouble | None = None

    def take_in(self, files: Sequence[FoundFile]) -> None:
        """Remember these files before anything else is done with them; raises when there is no room."""
        try:
            self._journal.arrivals.add(files)
        except PapertrayError as problem:
            self.trouble = Trouble.of(problem)
            raise
        self.trouble = None
        self.wake.set()

    def run(self) -> None:
        """Until stopped: open what waits; sleep until woken, or until something may be tried again."""
        while not self._stop.is_set():
            self.wake.clear()
            if self.open_next():
                self._on_opened()
            else:
                self.wake.wait(_BACK_OFF.after(0))

    def open_next(self) -> bool:
        """Open the next documents in one go, those that are ours to read; whether there were any."""
        documents = self._journal.arrivals.next_to_open(_AT_ONCE)
        if not documents:
            return False
        with self._claims.admitted(documents) as ours:
            opened = self._open_some(ours)
            if opened:
                self._journal.arrivals.add_pages(opened)
        return True

    def _open_some(self, documents: Sequence[DocumentRecord]) -> list[OpenedDocument]:
        """As many as can be opened until the journal should be told."""
        opened: list[OpenedDocument] = []
        until = time.monotonic() + _COMMIT_EVERY
        for document in documents:
            if self._stop.is_set():
                break
            opened += self._open(document)
            if time.monotonic() > until:
                break
        return opened

    def _open(self, document: DocumentRecord) -> list[OpenedDocument]:
        try:
            with open_source(FileBeneath(document.folder, document.path)) as descriptor:
                return self._open_as(document, descriptor)
        except (DocumentChanged, DocumentGone) as problem:
            self._journal.arrivals.lose(document.id, problem)
        except Cancelled:
            pass  # the renderer was closed: it is opened at the next start
        except PapertrayError as problem:
            logger.bind(document=document.id).info("cannot be opened: {}", type(problem).__name__)
            again = _BACK_OFF.after(document.tries) if problem.retry else None
            self._journal.arrivals.refuse(document.id, problem, again)
        return []

    def _open_as(self, document: DocumentRecord, descriptor: int) -> list[OpenedDocument]:
        """What is hashed is what the renderer is given: its path is not looked up again."""
        _require_kind(document.path, descriptor)
        sha256 = _hash(document, descriptor)
        if (note := self._standing_note(document, sha256)) is not None:
            self._journal.arrivals.adopt_note(document.id, sha256, note)
            return []
        outline = self._inspect(HeldFile(document.path, descriptor))
        _require_pages(document, len(outline.pages))
        way = self._describe_way(document.folder)
        return [OpenedDocument(document.id, sha256, outline.kind, len(outline.pages), way)]

    def _standing_note(self, document: DocumentRecord, sha256: str) -> Path | None:
        """Of a document that another papertray has read, or whose journal was lost; an upload has none."""
        asked_for_again = document.note is not None and document.sha256 in ("", sha256)
        if document.urgent or asked_for_again:
            return None
        return self._notes.find_standing(document, sha256)


def _require_kind(path: Path, descriptor: int) -> None:
    """Only the content decides what a document is; the name says what to call one that is none of ours."""
    if not is_other_kind(path):
        return
    with translate_problems(path):
        head = os.read(descriptor, HEAD)
        os.lseek(descriptor, 0, os.SEEK_SET)
    if kind_of_file(head) is None:
        raise KindNotRead(path)


def _hash(document: DocumentRecord, descriptor: int) -> str:
    """The hash of the bytes that arrived; other bytes by now are another arrival."""
    with translate_problems(document.path):
        sha256 = hash_blocks(descriptor)
        after = os.fstat(descriptor)
    if not document.fingerprint.matches(after):
        raise DocumentChanged(document.path)
    return sha256


def _require_pages(document: DocumentRecord, pages: int) -> None:
    missing = [number for number in json.loads(document.wanted_pages or "[]") if number > pages]
    if missing:
        raise PageNotThere(document.path.name, missing[0], pages)
