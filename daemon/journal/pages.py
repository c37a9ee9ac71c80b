"""Steps inside a transaction that keep a document and its pages of one mind."""

import sqlite3
import time
from collections import Counter

from papertray.daemon.journal.rows import json_of
from papertray.daemon.journal.states import ENDS, DocumentEvent, next_state, state_before
from papertray.daemon.records import PageJob
from papertray.daemon.status import DocumentState
from papertray.engine.errors import DocumentError
from papertray.engine.pages import PageText

_READ_TO_THE_END = (
    DocumentState.WRITING,
    DocumentState.DONE,
    DocumentState.PROBLEMS,
)  # the latter two: an upload


def store_page(sql: sqlite3.Connection, job: PageJob, text: PageText, seconds: float) -> None:
    """Keep what was read, unless someone asked meanwhile for the page to be read again."""
    stored = sql.execute(
        """
        UPDATE pages SET state = 'done', text = ?, seconds = ?, sentence = '', advice = ''
        WHERE document = ? AND number = ? AND state = 'reading'
        """,
        (json_of(text), seconds, job.document, job.number),
    )
    if stored.rowcount:
        sql.execute("DELETE FROM figures WHERE document = ? AND page = ?", (job.document, job.number))
        sql.executemany(
            "INSERT INTO figures (document, page, name, png) VALUES (?, ?, ?, ?)",
            [(job.document, job.number, figure.name, figure.png) for figure in text.figures],
        )


def take_over_pages(sql: sqlite3.Connection, document: int) -> None:
    """Copy the pages that another document with the same bytes has ready."""
    twin = sql.execute(
        """
        SELECT ready.id, ready.reader, ready.revision, ready.device, ready.rung
        FROM documents AS mine JOIN documents AS ready ON ready.sha256 = mine.sha256 AND ready.id <> mine.id
        WHERE mine.id = ? AND mine.read_afresh = 0 AND ready.wanted_mode = mine.wanted_mode
          AND mine.wanted_reader IN ('', ready.reader)
          AND EXISTS (SELECT 1 FROM pages WHERE document = ready.id AND state = 'done')
        ORDER BY ready.open_pages LIMIT 1
        """,
        (document,),
    ).fetchone()
    if twin is None:
        return
    names = {"twin": twin["id"], "mine": document}
    sql.execute(
        """
        UPDATE pages SET (state, text, seconds) = (
            SELECT 'done', text, seconds FROM pages AS ready
            WHERE ready.document = :twin AND ready.number = pages.number)
        WHERE document = :mine AND state = 'waiting'
          AND number IN (SELECT number FROM pages WHERE document = :twin AND state = 'done')
        """,
        names,
    )
    sql.execute(
        "INSERT OR IGNORE INTO figures SELECT :mine, page, name, png FROM figures WHERE document = :twin",
        names,
    )
    sql.execute(
        "UPDATE documents SET reader = ?, revision = ?, device = ?, rung = ? WHERE id = ? AND reader = ''",
        (twin["reader"], twin["revision"], twin["device"], twin["rung"], document),
    )


def settle_state(sql: sqlite3.Connection, document: int) -> DocumentState | None:
    """Count the pages that wait, and say where the document stands: its note is due once none does.

    None when it no longer waits for its pages: it was taken back, forgotten, or its file has changed.
    """
    row = sql.execute(
        f"SELECT state, urgent FROM documents WHERE id = ? AND {state_before(DocumentEvent.READ)}",
        (document,),
    ).fetchone()
    if row is None:
        return None
    pages = _count_pages(sql, document)
    event = _event(pages, urgent=bool(row["urgent"]))
    state = next_state(DocumentState(row["state"]), event)
    sql.execute(
        """
        UPDATE documents SET state = ?, open_pages = ?, finished = coalesce(?, finished),
            retry_at = NULL, tries = 0, sentence = '', advice = ''
        WHERE id = ?
        """,
        (state, pages["waiting"] + pages["reading"], time.time() if state in ENDS else None, document),
    )
    if event is DocumentEvent.READ_NOTHING:
        _say_why(sql, document)
    return state


def _count_pages(sql: sqlite3.Connection, document: int) -> Counter[str]:
    rows = sql.execute("SELECT state, COUNT(*) FROM pages WHERE document = ? GROUP BY state", (document,))
    return Counter(dict(tuple(row) for row in rows))


def _event(pages: Counter[str], *, urgent: bool) -> DocumentEvent:
    """What these pages mean for their document. An upload gets no note: with its last page it is done."""
    if pages["waiting"] == pages.total():
        return DocumentEvent.WAIT
    if pages["waiting"] or pages["reading"]:
        return DocumentEvent.BEGIN
    if not pages["done"]:
        return DocumentEvent.READ_NOTHING
    if not urgent:
        return DocumentEvent.READ
    return DocumentEvent.ANSWER_WITH_GAPS if pages["failed"] else DocumentEvent.ANSWER


def _say_why(sql: sqlite3.Connection, document: int) -> None:
    """A document of which no page could be read has failed as its first page has."""
    sql.execute(
        """
        UPDATE documents SET exit_code = :code, (sentence, advice) = (
            SELECT sentence, advice FROM pages WHERE document = :id ORDER BY number LIMIT 1)
        WHERE id = :id
        """,
        {"id": document, "code": DocumentError.exit_code},
    )


def settle_read(sql: sqlite3.Connection, documents: set[int]) -> list[int]:
    """The same for documents whose pages were in hand; those of which there is text to share are returned."""
    return [document for document in sorted(documents) if settle_state(sql, document) in _READ_TO_THE_END]


def share(sql: sqlite3.Connection, document: int) -> None:
    """Give its text to the documents with the same bytes that still wait."""
    twins = sql.execute(
        """
        SELECT id FROM documents
        WHERE sha256 = (SELECT sha256 FROM documents WHERE id = ?) AND open_pages > 0 AND read_afresh = 0
        """,
        (document,),
    ).fetchall()
    for twin in twins:
        take_over_pages(sql, twin["id"])
        settle_state(sql, twin["id"])
