"""The index of everything that was read: a SQLite file of its own beside the journal.

Takes a page's number, the checksum of its text and its words; gives the pages that match. It
holds nothing that the journal does not: a file that is damaged or of another version is made anew. Words of
a page that is gone or was read again stay until they are a fifth of all, and are passed over.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from loguru import logger

from papertray.daemon.errors import SearchUnusable
from papertray.daemon.journal.store import all_or_nothing
from papertray.daemon.places import close_to_others, make_private

_FORMAT = 2
_BUSY_SECONDS = 20.0
_WORTH_MAKING_ANEW = 0.2
_FEWEST_GONE = 1000
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""The last is what is said of a table that is gone."""

_WORDS = ("heads", "words")
"""Those of names and headings, and all: which pages have a word, neither where nor how often."""

_TABLES = (
    """
    CREATE TABLE pages (id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL,
        number INTEGER NOT NULL, text_check INTEGER NOT NULL, UNIQUE (document, number))
    """,
    "CREATE TABLE marks (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID",
    *(
        f"""
        CREATE VIRTUAL TABLE {table} USING fts5 (text, content='', columnsize=0, detail=none,
            tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'")
        """
        for table in _WORDS
    ),
    f"PRAGMA user_version = {_FORMAT}",
)


class IndexedPage(NamedTuple):
    document: int
    number: int
    text_check: int


class PageWords(NamedTuple):
    """With blanks between them: those of the file's name and of headings, and all others."""

    heads: str
    others: str


class OtherFormat(sqlite3.DatabaseError):
    """The file is of another version of papertray."""


class SearchIndex:
    """One connection, for one thread. Several processes may have the file open.

    One that turns out to be damaged is gone when it is closed: whoever opens it next makes it anew. A disk
    that is full, and a file that cannot be opened now, are no damage.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_damaged = False
        try:
            self._connection = self._open()
        except sqlite3.Error as problem:
            if not _is_damage(problem):
                raise SearchUnusable(path, problem) from problem
            logger.warning("the search index cannot be used and is made anew: {}", problem)
            self._remove()
            with self._errors_told():
                self._connection = self._open()

    def find(self, expression: str, at_most: int, among: Collection[int] | None = None) -> list[IndexedPage]:
        """Those with all of it in names and headings, then the others; the newest first.

        `among`: of these documents alone.
        """
        queries = (
            f"""
            SELECT document, number, text_check FROM {table} JOIN pages ON pages.id = {table}.rowid
            WHERE {table} MATCH ? ORDER BY {table}.rowid DESC
            """
            for table in _WORDS
        )
        with self._errors_told():
            rows = [
                row
                for query in queries
                for row in islice(
                    (
                        row
                        for row in self._connection.execute(query, (expression,))
                        if among is None or row[0] in among
                    ),
                    at_most,
                )
            ]
        return [IndexedPage(*row) for row in dict.fromkeys(rows)][:at_most]

    def has(self, expression: str) -> bool:
        """Whether any page has it, of those that are gone, too."""
        with self._errors_told():
            found = self._connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (expression,))
            return found.fetchone() is not None

    def words(self, first: str, shortest: int, longest: int) -> Iterator[tuple[str, int]]:
        """All that begin with this letter and are so long, each with how many pages have it."""
        with self._errors_told():
            self._connection.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.known USING fts5vocab('main', 'words', 'row')"
            )
            yield from self._connection.execute(
                "SELECT term, doc FROM temp.known"
                " WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
                (first, chr(ord(first) + 1), shortest, longest),
            )

    def pages(self) -> set[IndexedPage]:
        """All that are in it."""
        with self._errors_told():
            rows = self._connection.execute("SELECT document, number, text_check FROM pages")
            return {IndexedPage(*row) for row in rows}

    def missing(self, pages: Iterable[IndexedPage]) -> list[IndexedPage]:
        """Those of `pages` that are not in it as they are."""
        query = "SELECT 1 FROM pages WHERE (document, number, text_check) = (?, ?, ?)"
        with self._errors_told():
            return [page for page in pages if not self._connection.execute(query, page).fetchone()]

    def add(self, pages: Iterable[tuple[IndexedPage, PageWords]]) -> None:
        """In place of what was there of the same pages."""
        with self._transaction() as sql:
            for page, words in pages:
                kept = sql.execute(
                    "SELECT 1 FROM pages WHERE (document, number, text_check) = (?, ?, ?)", page
                ).fetchone()
                if kept:
                    continue  # another process was quicker
                sql.execute("DELETE FROM pages WHERE (document, number) = (?, ?)", page[:2])
                row = sql.execute(
                    "INSERT INTO pages (document, number, text_check) VALUES (?, ?, ?)", page
                ).lastrowid
                sql.execute("INSERT INTO heads (rowid, text) VALUES (?, ?)", (row, words.heads))
                sql.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (row, " ".join(words)))

    def remove(self, pages: Iterable[IndexedPage]) -> None:
        """They are found no more; their words go when the index is made anew."""
        with self._transaction() as sql:
            sql.executemany("DELETE FROM pages WHERE (document, number, text_check) = (?, ?, ?)", pages)

    def is_worn(self) -> bool:
        """Whether so much in it is of pages which are gone that it should be made anew."""
        with self._errors_told():
            here, ever = self._connection.execute(
                "SELECT (SELECT COUNT(*) FROM pages), (SELECT coalesce(max(seq), 0) FROM sqlite_sequence)"
            ).fetchone()
        gone = ever - here
        return bool(gone > _FEWEST_GONE and gone > _WORTH_MAKING_ANEW * ever)

    def tidy(self) -> None:
        """After many were added: it takes a quarter less room, and answers sooner."""
        with self._transaction() as sql:
            for table in _WORDS:
                sql.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")

    def empty(self) -> None:
        with self._transaction() as sql:
            for table in _WORDS:
                sql.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
            for table in ("pages", "marks", "sqlite_sequence"):
                sql.execute(f"DELETE FROM {table}")

    def mark(self, name: str) -> float:
        with self._errors_told():
            row = self._connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else 0.0

    def set_mark(self, name: str, value: float) -> None:
        with self._transaction() as sql:
            sql.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))

    def close(self) -> None:
        self._connection.close()
        if self._is_damaged:
            with suppress(OSError):  # another process may have it open
                self._remove()

    def _open(self) -> sqlite3.Connection:
        make_private(self._path)
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is indexed again
            for piece in ("-wal", "-shm"):
                close_to_others(self._path.with_name(self._path.name + piece))
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        with all_or_nothing(connection):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _FORMAT):
                raise OtherFormat(f"it has format {version}")
            for statement in () if version else _TABLES:
                connection.execute(statement)

    def _remove(self) -> None:
        for piece in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + piece).unlink(missing_ok=True)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._errors_told(), all_or_nothing(self._connection):
            yield self._connection

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            self._is_damaged = self._is_damaged or _is_damage(problem)
            raise SearchUnusable(self._path, problem) from problem


def _is_damage(problem: sqlite3.Error) -> bool:
    code: int = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return isinstance(problem, OtherFormat) or code & 0xFF in _DAMAGE
