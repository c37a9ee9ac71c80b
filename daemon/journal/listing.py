"""What the command line, the tray and the page ask: documents by state, one document whole, counts."""

import sqlite3
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.journal.rows import (
    SELECT_DOCUMENT,
    decode_path,
    encode_path,
    parse_document_row,
    parse_page_row,
)
from papertray.daemon.journal.store import Store
from papertray.daemon.journal.texts import TextDamaged, unpack_text
from papertray.daemon.records import DocumentRecord, HourlyCount, PageRecord
from papertray.daemon.status import DocumentState
from papertray.engine.pages import Block

_HAS_DOUBTFUL_PAGES = """
    EXISTS (SELECT 1 FROM pages WHERE document = documents.id AND doubtful AND pages.state = 'done')
"""
_SHOWN = tuple(state for state in DocumentState if state is not DocumentState.FORGOTTEN)

_TEXT_CHECK = "coalesce(text_check, 0)"  # what was kept first has none


class Listing:
    def __init__(self, store: Store) -> None:
        self._store = store

    def documents(
        self,
        states: tuple[DocumentState, ...] = (),
        limit: int = 50,
        search: str = "",
        before: int | None = None,
        *,
        doubtful: bool = False,
    ) -> list[DocumentRecord]:
        """The newest first: those whose path holds `search`, that come after the document `before`.

        `doubtful` leaves those that have doubtful pages.
        """
        conditions = [f"state = '{state}'" for state in states] or [f"state <> '{DocumentState.FORGOTTEN}'"]
        which = f" AND {_HAS_DOUBTFUL_PAGES}" if doubtful else ""
        rows = [
            row
            for condition in conditions
            for row in self._newest(f"NOT urgent AND {condition}{which}", limit, search, before)
        ]
        documents = [parse_document_row(row) for row in rows]
        return sorted(documents, key=attrgetter("added", "id"), reverse=True)[:limit]

    def _newest(self, condition: str, limit: int, search: str, before: int | None) -> list[sqlite3.Row]:
        """In the order of an index, so that only those are looked at that are given."""
        values: list[object] = []
        if search:
            condition += " AND instr(lower(CAST(path AS TEXT)), lower(?)) > 0"
            values.append(search)
        if before is not None:
            condition += " AND (added, id) < (SELECT added, id FROM documents WHERE id = ?)"
            values.append(before)
        return self._store.rows(
            f"{SELECT_DOCUMENT} WHERE {condition} ORDER BY added DESC, id DESC LIMIT ?", (*values, limit)
        )

    def finished_since(self, moment: float) -> list[DocumentRecord]:
        """Those that ended later, and whose outputs stand, in the order they did."""
        rows = self._store.rows(
            f"""
            {SELECT_DOCUMENT} WHERE finished > ? AND NOT urgent AND NOT EXISTS (
                SELECT 1 FROM errands INDEXED BY errands_of_document
                WHERE document = documents.id AND ended IS NULL AND rule = '' AND action = 'outputs')
            ORDER BY finished, id
            """,
            (moment,),
        )
        return [parse_document_row(row) for row in rows]

    def document(self, number: int) -> DocumentRecord:
        rows = self._store.rows(f"{SELECT_DOCUMENT} WHERE id = ?", (number,))
        if not rows:
            raise NoSuchDocument(number)
        return parse_document_row(rows[0])

    def path(self, number: int) -> Path | None:
        """Of a document that may be gone, or damaged."""
        rows = self._store.rows("SELECT path FROM documents WHERE id = ?", (number,))
        return decode_path(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def number_of(self, path: Path) -> int:
        """That of the document at this path, which was added."""
        return int(self._store.rows("SELECT id FROM documents WHERE path = ?", (encode_path(path),))[0][0])

    def pages(self, number: int) -> list[PageRecord]:
        rows = self._store.rows("SELECT * FROM pages WHERE document = ? ORDER BY number", (number,))
        return [parse_page_row(row) for row in rows]

    def page(self, number: int, page: int) -> PageRecord | None:
        """One page of a document; None where there is none, or none yet."""
        rows = self._store.rows("SELECT * FROM pages WHERE document = ? AND number = ?", (number, page))
        return parse_page_row(rows[0]) if rows else None

    def text_checks(self, number: int | None = None) -> list[tuple[int, int, int]]:
        """Document, number and checksum of each page that was read, of one document or of all but uploads."""
        one = "" if number is None else "AND document = :number"
        rows = self._store.rows(
            f"""
            SELECT document, number, {_TEXT_CHECK} FROM pages JOIN documents ON documents.id = document
            WHERE pages.state = 'done' AND NOT urgent AND documents.state <> 'forgotten' {one}
            """,
            {"number": number},
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def blocks(self, number: int, page: int, text_check: int) -> tuple[Block, ...] | None:
        """Of a page that was read; None where it is gone, damaged, or has another text by now."""
        rows = self._store.rows(
            f"""
            SELECT text, text_check FROM pages
            WHERE document = ? AND number = ? AND state = 'done' AND {_TEXT_CHECK} = ?
            """,
            (number, page, text_check),
        )
        with suppress(TextDamaged):
            return unpack_text(*rows[0], lines=False).blocks if rows else None
        return None

    def hours(self, since: float) -> list[HourlyCount]:
        """The hours since then in which a document ended, in order. Uploads leave nothing to be counted."""
        rows = self._store.rows(
            """
            SELECT CAST(finished / 3600 AS INTEGER) * 3600.0 AS start, COUNT(*) AS pages,
                SUM(seconds) AS seconds
            FROM documents JOIN pages ON pages.document = documents.id
            WHERE finished > ? AND NOT urgent AND pages.state = 'done'
            GROUP BY start ORDER BY start
            """,
            (since,),
        )
        return [HourlyCount(**dict(row)) for row in rows]

    def counts(self) -> dict[str, int]:
        """Uploads count as long as they are read."""
        rows = self._store.rows("SELECT state, documents FROM tallies WHERE documents > 0")
        return {row["state"]: row["documents"] for row in rows if row["state"] in _SHOWN}
