"""Documents that came through the API: answered instead of noted, then taken out.

What somebody on this machine waits for is read before all others.
"""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.journal.rows import SELECT_DOCUMENT, encode_path, parse_document_row
from papertray.daemon.journal.states import first_state
from papertray.daemon.journal.store import Store
from papertray.daemon.records import DocumentRecord


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """How an upload is to be read; "" is what the settings say, None are all pages.

    `guest` is the name of the machine that sent it, where that is another.
    """

    reader: str = ""
    mode: str = ""
    pages: Collection[int] | None = None
    guest: str = ""


URGENT, OF_GUEST = 1, -1
"""Of documents: what somebody here waits for goes first, what another machine waits for takes turns."""


class UploadLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, path: Path, order: ReadRequest) -> int:
        """Its number."""
        info = path.stat()
        pages = "" if order.pages is None else json.dumps(sorted(order.pages))
        with self._store.transaction() as sql:
            added = sql.execute(
                """
                INSERT INTO documents (path, folder, size, mtime_ns, state, added, urgent, wanted_reader,
                    wanted_mode, wanted_pages)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    encode_path(path),
                    encode_path(path.parent),
                    info.st_size,
                    info.st_mtime_ns,
                    first_state(),
                    time.time(),
                    OF_GUEST if order.guest else URGENT,
                    order.reader,
                    order.mode,
                    pages,
                ),
            )
            assert added.lastrowid is not None
            return added.lastrowid

    def all(self) -> dict[int, DocumentRecord]:
        """Those that are here now, by their numbers."""
        rows = self._store.rows(f"{SELECT_DOCUMENT} WHERE urgent")
        return {row["id"]: parse_document_row(row) for row in rows}

    def remove(self, folder: Path) -> None:
        """Take out what was added from this folder, with its text, wherever it stands."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM documents WHERE folder = ? AND urgent", (encode_path(folder),))

    def clear(self) -> None:
        """Take out what a process left that ended while somebody waited: nobody waits any more."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM documents WHERE urgent")
