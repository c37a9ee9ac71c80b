"""Steps inside a transaction that keep a document and its pages of one mind."""

import sqlite3
import time

from papertray.daemon.journal.rows import json_of
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


def settle_state(sql: sqlite3.Connection, document: int) -> None:
    """Count the pages that wait, and say where the document stands: its note is due once none does."""
    sql.execute(
        """
        UPDATE documents SET open_pages =
            (SELECT COUNT(*) FROM pages WHERE document = :id AND state IN ('waiting', 'reading'))
        WHERE id = :id
        """,
        {"id": document},
    )
    sql.execute(
        """
        UPDATE documents SET retry_at = NULL, tries = 0, sentence = '', advice = '', state = CASE
            WHEN open_pages = 0 THEN :writing
            WHEN EXISTS (SELECT 1 FROM pages WHERE document = :id AND state <> 'waiting') THEN :reading
            ELSE :queued END
        WHERE id = :id
        """,
        {
            "id": document,
            "writing": DocumentState.WRITING,
            "reading": DocumentState.READING,
            "queued": DocumentState.QUEUED,
        },
    )
    _fail_without_text(sql, document)
    _end_upload(sql, document)


def _end_upload(sql: sqlite3.Connection, document: int) -> None:
    """An upload gets no note: with its last page it is done."""
    sql.execute(
        """
        UPDATE documents SET finished = :now, state = CASE
            WHEN EXISTS (SELECT 1 FROM pages WHERE document = :id AND state = 'failed') THEN :problems
            ELSE :done END
        WHERE id = :id AND urgent AND state = :writing
        """,
        {
            "id": document,
            "done": DocumentState.DONE,
            "problems": DocumentState.PROBLEMS,
            "writing": DocumentState.WRITING,
            "now": time.time(),
        },
    )


def _fail_without_text(sql: sqlite3.Connection, document: int) -> None:
    """A document of which no page could be read has failed as its first page has, and gets no note."""
    sql.execute(
        """
        UPDATE documents SET state = :failed, finished = :now, exit_code = :code, (sentence, advice) = (
            SELECT sentence, advice FROM pages WHERE document = :id ORDER BY number LIMIT 1)
        WHERE id = :id AND state = :writing
          AND NOT EXISTS (SELECT 1 FROM pages WHERE document = :id AND state <> 'failed')
        """,
        {
            "id": document,
            "failed": DocumentState.FAILED,
            "writing": DocumentState.WRITING,
            "now": time.time(),
            "code": DocumentError.exit_code,
        },
    )


def settle_read(sql: sqlite3.Connection, documents: set[int]) -> list[int]:
    """The same for documents whose pages were in hand; those that are read to the end now are returned."""
    finished = []
    for document in sorted(documents):
        if _state(sql, document) in (DocumentState.QUEUED, DocumentState.READING):
            settle_state(sql, document)
            if _state(sql, document) in _READ_TO_THE_END:
                finished.append(document)
    return finished


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


def _state(sql: sqlite3.Connection, document: int) -> str:
    """ "" when it was taken back meanwhile."""
    row = sql.execute("SELECT state FROM documents WHERE id = ?", (document,)).fetchone()
    return "" if row is None else str(row["state"])
