"""What becomes of damage within a row: it is that document's failure, and all else goes on."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from loguru import logger

from papertray.daemon.errors import EntryDamaged, PageDamaged
from papertray.daemon.journal.columns import damaged_columns
from papertray.daemon.journal.pages import settle_state
from papertray.daemon.journal.rows import SELECT_DOCUMENT, is_page_damaged
from papertray.daemon.journal.states import DocumentEvent, state_after, state_before

if TYPE_CHECKING:
    from papertray.daemon.journal.store import Store

_UNREADABLE = "UPDATE pages SET state = 'failed', text = NULL, text_check = NULL, sentence = ?, advice = ?"


def keep_sound(store: "Store", rows: Sequence[sqlite3.Row], number: str = "id") -> list[sqlite3.Row]:
    """The rows that can be worked with. The documents of the others, named in column `number`, fail."""
    damaged = {row[number] for row in rows if damaged_columns(row)}
    if not damaged:
        return [*rows]
    with store.transaction() as sql:
        for document in damaged:
            fail_entry(sql, document)
    return [row for row in rows if row[number] not in damaged]


def fail_entry(sql: sqlite3.Connection, document: int) -> None:
    """Keep what can be kept of a damaged entry: it is read from its beginning when somebody asks for it."""
    logger.bind(document=document).error("its entry in the journal is damaged")
    row = sql.execute(f"{SELECT_DOCUMENT} WHERE id = ?", (document,)).fetchone()
    damage = damaged_columns(row)
    problem = EntryDamaged(document)
    values: dict[str, object] = {name: damage[name] for name in _REPLACEABLE & damage.keys()}
    values |= {"sentence": problem.sentence, "advice": problem.advice, "exit_code": int(problem.exit_code)}
    values |= {"sha256": "", "pages": 0, "open_pages": 0, "urgent": 0, "tries": 0, "retry_at": None}
    values |= {"wanted_reader": "", "wanted_mode": "", "wanted_pages": "", "read_afresh": 0}
    values |= {"finished": time.time()}
    columns = ", ".join(f"{name} = :{name}" for name in values)
    sql.execute(
        f"UPDATE documents SET {state_after(DocumentEvent.SPOIL)}, {columns} WHERE id = :id",
        {**values, "id": document},
    )
    sql.execute("DELETE FROM pages WHERE document = ?", (document,))


_REPLACEABLE = frozenset(
    ("size", "mtime_ns", "kind", "note", "note_sha256", "next_note", "next_note_sha256", "archived")
) | {"reader", "revision", "device", "rung", "added"}  # not the names of file and folder: they tell it apart


def fail_damaged_pages(store: "Store", document: int) -> bool:
    """Whether there were pages whose text is not what was kept; they have failed now."""
    rows = store.rows("SELECT * FROM pages WHERE document = ? AND state = 'done'", (document,))
    damaged = [row["number"] for row in rows if is_page_damaged(row)]
    if damaged:
        with store.transaction() as sql:
            _fail_pages(sql, document, damaged)
    return bool(damaged)


def _fail_pages(sql: sqlite3.Connection, document: int, numbers: Iterable[int]) -> None:
    logger.bind(document=document).error("pages that were kept of it are damaged")
    problem = PageDamaged(document)
    sql.executemany(
        f"{_UNREADABLE} WHERE document = ? AND number = ?",
        [(problem.sentence, problem.advice, document, number) for number in numbers],
    )
    sql.execute(
        f"""
        UPDATE documents SET {state_after(DocumentEvent.MISREAD)}
        WHERE id = ? AND {state_before(DocumentEvent.MISREAD)}
        """,
        (document,),
    )
    settle_state(sql, document)
