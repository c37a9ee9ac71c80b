"""Open the journal's file, bring it to today's format, and run transactions on it.

SQLite's errors become ours here and nowhere else.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from papertray.daemon.errors import JournalDamaged, JournalFull, JournalTooNew, JournalUnusable
from papertray.daemon.journal.schema import STEPS, statements
from papertray.daemon.places import close_to_others, make_private

BUSY_SECONDS = 20.0


class Store:
    """One connection, shared by the threads of this process one transaction at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._damage: JournalDamaged | None = None
        with _translate_errors(path):
            make_private(path)
            for piece in ("-wal", "-shm"):  # SQLite makes them as readable as the file
                close_to_others(path.with_name(path.name + piece))
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.row_factory = sqlite3.Row
            self._connection.text_factory = _decode_text
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if self._version() == len(STEPS):
            return
        with self.transaction() as sql:
            version = self._version()
            if version > len(STEPS):
                raise JournalTooNew(self.path, version, len(STEPS))
            for step in STEPS[version:]:
                for statement in statements(step):
                    sql.execute(statement)
            sql.execute(f"PRAGMA user_version = {len(STEPS)}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, on the disk when the block ends."""
        with self._lock, self._translate_errors(), all_or_nothing(self._connection):
            yield self._connection

    def rows(self, query: str, values: tuple[object, ...] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        with self._lock, self._translate_errors():
            return self._connection.execute(query, values).fetchall()

    def changes_elsewhere(self) -> int:
        """A number that moves when another process has written."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def raise_if_damaged(self) -> None:
        """JournalDamaged, if that has shown itself, in whatever thread."""
        if self._damage is not None:
            raise self._damage

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            with _translate_errors(self.path):
                yield
        except JournalDamaged as problem:
            self._damage = problem
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@contextmanager
def all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done with this connection meanwhile is committed when the block ends, or never was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _decode_text(stored: bytes) -> str:
    """What is damaged is no text any more; it must not stop whoever reads the rest of its row."""
    return stored.decode(errors="replace")


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise JournalUnusable(path, problem) from problem
    except UnicodeDecodeError as problem:  # what SQLite has to say quotes what is damaged
        raise JournalDamaged(path) from problem
    except sqlite3.Error as problem:
        code = getattr(problem, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise JournalFull(path) from problem
        if code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise JournalDamaged(path) from problem
        raise JournalUnusable(path, problem) from problem
