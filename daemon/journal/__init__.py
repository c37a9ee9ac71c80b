"""The only memory: which documents there are, what their pages say, which notes were written.

One SQLite file. Everything the daemon must not forget is committed here before it counts; a kill at any
point loses at most the page in flight. Several processes may open it; each method is one transaction.
"""

from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.journal.arrivals import Arrivals
from papertray.daemon.journal.claims import ClaimLedger
from papertray.daemon.journal.errands import ErrandLedger
from papertray.daemon.journal.listing import Listing
from papertray.daemon.journal.lists import DocumentLists
from papertray.daemon.journal.notes import NoteLedger
from papertray.daemon.journal.outputs import OutputLedger
from papertray.daemon.journal.queue import Queue
from papertray.daemon.journal.requests import Requests
from papertray.daemon.journal.soundness import set_damaged_aside
from papertray.daemon.journal.store import Store
from papertray.daemon.journal.uploads import UploadLedger

__all__ = ["Journal", "set_damaged_aside"]


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal by what one wants of it."""

    store: Store
    arrivals: Arrivals
    queue: Queue
    notes: NoteLedger
    outputs: OutputLedger
    listing: Listing
    lists: DocumentLists
    requests: Requests
    uploads: UploadLedger
    claims: ClaimLedger
    errands: ErrandLedger

    @classmethod
    def open(cls, path: Path) -> "Journal":
        store = Store(path)
        return cls(
            store,
            Arrivals(store),
            Queue(store),
            NoteLedger(store),
            OutputLedger(store),
            Listing(store),
            DocumentLists(store),
            Requests(store),
            UploadLedger(store),
            ClaimLedger(store),
            ErrandLedger(store),
        )

    def close(self) -> None:
        self.store.close()
