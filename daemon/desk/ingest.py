"""Open what has arrived: who it is by its bytes, and how many pages it has.

Takes documents that lie still; gives the journal their pages, or the sentence why there are none. Each is
opened once, beneath its watched folder; what its bytes mean is seen by the renderer's child process only.
"""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from papertray.daemon.claims.claims import Claims
from papertray.daemon.desk.opener import DocumentOpener, keep_opening
from papertray.daemon.journal import Journal
from papertray.daemon.records import DocumentRecord, FoundFile, OpenedDocument
from papertray.daemon.status import Trouble
from papertray.engine.beneath import FileBeneath, open_source
from papertray.engine.errors import PapertrayError

_AT_ONCE = 64
_COMMIT_EVERY = 0.25


class Ingest:
    """`wake` ends the sleep of `run`; `on_opened` is called when there are pages to be read.

    What arrives in the folders `apart` is opened by somebody else.
    """

    def __init__(
        self,
        journal: Journal,
        opener: DocumentOpener,
        claims: Claims,
        on_opened: Callable[[], None],
        stop: threading.Event,
        apart: Collection[Path] = (),
    ) -> None:
        self._journal = journal
        self._opener = opener
        self._claims = claims
        self._on_opened = on_opened
        self._stop = stop
        self._apart = apart
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
        keep_opening(self.open_next, self._stop, self.wake, self._on_opened)

    def open_next(self) -> bool:
        """Open the next documents in one go, those that are ours to read; whether there were any."""
        documents = self._journal.arrivals.next_to_open(_AT_ONCE, but=self._apart)
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
            file = FileBeneath(document.folder, document.path)
            with self._opener.reporting(document), open_source(file) as descriptor:
                opened += filter(None, [self._opener.open(document, descriptor)])
            if time.monotonic() > until:
                break
        return opened
