"""Steps inside a transaction that keep a document and its pages of one mind."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence

from papertray.daemon.journal.states import ENDS, DocumentEvent, next_state, state_after, state_before
from papertray.daemon.journal.texts import pack_text
from papertray.daemon.records import STACK, OpenedDocument, PageJob
from papertray.daemon.status import DocumentState
from papertray.engine.errors import DocumentError
from papertray.engine.pages import PageText

_READ_TO_THE_END = (
    DocumentState.WRITING,
    DocumentState.DONE,
    DocumentState.PROBLEMS,
)  # the latter two: an upload


def mark_opened(sql: sqlite3.Connection, opened: OpenedDocument) -> bool:
    """Say so in the journal; False when it was forgotten or taken back meanwhile."""
    changed = sql.execute(
        f"""
        UPDATE documents SET {state_after(DocumentEvent.OPEN)}
        WHERE id = ? AND {state_before(DocumentEvent.OPEN)}
        """,
        (opened.document,),
    )
    return changed.rowcount > 0


def make_pages(sql: sqlite3.Connection, opened: OpenedDocument) -> None:
    """Unless it is as it was when it was opened before: then its pages keep their text."""
    before = sql.execute(
        "SELECT sha256, pages, way, wanted_pages FROM documents WHERE id = ?", (opened.document,)
    ).fetchone()
    is_or_was_stack = STACK in (opened.way[: len(STACK)], before["way"][: len(STACK)])
    if tuple(before)[:2] == (opened.sha256, opened.pages) and (
        not is_or_was_stack or before["way"] == opened.way
    ):
        return
    wanted = json.loads(before["wanted_pages"] or "null")
    sql.execute("DELETE FROM pages WHERE document = ?", (opened.document,))
    sql.executemany(
        "INSERT INTO pages (document, number, state) VALUES (?, ?, 'waiting')",
        [
            (opened.document, number)
            for number in range(1, opened.pages + 1)
            if wanted is None or number in wanted
        ],
    )
    sql.execute(
        """
        UPDATE documents SET sha256 = ?, kind = ?, pages = ?, way = ?, reader = '', read_afresh = 0
        WHERE id = ?
        """,
        (opened.sha256, opened.kind, opened.pages, opened.way, opened.document),
    )


def set_pages(sql: sqlite3.Connection, document: int, pages: Sequence[PageText]) -> None:
    """What is known of them without a reader, from the first on."""
    sql.executemany(
        """
        UPDATE pages SET state = 'done', text = ?, text_check = ?, doubtful = 0, confidence = NULL,
            sentence = '', advice = ''
        WHERE document = ? AND number = ?
        """,
        [(*pack_text(text), document, number) for number, text in enumerate(pages, start=1)],
    )


def store_page(sql: sqlite3.Connection, job: PageJob, text: PageText, seconds: float) -> None:
    """Keep what was read, unless someone asked meanwhile for the page to be read again."""
    stored = sql.execute(
        """
        UPDATE pages SET state = 'done', text = ?, text_check = ?, doubtful = ?, confidence = ?, seconds = ?,
            sentence = '', advice = ''
        WHERE document = ? AND number = ? AND state = 'reading'
        """,
        (*pack_text(text), text.is_doubtful, text.confidence, seconds, job.document, job.number),
    )
    if stored.rowcount:
        sql.execute("DELETE FROM figures WHERE document = ? AND page = ?", (job.document, job.number))
        sql.executemany(
            "INSERT INTO figures (document, page, name, png) VALUES (?, ?, ?, ?)",
            [(job.document, job.number, figure.name, figure.png) for figure in text.figures],
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
    event = _event_of(pages, urgent=bool(row["urgent"]))
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


def _event_of(pages: Counter[str], *, urgent: bool) -> DocumentEvent:
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


def settle_states(sql: sqlite3.Connection, documents: set[int]) -> list[int]:
    """The same for documents whose pages were in hand; those of which there is text to share are returned."""
    return [document for document in sorted(documents) if settle_state(sql, document) in _READ_TO_THE_END]
