"""Which outputs and figures stand beside notes, or will: told first, so that a kill makes none a stranger."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.journal.rows import decode_path, encode_path
from papertray.daemon.journal.store import Store

FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """A file that was written from a document: its hash when it was, and that of what will replace it.

    A figure of its note has the ending `FIGURE`.
    """

    path: Path
    ending: str
    sha256: str
    next_sha256: str


class OutputLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, document: int) -> list[OutputRecord]:
        """Its outputs. A damaged row is none: its file is then somebody else's, and left alone."""
        return [record for record in self._all_of(document) if record.ending != FIGURE]

    def figures_of(self, document: int) -> dict[Path, OutputRecord]:
        return {record.path: record for record in self._all_of(document) if record.ending == FIGURE}

    def _all_of(self, document: int) -> list[OutputRecord]:
        rows = self._store.rows("SELECT * FROM outputs WHERE document = ? ORDER BY path", (document,))
        return [
            OutputRecord(decode_path(row["path"]), row["ending"], row["sha256"], row["next_sha256"])
            for row in rows
            if isinstance(row["path"], bytes)
            and row["path"]
            and all(isinstance(row[name], str) for name in ("ending", "sha256", "next_sha256"))
        ]

    def is_ours(self, path: Path) -> bool:
        return bool(self._store.rows("SELECT 1 FROM outputs WHERE path = ? LIMIT 1", (encode_path(path),)))

    def announce(self, document: int, path: Path, ending: str, sha256: str) -> None:
        """This file is about to be put in place."""
        self._announce(document, {path: sha256}, ending)

    def announce_figures(self, document: int, hashes: Mapping[Path, str]) -> None:
        """All of them at once."""
        self._announce(document, hashes, FIGURE)

    def _announce(self, document: int, hashes: Mapping[Path, str], ending: str) -> None:
        with self._store.transaction() as sql:
            sql.executemany(
                """
                INSERT INTO outputs (document, path, ending, next_sha256) VALUES (?, ?, ?, ?)
                ON CONFLICT (document, path) DO UPDATE SET next_sha256 = excluded.next_sha256
                """,
                [(document, encode_path(path), ending, sha256) for path, sha256 in hashes.items()],
            )

    def confirm(self, document: int, *paths: Path) -> None:
        """The announced files stand."""
        with self._store.transaction() as sql:
            sql.executemany(
                """
                UPDATE outputs SET sha256 = next_sha256, next_sha256 = ''
                WHERE document = ? AND path = ? AND next_sha256 <> ''
                """,
                [(document, encode_path(path)) for path in paths],
            )

    def forget(self, document: int, path: Path) -> None:
        """It stands no more, or is a person's own from now on."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM outputs WHERE document = ? AND path = ?", (document, encode_path(path)))
