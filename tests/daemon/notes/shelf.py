"""A folder, its journal and its notes, step by step: what the daemon does, when a test says, without threads.

The reader says what a file holds, in words that `edition` chooses. A journal can be copied at any step, and
put back later.
"""

import hashlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from papertray.daemon.claims.claimant import new_claimant
from papertray.daemon.claims.claims import Claims
from papertray.daemon.desk.ingest import Ingest
from papertray.daemon.desk.opener import DocumentOpener
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.records import DocumentRecord, FoundFile
from papertray.daemon.rules.errand_runner import ErrandRunner
from papertray.daemon.rules.matching import apply_rules
from papertray.daemon.settings import Settings
from papertray.engine.documents import Fingerprint, Outline, PageSize
from papertray.engine.pages import Block, BlockKind, Box, Figure, PageText, ReaderIdentity
from tests.desks import settings_for

READER = ReaderIdentity("instant", "1", "cpu")
FIGURE = Figure("chart.png", b"\x89PNG not really")


class Shelf:
    """Every document has two pages, the first with `figures`; what each of them `says` is a template."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.inbox = root / "inbox"
        self.state = root / "state"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.state.mkdir(exist_ok=True)
        self.settings: Settings = settings_for(self.inbox, **settings)
        self.edition = "first"
        self.figures: tuple[str, ...] = (FIGURE.name,)
        self.says = "{edition} reading of {content}, page {number}"
        self.pages_read = 0
        self.open()

    def open(self) -> None:
        """As at a start of the daemon."""
        self.journal = Journal.open(self.state / "journal.sqlite3")
        rules = partial(apply_rules, self.settings.rules)
        self.notes = NoteWriter(self.journal, self.settings, apply_rules=rules)
        self.journal.queue.recover()

    def close(self) -> None:
        self.journal.close()

    def look(self) -> None:
        """Take in what is new in the folder."""
        files = [path for path in sorted(self.inbox.rglob("*.pdf")) if not path.name.startswith(".")]
        found = [FoundFile(self.inbox, path, Fingerprint.of(path.stat())) for path in files]
        self.journal.arrivals.add(self.journal.arrivals.find_unknown(found))

    def open_documents(self) -> None:
        """All that has arrived."""
        stop = threading.Event()
        me = new_claimant(self.state)
        alone = Claims((), self.journal, me, self.notes.find_standing, lambda: None, time.monotonic)
        opener = DocumentOpener(self.journal, self.notes, lambda _path: OUTLINE)
        ingest = Ingest(self.journal, opener, alone, stop.set, stop)
        if self.journal.arrivals.next_to_open(1):
            ingest.run()

    def read(self, pages: int = 1000) -> None:
        for _ in range(pages):
            if not (jobs := self.journal.queue.ready_pages(1)):
                return
            self.journal.queue.begin(jobs)
            content, number = jobs[0].path.read_text(), jobs[0].number
            said = self.says.format(edition=self.edition, content=content, number=number)
            names = self.figures if number == 1 else ()
            shown = [Block(BlockKind.FIGURE, f"![a chart](figure:{name})", Box(0, 0, 1, 1)) for name in names]
            head = Block(BlockKind.HEADER, "Scans of the year")
            blocks = (head, Block(BlockKind.TEXT, said), *shown)
            text = PageText(blocks, figures=tuple(Figure(name, FIGURE.png) for name in names))
            self.journal.queue.finish([(jobs[0], text)], READER, "", 0.1)
            self.pages_read += 1

    def place(self) -> list[int]:
        """The notes, and what stands beside them."""
        placed = list(self.notes.place_ready())
        if any(folder.outputs for folder in self.settings.folders):
            while ErrandRunner((), self.journal, threading.Event(), self.notes.write_outputs).do_next():
                pass
        return placed

    def live(self) -> None:
        """The whole way of all that is there."""
        self.look()
        self.open_documents()
        self.read()
        self.place()

    def documents(self) -> dict[str, DocumentRecord]:
        return {record.path.name: record for record in self.journal.listing.documents(limit=1000)}

    def states(self) -> dict[str, str]:
        return {name: record.state.value for name, record in self.documents().items()}

    def notes_there(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.inbox.rglob("*.md")}

    def copy_journal(self, to: Path, *, checkpoint: bool) -> None:
        """With what is in its log, or after that was written into it."""
        to.mkdir()
        if checkpoint:
            with sqlite3.connect(self.state / "journal.sqlite3") as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        for piece in self.state.glob("journal.sqlite3*"):
            shutil.copy(piece, to)

    def restore_journal(self, copy: Path) -> None:
        self.close()
        for piece in self.state.glob("journal.sqlite3*"):
            piece.unlink()
        for piece in copy.glob("journal.sqlite3*"):
            if not piece.name.endswith("-shm"):
                shutil.copy(piece, self.state)
        self.open()


OUTLINE = Outline("pdf", (PageSize(10, 10), PageSize(10, 10)))


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@contextmanager
def shelf(root: Path, **settings: Any) -> Iterator[Shelf]:
    made = Shelf(root, **settings)
    try:
        yield made
    finally:
        made.close()
