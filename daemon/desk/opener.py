"""Open one document that has arrived: who it is by its bytes, and how many pages it has.

Takes its descriptor; gives what was seen, or says in the journal why there is nothing to read.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from loguru import logger

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import KindNotRead, PageNotThere
from papertray.daemon.files import hash_blocks
from papertray.daemon.folders.other_kinds import is_other_kind
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.records import DocumentRecord, OpenedDocument
from papertray.engine.beneath import HeldFile, Source, translate_problems
from papertray.engine.documents import HEAD, kind_of_file
from papertray.engine.errors import Cancelled, DocumentChanged, DocumentGone, PapertrayError
from papertray.engine.renderer import Outline

BACK_OFF = BackOff((10.0, 60.0, 300.0, 1800.0))  # for a file that cannot be opened now


def keep_opening(
    open_next: Callable[[], bool],
    stop: threading.Event,
    wake: threading.Event,
    on_opened: Callable[[], None],
    rest: Callable[[], None] = lambda: None,
) -> None:
    """Until stopped: open what waits; sleep until woken, or until something may be tried again."""
    while not stop.is_set():
        wake.clear()
        if open_next():
            on_opened()
        else:
            rest()
            wake.wait(BACK_OFF.after(0))


class DocumentOpener:
    """`describe_way` tells how a folder has its documents read."""

    def __init__(
        self,
        journal: Journal,
        notes: NoteWriter,
        inspect: Callable[[Source], Outline],
        describe_way: Callable[[Path], str] = lambda _folder: "",
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._inspect = inspect
        self._describe_way = describe_way

    @contextmanager
    def reporting(self, document: DocumentRecord) -> Iterator[None]:
        """What goes wrong with it is said in the journal, and ends the block."""
        try:
            yield
        except (DocumentChanged, DocumentGone) as problem:
            self._journal.arrivals.lose(document.id, problem)
        except Cancelled:
            pass  # the renderer was closed: it is opened at the next start
        except PapertrayError as problem:
            logger.bind(document=document.id).info("cannot be opened: {}", type(problem).__name__)
            again = BACK_OFF.after(document.tries) if problem.retry else None
            self._journal.arrivals.refuse(document.id, problem, again)

    def open(self, document: DocumentRecord, descriptor: int) -> OpenedDocument | None:
        """None of one whose note stands. What is hashed is what the renderer is given, whatever its path."""
        sha256 = self.identify(document, descriptor)
        if (note := self.standing_note(document, sha256)) is not None:
            self._journal.arrivals.adopt_note(document.id, sha256, note)
            return None
        return self.inspect(document, descriptor, sha256)

    def identify(self, document: DocumentRecord, descriptor: int) -> str:
        """The hash of the bytes that arrived."""
        _require_kind(document.path, descriptor)
        return _hash(document, descriptor)

    def inspect(self, document: DocumentRecord, descriptor: int, sha256: str) -> OpenedDocument:
        outline = self._inspect(HeldFile(document.path, descriptor))
        _require_pages(document, len(outline.pages))
        way = self._describe_way(document.folder)
        return OpenedDocument(document.id, sha256, outline.kind, len(outline.pages), way)

    def standing_note(self, document: DocumentRecord, sha256: str) -> Path | None:
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
