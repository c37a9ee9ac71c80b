"""Documents with the same bytes: one is read, the others take over what it says."""

import sqlite3

from papertray.daemon.journal.pages import settle_state


def take_over_pages(sql: sqlite3.Connection, document: int) -> None:
    """Copy the pages that another document with the same bytes has ready."""
    twin = sql.execute(
        """
        SELECT ready.id, ready.reader, ready.revision, ready.device, ready.rung
        FROM documents AS mine JOIN documents AS ready ON ready.sha256 = mine.sha256 AND ready.id <> mine.id
        WHERE mine.id = ? AND mine.read_afresh = 0 AND ready.wanted_mode = mine.wanted_mode
          AND mine.wanted_reader IN ('', ready.reader) AND ready.way = mine.way
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
        UPDATE pages SET (state, text, text_check, doubtful, confidence, seconds) = (
            SELECT 'done', text, text_check, doubtful, confidence, seconds FROM pages AS ready
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


def share_pages(sql: sqlite3.Connection, document: int) -> None:
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
