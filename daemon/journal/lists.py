"""Lists of documents for those who have thousands: narrowed, put in order, any part of them, and counted.

Reads the journal and changes nothing.
"""

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from papertray.daemon.journal.rows import SELECT_DOCUMENT, decode_path, encode_path, parse_document_row
from papertray.daemon.journal.store import Store
from papertray.daemon.records import DocumentGroup, DocumentGroups, DocumentRecord
from papertray.daemon.status import DocumentState

_LATEST = 200  # documents that tell how fast a reader is here


class DocumentOrder(StrEnum):
    NEWEST = "newest"
    NAME = "name"
    CONFIDENCE = "confidence"  # the least sure first; those of which nobody knows last


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """Which documents, and in which order. `since` and `until` are moments of arrival, the last one excluded.

    Without `states`, all that were not forgotten; `folder` goes for those below it, too. `before` is the
    document after which the list goes on, where the newest come first.
    """

    states: tuple[DocumentState, ...] = ()
    search: str = ""
    doubtful: bool = False
    folder: str = ""
    reader: str = ""
    since: float | None = None
    until: float | None = None
    before: int | None = None
    order: DocumentOrder = DocumentOrder.NEWEST


class DocumentLists:
    def __init__(self, store: Store) -> None:
        self._store = store

    def documents(self, query: DocumentQuery, limit: int, offset: int = 0) -> list[DocumentRecord]:
        """A part of the list: at most `limit`, without the first `offset`."""
        numbers = self.numbers(query, limit, offset)
        places = ", ".join("?" * len(numbers))
        rows = self._store.rows(f"{SELECT_DOCUMENT} WHERE id IN ({places})", tuple(numbers))
        documents = {row["id"]: parse_document_row(row) for row in rows}
        return [documents[number] for number in numbers if number in documents]

    def count(self, query: DocumentQuery) -> int:
        """How many there are in the whole list."""
        condition, values = _condition(query)
        return int(self._store.rows(f"SELECT COUNT(*) FROM documents WHERE {condition}", values)[0][0])

    def numbers(self, query: DocumentQuery, limit: int = -1, offset: int = 0) -> list[int]:
        """By their numbers alone; -1 as SQLite has it: all of them."""
        condition, values = _condition(query)
        rows = self._store.rows(
            f"SELECT id FROM documents WHERE {condition} ORDER BY {_ORDERS[query.order]} LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [row[0] for row in rows]

    def narrowed(self, query: DocumentQuery) -> frozenset[int] | None:
        """The numbers of those that it lets through; None where it lets through all."""
        return (
            None
            if replace(query, order=DocumentOrder.NEWEST) == DocumentQuery()
            else frozenset(self.numbers(query))
        )

    def groups(self) -> DocumentGroups:
        """Which folders and readers the documents have, with how many, the most first.

        A folder's are those below it, too.
        """
        rows = self._store.rows(
            f"""
            SELECT folder, {_PARENT} AS parent, reader, COUNT(*) AS documents FROM documents
            WHERE {_LISTED} GROUP BY folder, parent, reader
            """
        )
        folders: dict[str, int] = {}
        readers: dict[str, int] = {}
        for row in rows:
            for folder in _folders_of(row["folder"], row["parent"]):
                folders[folder] = folders.get(folder, 0) + row["documents"]
            readers[str(row["reader"])] = readers.get(str(row["reader"]), 0) + row["documents"]
        return DocumentGroups(
            folders=_groups(folders),
            readers=_groups(readers),
            doubtful=self.count(DocumentQuery(doubtful=True)),
        )

    def seconds_a_page(self) -> dict[str, float]:
        """How long each reader took for a page, of the documents that ended last."""
        rows = self._store.rows(
            """
            SELECT reader, SUM(seconds) / COUNT(*) AS mean FROM pages JOIN (
                SELECT id, reader FROM documents WHERE NOT urgent AND finished IS NOT NULL
                ORDER BY finished DESC, id DESC LIMIT ?
            ) AS ended ON ended.id = pages.document
            WHERE pages.state = 'done' AND seconds > 0 GROUP BY reader
            """,
            (_LATEST,),
        )
        return {str(row["reader"]): float(row["mean"]) for row in rows}


def _groups(counted: dict[str, int]) -> tuple[DocumentGroup, ...]:
    named = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(DocumentGroup(name, documents) for name, documents in named if name)


def _folders_of(root: object, parent: object) -> list[str]:
    """The watched folder, and all between it and the document."""
    if not isinstance(root, bytes):
        return []
    top, below = decode_path(root), []
    folder = decode_path(str(parent).encode("utf-8", "surrogateescape").rstrip(os.sep.encode()))
    while folder != top and top in folder.parents:
        below.append(str(folder))
        folder = folder.parent
    return [str(top), *below]


def _condition(query: DocumentQuery) -> tuple[str, tuple[object, ...]]:
    """In SQL; only what narrows the list is in it."""
    states = ", ".join(f"'{state}'" for state in query.states)
    parts: list[tuple[str, tuple[object, ...]]] = [
        (f"NOT urgent AND state IN ({states})" if states else _LISTED, ()),
        (_HOLDS, (query.search,) if query.search else ()),
        (_DOUBTFUL if query.doubtful else "", ()),
        (_BELOW, _folder_values(query.folder) if query.folder else ()),
        ("reader = ?", (query.reader,) if query.reader else ()),
        ("added >= ?", () if query.since is None else (query.since,)),
        ("added < ?", () if query.until is None else (query.until,)),
        (_AFTER, () if query.before is None else (query.before,)),
    ]
    kept = [(text, values) for text, values in parts if text.count("?") == len(values) and text]
    return " AND ".join(text for text, _ in kept), tuple(value for _, values in kept for value in values)


def _folder_values(folder: str) -> tuple[object, ...]:
    below = encode_path(Path(folder)) + os.sep.encode()
    return encode_path(Path(folder)), below, below


_LISTED = f"NOT urgent AND state <> '{DocumentState.FORGOTTEN}'"
_HOLDS = "instr(lower(CAST(path AS TEXT)), lower(?)) > 0"
_DOUBTFUL = "id IN (SELECT document FROM pages WHERE doubtful AND pages.state = 'done')"
_BELOW = "(folder = ? OR substr(path, 1, length(?)) = ?)"
_AFTER = "(added, id) < (SELECT added, id FROM documents WHERE id = ?)"

_PATH = "CAST(path AS TEXT)"
_PARENT = f"rtrim({_PATH}, replace({_PATH}, '{os.sep}', ''))"
_NAME = f"substr({_PATH}, length({_PARENT}) + 1)"
_CONFIDENCE = """
    (SELECT min(confidence) FROM pages WHERE document = documents.id AND pages.state = 'done'
        AND confidence IS NOT NULL)
"""
_ORDERS = {
    DocumentOrder.NEWEST: "added DESC, id DESC",
    DocumentOrder.NAME: f"{_NAME} COLLATE NOCASE, id",
    DocumentOrder.CONFIDENCE: f"{_CONFIDENCE} IS NULL, {_CONFIDENCE}, id",
}
