"""What keeps a journal in good order over the years: it is looked through, mended, rid of what is old.

Its notes to itself lie beside the requests of people.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from papertray.daemon.journal.damage import fail_entry
from papertray.daemon.journal.examination import examine_rows, find_miscounts, find_stranded
from papertray.daemon.journal.pages import settle_state
from papertray.daemon.journal.rows import decode_path
from papertray.daemon.journal.states import ENDS
from papertray.daemon.journal.store import Store

_AT_WORK = "at work"
_LOOKED_THROUGH = "looked through"
_AT_ONCE = 200

IsGone = Callable[[Path], bool]
"""Whether a file is gone for good."""


class Upkeep:
    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self) -> bool:
        """A daemon begins its work; whether the last one ended as it should."""
        ended = not self._store.rows("SELECT 1 FROM wishes WHERE name = ?", (_AT_WORK,))
        self._remember(_AT_WORK)
        return ended

    def end(self) -> None:
        """It has ended as it should."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM wishes WHERE name = ?", (_AT_WORK,))

    def seconds_since_looked_through(self) -> float:
        rows = self._store.rows("SELECT value FROM wishes WHERE name = ?", (_LOOKED_THROUGH,))
        try:
            return abs(time.time() - float(rows[0]["value"])) if rows else float("inf")
        except ValueError:
            return float("inf")

    def mark_looked_through(self) -> None:
        self._remember(_LOOKED_THROUGH)

    def mend_rows(self) -> int:
        """Have each document whose entry is damaged fail, and count what was miscounted; how many failed."""
        failed = 0
        for damage in examine_rows(self._store.rows):
            if damage.page is None:
                with self._store.transaction() as sql:
                    fail_entry(sql, damage.document)
                failed += 1
        with self._store.transaction() as sql:
            for document in find_stranded(self._store.rows):
                settle_state(sql, document)
            if find_miscounts(self._store.rows):
                _count_anew(sql)
        return failed

    def drop_texts(self, older_than: float, is_gone: IsGone) -> int:
        """Drop what was read of files that ended before this moment and are gone; of how many documents.

        That the file was known stays. Should it come back as it was, its note stands, or it is read again.
        """
        dropped = 0
        for rows in self._texts_kept_since(older_than):
            gone = [row["id"] for row in rows if is_gone(decode_path(row["path"]))]
            with self._store.transaction() as sql:
                for document in gone:
                    sql.execute("DELETE FROM pages WHERE document = ?", (document,))
                    sql.execute("UPDATE documents SET sha256 = '', pages = 0 WHERE id = ?", (document,))
            dropped += len(gone)
        return dropped

    def _texts_kept_since(self, older_than: float) -> Iterator[list[sqlite3.Row]]:
        last, ends = 0, ", ".join(f"'{state}'" for state in ENDS)
        query = f"""
            SELECT id, coalesce(archived, path) AS path FROM documents
            WHERE id > ? AND NOT urgent AND sha256 <> '' AND state IN ({ends})
                AND coalesce(finished, added) < ? ORDER BY id LIMIT ?
        """
        while rows := self._store.rows(query, (last, older_than, _AT_ONCE)):
            yield [row for row in rows if isinstance(row["path"], bytes) and 0 not in row["path"]]
            last = rows[-1]["id"]

    def _remember(self, name: str) -> None:
        with self._store.transaction() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO wishes (name, value) VALUES (?, ?)", (name, repr(time.time()))
            )


def _count_anew(sql: sqlite3.Connection) -> None:
    sql.execute("DELETE FROM tallies")
    sql.execute(
        """
        INSERT INTO tallies SELECT state, COUNT(*) FROM documents
        WHERE NOT urgent OR finished IS NULL GROUP BY state
        """
    )
