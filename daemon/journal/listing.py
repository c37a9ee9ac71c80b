"""What the command line, the tray and the page ask: documents by state, one document whole, counts."""

from daemon.errors import NoSuchDocument
from daemon.journal.rows import DOCUMENT, document_of, page_of
from daemon.journal.store import Store
from daemon.records import Document, Page
from daemon.status import State

_SHOWN = tuple(state for state in State if state is not State.FORGOTTEN)


class Listing:
    def __init__(self, store: Store) -> None:
        self._store = store

    def documents(self, states: tuple[State, ...] = (), limit: int = 50) -> list[Document]:
        """The newest first."""
        wanted = states or _SHOWN
        marks = ",".join("?" * len(wanted))
        rows = self._store.rows(
            f"{DOCUMENT} WHERE state IN ({marks}) ORDER BY added DESC, id DESC LIMIT ?",
            (*wanted, limit),
        )
        return [document_of(row) for row in rows]

    def finished_since(self, moment: float) -> list[Document]:
        """Those that ended later, in the order they did."""
        rows = self._store.rows(f"{DOCUMENT} WHERE finished > ? ORDER BY finished, id", (moment,))
        return [document_of(row) for row in rows]

    def document(self, number: int) -> Document:
        rows = self._store.rows(f"{DOCUMENT} WHERE id = ?", (number,))
        if not rows:
            raise NoSuchDocument(number)
        return document_of(rows[0])

    def pages(self, number: int) -> list[Page]:
        rows = self._store.rows("SELECT * FROM pages WHERE document = ? ORDER BY number", (number,))
        return [page_of(row) for row in rows]

    def counts(self) -> dict[str, int]:
        rows = self._store.rows("SELECT state, COUNT(*) AS documents FROM documents GROUP BY state")
        return {row["state"]: row["documents"] for row in rows if row["state"] != State.FORGOTTEN}
