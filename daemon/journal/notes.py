"""Which notes can be written, which one is about to be put in place, and which stand."""

import time
from collections.abc import Sequence
from pathlib import Path

from papertray.daemon.journal.damage import fail_damaged_pages, keep_sound
from papertray.daemon.journal.rows import LONGEST_WAIT, SELECT_DOCUMENT, encode_path, parse_document_row
from papertray.daemon.journal.states import DocumentEvent, state_after, state_before
from papertray.daemon.journal.store import Store
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import DocumentState
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import Figure


class NoteLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def ready_documents(self, limit: int = 50) -> list[DocumentRecord]:
        """Documents whose pages are all in, and sound, and whose note can be put in place now."""
        now = time.time()
        rows = self._store.rows(
            f"""
            {SELECT_DOCUMENT}
            WHERE state = ? AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?) ORDER BY id LIMIT ?
            """,
            (DocumentState.WRITING, now, now + LONGEST_WAIT, limit),
        )
        documents = [parse_document_row(row) for row in keep_sound(self._store, rows)]
        damaged = [document for document in documents if fail_damaged_pages(self._store, document.id)]
        return self.ready_documents(limit) if damaged else documents

    def figures(self, document: int) -> list[tuple[int, Figure]]:
        """Each with the number of its page."""
        rows = self._store.rows("SELECT page, name, png FROM figures WHERE document = ?", (document,))
        return [(row["page"], Figure(row["name"], row["png"])) for row in rows]

    def figure_names(self, document: int) -> list[tuple[int, str]]:
        rows = self._store.rows("SELECT page, name FROM figures WHERE document = ?", (document,))
        return [(row["page"], row["name"]) for row in rows]

    def figure(self, document: int, page: int, name: str) -> bytes | None:
        rows = self._store.rows(
            "SELECT png FROM figures WHERE document = ? AND page = ? AND name = ?", (document, page, name)
        )
        return rows[0]["png"] if rows else None

    def is_ours(self, note: Path) -> bool:
        """Whether this is a note that papertray wrote or is about to write."""
        values = {"note": encode_path(note)}
        return bool(
            self._store.rows(
                "SELECT 1 FROM documents WHERE note = :note OR next_note = :note LIMIT 1", values
            )
        )

    def announce(self, document: int, note: Path, sha256: str) -> None:
        """This note is about to be put in place. Said first, so that after a kill it is known as ours."""
        with self._store.transaction() as sql:
            sql.execute(
                "UPDATE documents SET next_note = ?, next_note_sha256 = ? WHERE id = ?",
                (encode_path(note), sha256, document),
            )

    def announce_move(self, document: int, target: Path) -> None:
        """Its source is about to be put there, and is not new if it is found."""
        with self._store.transaction() as sql:
            sql.execute(
                "UPDATE documents SET next_archived = ? WHERE id = ?", (encode_path(target), document)
            )

    def confirm(
        self,
        document: int,
        event: DocumentEvent,
        sentence: str,
        archived: Path | None,
        errands: Sequence[tuple[str, str]] = (),
    ) -> None:
        """The announced note stands: `event` says whether with gaps. From now on `errands` are due.

        Each is a rule and its action. What came of those of an earlier reading is dropped.
        """
        with self._store.transaction() as sql:
            confirmed = sql.execute(
                f"""
                UPDATE documents SET {state_after(event)}, note = next_note, note_sha256 = next_note_sha256,
                    next_note = NULL, next_note_sha256 = '', sentence = ?, advice = '', tries = 0,
                    retry_at = NULL, wanted_reader = '', archived = ?, next_archived = NULL, finished = ?
                WHERE id = ? AND {state_before(event)}
                """,
                (sentence, None if archived is None else encode_path(archived), time.time(), document),
            )
            if confirmed.rowcount:
                sql.execute(
                    "DELETE FROM errands WHERE document = ? AND (ended IS NOT NULL OR rule = '')", (document,)
                )
                sql.executemany(
                    "INSERT INTO errands (document, rule, action) VALUES (?, ?, ?)",
                    [(document, rule, action) for rule, action in errands],
                )

    def problems(self, limit: int = 5) -> list[tuple[str, str]]:
        """Why notes cannot be put in place now: what happened and what to do, each once."""
        rows = self._store.rows(
            "SELECT DISTINCT sentence, advice FROM documents WHERE state = ? AND sentence <> '' LIMIT ?",
            (DocumentState.WRITING, limit),
        )
        return [(row["sentence"], row["advice"]) for row in rows]

    def postpone(self, document: int, problem: PapertrayError, seconds: float) -> None:
        """The note cannot be put in place now; its text is kept and it is tried again."""
        with self._store.transaction() as sql:
            sql.execute(
                "UPDATE documents SET sentence = ?, advice = ?, tries = tries + 1, retry_at = ? WHERE id = ?",
                (problem.sentence, problem.advice, time.time() + seconds, document),
            )
