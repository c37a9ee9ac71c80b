"""Which outputs stand beside notes, or are about to: told first, so that a kill makes strangers of none."""

from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.journal.rows import decode_path, encode_path
from papertray.daemon.journal.store import Store


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """A file that was written from a document: its hash when it was, and that of what will replace it."""

    path: Path
    ending: str
    sha256: str
    next_sha256: str


class OutputLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, document: int) -> list[OutputRecord]:
        """A damaged row is none: its file is then somebody else's, and left alone."""
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
        with self._store.transaction() as sql:
            sql.execute(
                """
                INSERT INTO outputs (document, path, ending, next_sha256) VALUES (?, ?, ?, ?)
                ON CONFLICT (document, path) DO UPDATE SET next_sha256 = excluded.next_sha256
                """,
                (document, encode_path(path), ending, sha256),
            )

    def confirm(self, document: int, path: Path) -> None:
        """The announced file stands."""
        with self._store.transaction() as sql:
            sql.execute(
                """
                UPDATE outputs SET sha256 = next_sha256, next_sha256 = ''
                WHERE document = ? AND path = ? AND next_sha256 <> ''
                """,
                (document, encode_path(path)),
            )
