"""Look through every row of a journal: which documents are damaged, and in what.

Takes something that runs a query; changes nothing, so a daemon at work is not disturbed.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from papertray.daemon.journal.columns import damaged_columns
from papertray.daemon.journal.rows import SELECT_DOCUMENT, is_page_damaged
from papertray.daemon.journal.states import DocumentEvent, state_before

_AT_ONCE = 500

Query = Callable[[str, tuple[object, ...]], list[sqlite3.Row]]


@dataclass(frozen=True, slots=True)
class RowDamage:
    """What is damaged of a document; `page` is None where it is the document's own entry."""

    document: int
    path: bytes
    page: int | None = None


def examine_rows(query: Query) -> Iterator[RowDamage]:
    yield from _examine_documents(query)
    yield from _examine_pages(query)


def _examine_documents(query: Query) -> Iterator[RowDamage]:
    last = 0
    while rows := query(f"{SELECT_DOCUMENT} WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)):
        for row in rows:
            if damaged_columns(row):
                yield RowDamage(row["id"], _path(row))
        last = rows[-1]["id"]


def _examine_pages(query: Query) -> Iterator[RowDamage]:
    last = 0
    while rows := query(_PAGES, (last, _AT_ONCE)):
        for row in rows:
            if damaged_columns(row) or is_page_damaged(row):
                yield RowDamage(row["document"], _path(row), row["number"])
        last = rows[-1]["place"]


_PAGES = """
    SELECT pages.rowid AS place, pages.document, number, pages.state, attempts, text, text_check, doubtful,
        confidence, seconds, pages.sentence, pages.advice, documents.path
    FROM pages LEFT JOIN documents ON documents.id = pages.document
    WHERE pages.rowid > ? ORDER BY pages.rowid LIMIT ?
"""


def _path(row: sqlite3.Row) -> bytes:
    path = row["path"]
    return path if isinstance(path, bytes) else b"(damaged)"


def find_stranded(query: Query) -> list[int]:
    """Documents that wait for pages of which none is counted as open: nobody would take them up."""
    rows = query(f"SELECT id FROM documents WHERE {state_before(DocumentEvent.READ)} AND open_pages <= 0", ())
    return [row["id"] for row in rows]


def find_miscounts(query: Query) -> list[str]:
    """States of which the journal holds more or fewer documents than it says. Counts all of them."""
    rows = query(
        """
        SELECT state FROM (
            SELECT state, documents FROM tallies WHERE documents <> 0
            UNION ALL
            SELECT state, COUNT(*) FROM documents WHERE NOT urgent OR finished IS NULL GROUP BY state
        ) GROUP BY state, documents HAVING COUNT(*) <> 2
        """,
        (),
    )
    return sorted({str(row["state"]) for row in rows})
