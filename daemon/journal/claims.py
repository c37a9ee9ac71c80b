"""What is in hand of each watched folder, and what waits because another papertray has it."""

import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from papertray.daemon.journal.rows import SELECT_DOCUMENT, encode_path, parse_document_row
from papertray.daemon.journal.states import IN_HAND, UNFINISHED, DocumentEvent, state_after, state_before
from papertray.daemon.journal.store import Store
from papertray.daemon.records import DocumentRecord

_CHUNK = 500


class ClaimLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def has_work(self, folder: Path) -> bool:
        """Whether any of its documents has not come to its end."""
        query = f"""
            SELECT 1 FROM documents
            WHERE state IN {_listed(UNFINISHED)} AND folder = ? AND NOT urgent LIMIT 1
        """
        return bool(self._store.rows(query, (encode_path(folder),)))

    def in_hand(self, folder: Path) -> list[DocumentRecord]:
        """Documents that were opened and have no note yet."""
        rows = self._store.rows(
            f"{SELECT_DOCUMENT} WHERE NOT urgent AND state IN {_listed(IN_HAND)} AND folder = ? ORDER BY id",
            (encode_path(folder),),
        )
        return [parse_document_row(row) for row in rows]

    def unfinished(self, documents: Iterable[int]) -> set[int]:
        """Those of the documents that have not come to their end."""
        wanted, unfinished = list(documents), set[int]()
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT id FROM documents WHERE id IN ({marks}) AND state IN {_listed(UNFINISHED)}"
            unfinished |= {row["id"] for row in self._store.rows(query, tuple(chunk))}
        return unfinished

    def wait_for_others(self, hosts: Mapping[int, str], seconds: float) -> None:
        """These documents are another's for now, on the host that goes with each; look again by then."""
        retry_at = time.time() + seconds
        advice = "There is nothing to do: its note is taken over; should that papertray end, it is read here."
        with self._store.transaction() as sql:
            sql.executemany(
                """
                UPDATE documents SET sentence = ?, advice = ?, retry_at = ?
                WHERE id = ? AND state IN ('arrived', 'failed')
                """,
                [
                    (
                        f"Another papertray{f' ({host})' if host else ''} is reading it.",
                        advice,
                        retry_at,
                        document,
                    )
                    for document, host in hosts.items()
                ],
            )

    def give_up(self, documents: Collection[int]) -> None:
        """Another may have these in hand: they wait to be opened again, and keep what was read of them."""
        with self._store.transaction() as sql:
            for document in documents:
                _give_up(sql, document)


def _give_up(sql: sqlite3.Connection, document: int) -> None:
    changed = sql.execute(
        f"""
        UPDATE documents SET {state_after(DocumentEvent.GIVE_UP)}, open_pages = 0, retry_at = NULL
        WHERE id = ? AND {state_before(DocumentEvent.GIVE_UP)}
        """,
        (document,),
    )
    if changed.rowcount:
        sql.execute(
            """
            UPDATE pages SET state = 'waiting', attempts = attempts - 1
            WHERE document = ? AND state = 'reading'
            """,
            (document,),
        )


def _listed(states: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"
