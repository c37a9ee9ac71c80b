"""From a file that lies still to a document whose pages wait."""

import os
import time
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from pathlib import Path

from papertray.daemon.journal.damage import keep_sound
from papertray.daemon.journal.pages import make_pages, mark_opened, set_pages, settle_state
from papertray.daemon.journal.rows import (
    LONGEST_WAIT,
    SELECT_DOCUMENT,
    decode_path,
    encode_path,
    parse_document_row,
)
from papertray.daemon.journal.states import DocumentEvent, first_state, state_after, state_before
from papertray.daemon.journal.store import Store
from papertray.daemon.journal.twins import take_over_pages
from papertray.daemon.records import DocumentRecord, FoundFile, OpenedDocument, SortedStack
from papertray.daemon.status import DocumentState
from papertray.engine.errors import PapertrayError

NO_SIZE = -1  # a size no file has: the next sighting counts as a change
_CHUNK = 500
_COARSE = 2_000_000_000  # nanoseconds: some disks keep no exacter times


class Arrivals:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find_unknown(self, files: Sequence[FoundFile]) -> list[FoundFile]:
        """Those that the journal does not know as they are now; one back from the archive is new.

        One that papertray itself has put where it is, or was about to, is not.
        """
        fresh: list[FoundFile] = []
        for start in range(0, len(files), _CHUNK):
            chunk = files[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            known = {
                (row["path"], row["size"], row["mtime_ns"])
                for row in self._store.rows(
                    f"SELECT path, size, mtime_ns, archived FROM documents WHERE path IN ({marks})",
                    tuple(encode_path(file.path) for file in chunk),
                )
                if row["archived"] is None or not os.path.lexists(decode_path(row["path"]))
            }
            unknown = [file for file in chunk if _columns(file) not in known]
            fresh += [file for file in unknown if not self._was_moved_there(file)]
        return fresh

    def _was_moved_there(self, file: FoundFile) -> bool:
        path, size, mtime_ns = _columns(file)
        rows = self._store.rows(
            """
            SELECT size, mtime_ns FROM documents WHERE archived = :path
            UNION ALL SELECT size, mtime_ns FROM documents WHERE next_archived = :path
            """,
            {"path": path},
        )
        return any(row["size"] == size and abs(row["mtime_ns"] - mtime_ns) < _COARSE for row in rows)

    def add(self, files: Iterable[FoundFile]) -> None:
        """Take files in: new ones, and ones that changed. A changed one keeps its text until it is opened."""
        now = time.time()
        with self._store.transaction() as sql:
            sql.executemany(
                f"""
                INSERT INTO documents (path, size, mtime_ns, folder, state, added) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET {state_after(DocumentEvent.APPEAR)},
                    folder = excluded.folder, size = excluded.size, mtime_ns = excluded.mtime_ns,
                    added = excluded.added, archived = NULL, open_pages = 0, sentence = '', advice = '',
                    tries = 0, retry_at = NULL
                WHERE documents.size <> excluded.size OR documents.mtime_ns <> excluded.mtime_ns
                   OR documents.archived IS NOT NULL
                """,
                [(*_columns(file), encode_path(file.folder), first_state(), now) for file in files],
            )

    def next_to_open(
        self, limit: int, *, of: Collection[Path] | None = None, but: Collection[Path] = ()
    ) -> list[DocumentRecord]:
        """Documents to be opened now: what someone waits for, then the first come first.

        `of` these folders alone, or of all `but` these.
        """
        urgent = self._store.rows(
            f"{SELECT_DOCUMENT} WHERE urgent AND state = ? ORDER BY id", (DocumentState.ARRIVED,)
        )
        named = [encode_path(folder) for folder in (but if of is None else of)]
        which = f"folder {'NOT ' if of is None else ''}IN ({','.join('?' * len(named))})"
        now = time.time()
        arrived = self._store.rows(
            f"""
            {SELECT_DOCUMENT}
            WHERE NOT urgent AND state = ? AND size <> ? AND {which}
              AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?)
            ORDER BY id LIMIT ?
            """,
            (DocumentState.ARRIVED, NO_SIZE, *named, now, now + LONGEST_WAIT, limit),
        )
        again = self._store.rows(
            f"""
            {SELECT_DOCUMENT} INDEXED BY next_retries
            WHERE NOT urgent AND state = ? AND retry_at IS NOT NULL AND {which}
              AND (retry_at <= ? OR retry_at > ?)
            ORDER BY id LIMIT ?
            """,
            (DocumentState.FAILED, *named, now, now + LONGEST_WAIT, limit),
        )
        rows = [*(urgent if of is None else ()), *sorted((*arrived, *again), key=itemgetter("id"))]
        return [parse_document_row(row) for row in keep_sound(self._store, rows)][:limit]

    def add_pages(self, documents: Iterable[OpenedDocument]) -> None:
        """Their pages wait now. Bytes that were read before, under any name, keep the text they have."""
        with self._store.transaction() as sql:
            for document in documents:
                if mark_opened(sql, document):
                    make_pages(sql, document)
                    take_over_pages(sql, document.document)
                    settle_state(sql, document.document)

    def add_stacks(self, stacks: Iterable[SortedStack]) -> None:
        """Nothing of them is to be read: what was made of them has arrived by now. Their notes are due."""
        with self._store.transaction() as sql:
            for stack in stacks:
                if mark_opened(sql, stack.opened):
                    make_pages(sql, stack.opened)
                    set_pages(sql, stack.opened.document, stack.pages)
                    settle_state(sql, stack.opened.document)

    def count_held(self) -> int:
        """Those that wait for their other sides, or that another papertray has: none can be opened now."""
        now = time.time()
        rows = self._store.rows(
            """
            SELECT COUNT(*) FROM documents INDEXED BY next_retries
            WHERE state = ? AND retry_at > ? AND retry_at <= ?
            """,
            (DocumentState.ARRIVED, now, now + LONGEST_WAIT),
        )
        return int(rows[0][0])

    def at(self, path: Path) -> DocumentRecord | None:
        """The document that was dropped there last."""
        rows = self._store.rows(f"{SELECT_DOCUMENT} WHERE path = ?", (encode_path(path),))
        return parse_document_row(rows[0]) if rows else None

    def wait(self, document: int, problem: PapertrayError, seconds: float) -> None:
        """It is not opened now: look again by then."""
        with self._store.transaction() as sql:
            sql.execute(
                """
                UPDATE documents SET sentence = ?, advice = ?, retry_at = ?
                WHERE id = ? AND state IN ('arrived', 'failed')
                """,
                (problem.sentence, problem.advice, time.time() + seconds, document),
            )

    def refuse(self, document: int, problem: PapertrayError, retry_after: float | None) -> None:
        """It cannot be opened; with `retry_after`, it is tried again after so many seconds."""
        now = time.time()
        with self._store.transaction() as sql:
            sql.execute(
                f"""
                UPDATE documents SET {state_after(DocumentEvent.REFUSE)}, sentence = ?, advice = ?,
                    exit_code = ?, tries = tries + 1, retry_at = ?, finished = ?, open_pages = 0
                WHERE id = ? AND {state_before(DocumentEvent.REFUSE)}
                """,
                (
                    problem.sentence,
                    problem.advice,
                    problem.exit_code,
                    None if retry_after is None else now + retry_after,
                    now,
                    document,
                ),
            )

    def lose(self, document: int, problem: PapertrayError) -> None:
        """It changed or went away in our hands: keep what is read, and wait for it to be seen again."""
        with self._store.transaction() as sql:
            sql.execute(
                """
                UPDATE pages SET state = 'waiting', attempts = attempts - 1
                WHERE document = ? AND state = 'reading'
                """,
                (document,),
            )
            sql.execute(
                f"""
                UPDATE documents SET {state_after(DocumentEvent.LOSE)}, size = ?, open_pages = 0,
                    sentence = ?, advice = ?
                WHERE id = ? AND {state_before(DocumentEvent.LOSE)}
                """,
                (NO_SIZE, problem.sentence, problem.advice, document),
            )

    def adopt_note(self, document: int, sha256: str, note: Path) -> None:
        """Its note stands already, from a journal that was lost: perhaps edited, so never to be touched."""
        with self._store.transaction() as sql:
            sql.execute(
                f"""
                UPDATE documents SET {state_after(DocumentEvent.ADOPT)}, sha256 = ?, note = ?,
                    note_sha256 = '', finished = ?, sentence = '', advice = '', retry_at = NULL
                WHERE id = ? AND {state_before(DocumentEvent.ADOPT)}
                """,
                (sha256, encode_path(note), time.time(), document),
            )


def _columns(file: FoundFile) -> tuple[bytes, int, int]:
    return encode_path(file.path), file.fingerprint.size, file.fingerprint.mtime_ns
