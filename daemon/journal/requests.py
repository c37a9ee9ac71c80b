"""What a person asks of the daemon, kept until it is fulfilled or taken back: pause, read again, forget."""

import sqlite3
import time

from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.journal.columns import damaged_columns
from papertray.daemon.journal.damage import fail_entry
from papertray.daemon.journal.pages import settle_state
from papertray.daemon.journal.rows import SELECT_DOCUMENT, parse_state
from papertray.daemon.journal.states import DocumentEvent, next_state, state_after
from papertray.daemon.journal.store import Store
from papertray.daemon.records import STACK
from papertray.daemon.status import DocumentState

_PAUSE = "pause"
_RELOAD = "reload"
_FOREVER = "until resumed"


class Requests:
    def __init__(self, store: Store) -> None:
        self._store = store

    def pause(self, until: float | None) -> None:
        """Read nothing until then; None: until someone resumes."""
        self._write(_PAUSE, _FOREVER if until is None else repr(until))

    def resume(self) -> None:
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM wishes WHERE name = ?", (_PAUSE,))

    def paused(self) -> tuple[bool, float | None]:
        """Whether it is paused now, and until when if that is known."""
        value = self._read(_PAUSE)
        if value is None:
            return False, None
        if value == _FOREVER:
            return True, None
        try:
            until = float(value)
        except ValueError:  # damaged: that somebody wanted a pause is all that is known
            return True, None
        return until > time.time(), until

    def reload(self) -> None:
        """Read the settings again."""
        self._write(_RELOAD, repr(time.time()))

    def last_reload(self) -> str | None:
        """Changes whenever someone asks for the settings to be read again."""
        return self._read(_RELOAD)

    def retry(self, document: int, reader: str = "") -> None:
        """Read it again: the pages that failed, or all when none did or another reader is asked for."""
        with self._store.transaction() as sql:
            row = sql.execute(f"{SELECT_DOCUMENT} WHERE id = ?", (document,)).fetchone()
            if row is None:
                raise NoSuchDocument(document)
            if damaged_columns(row):
                fail_entry(sql, document)
                row = sql.execute(f"{SELECT_DOCUMENT} WHERE id = ?", (document,)).fetchone()
            sql.execute(
                """
                UPDATE documents SET wanted_reader = ?, read_afresh = 1, added = ?, retry_at = NULL
                WHERE id = ?
                """,
                (reader, time.time(), document),
            )
            state = parse_state(row["state"])
            is_stack = str(row["way"]).startswith(STACK)  # its pages are read elsewhere
            if is_stack and state is DocumentState.WRITING:
                return
            to_be_opened = row["pages"] == 0 or state in (DocumentState.ARRIVED, DocumentState.FORGOTTEN)
            to_be_opened |= is_stack and state is DocumentState.DONE
            event = DocumentEvent.REOPEN if to_be_opened else DocumentEvent.RETRY
            sql.execute(
                "UPDATE documents SET state = ?, sentence = '', advice = '', tries = 0 WHERE id = ?",
                (next_state(state, event), document),
            )
            if row["state"] != DocumentState.FORGOTTEN and not is_stack:
                _wait_again(sql, document, failed_alone=not reader)
            settle_state(sql, document)

    def retry_failed(self) -> int:
        """Read again every document that failed, in whole or in part; how many there were."""
        rows = self._store.rows(
            "SELECT id FROM documents WHERE state IN (?, ?)", (DocumentState.FAILED, DocumentState.PROBLEMS)
        )
        for row in rows:
            self.retry(row["id"])
        return len(rows)

    def forget(self, document: int) -> None:
        """Drop its text. The file and its note stay; it is read again only when it changes or on request."""
        with self._store.transaction() as sql:
            changed = sql.execute(
                f"""
                UPDATE documents SET {state_after(DocumentEvent.FORGET)}, pages = 0, open_pages = 0,
                    sha256 = '', sentence = '', advice = ''
                WHERE id = ?
                """,
                (document,),
            )
            if not changed.rowcount:
                raise NoSuchDocument(document)
            sql.execute("DELETE FROM pages WHERE document = ?", (document,))

    def _write(self, name: str, value: str) -> None:
        with self._store.transaction() as sql:
            sql.execute("INSERT OR REPLACE INTO wishes (name, value) VALUES (?, ?)", (name, value))

    def _read(self, name: str) -> str | None:
        rows = self._store.rows("SELECT value FROM wishes WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else None


def _wait_again(sql: sqlite3.Connection, document: int, *, failed_alone: bool) -> None:
    """Have its pages wait: those that failed where some did and no more is asked for, else all."""
    failed = sql.execute(
        "SELECT COUNT(*) FROM pages WHERE document = ? AND state = 'failed'", (document,)
    ).fetchone()[0]
    which = "state = 'failed'" if failed and failed_alone else "TRUE"
    sql.execute(
        f"UPDATE pages SET state = 'waiting', attempts = 0 WHERE document = ? AND {which}", (document,)
    )
