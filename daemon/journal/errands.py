"""What is to be done for documents that were read: due from the moment the note stands until it has ended.

That is what rules have to do, and before it the outputs that the folder wants, an errand of no rule. One is
added with the note's own transaction (`notes.py`), so a kill loses none.
"""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from papertray.daemon.journal.rows import LONGEST_WAIT
from papertray.daemon.journal.store import Store

OUTPUTS = ("", "outputs")
"""Of no rule: the files that stand beside the note."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One `action` of one rule for one reading of a document; `outcome` says how it went the last time."""

    id: int
    document: int
    rule: str
    action: str
    tries: int
    ended: float | None
    worked: bool
    outcome: str
    given_up: bool = False

    @property
    def is_outputs(self) -> bool:
        return (self.rule, self.action) == OUTPUTS


class ErrandLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def next_due(self, busy: Collection[int]) -> Errand | None:
        """The oldest that can be done now, of no document in `busy`: those of one go one after the other."""
        now, without = time.time(), ", ".join("?" * len(busy))
        rows = self._store.rows(
            f"""
            SELECT * FROM errands WHERE ended IS NULL
              AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?) AND document NOT IN ({without})
            ORDER BY id LIMIT 1
            """,
            (now, now + LONGEST_WAIT, *busy),
        )
        return _parse(rows[0]) if rows else None

    def of(self, document: int) -> list[Errand]:
        """Those of its last reading, in order."""
        rows = self._store.rows("SELECT * FROM errands WHERE document = ? ORDER BY id", (document,))
        return [_parse(row) for row in rows]

    def outputs_left(self) -> int:
        """Of how many documents outputs are still to be written."""
        return int(self._store.rows(f"SELECT COUNT(*) {_OUTPUTS_DUE}")[0][0])

    def problems(self, limit: int = 5) -> list[str]:
        """Why outputs cannot be written now, each once."""
        query = f"SELECT DISTINCT outcome {_OUTPUTS_DUE} AND outcome <> '' LIMIT ?"
        return [str(row["outcome"]) for row in self._store.rows(query, (limit,))]

    def unfinished(self, limit: int = 100) -> list[Errand]:
        """Those that failed or are tried again, but for what was given up; the newest first."""
        query = f"SELECT * FROM errands WHERE {_UNFINISHED} ORDER BY id DESC LIMIT ?"
        rows = self._store.rows(query, (limit,))
        return [_parse(row) for row in rows]

    def count_unfinished(self) -> int:
        """How many, but for outputs that are tried again: `problems` tells of these."""
        count = f"SELECT COUNT(*) FROM errands WHERE {_UNFINISHED} AND (rule <> '' OR ended IS NOT NULL)"
        return int(self._store.rows(count)[0][0])

    def retry(self, document: int) -> int:
        """Have those that failed, or wait for another try, be done now; how many there are."""
        return self._retry("document", document)

    def retry_one(self, errand: int) -> int:
        """The same of a single one; 0 where it worked, or is not there."""
        return self._retry("id", errand)

    def _retry(self, column: Literal["document", "id"], number: int) -> int:
        with self._store.transaction() as sql:
            return sql.execute(
                f"""
                UPDATE errands SET ended = NULL, tries = 0, retry_at = NULL, given_up = 0
                WHERE {column} = ? AND (ended IS NOT NULL AND NOT worked OR retry_at IS NOT NULL)
                """,
                (number,),
            ).rowcount

    def give_up(self, errand: int) -> int:
        """It is neither tried nor told any more. A document that waits for its outputs has ended."""
        found = self._store.rows(f"SELECT * FROM errands WHERE id = ? AND {_UNFINISHED}", (errand,))
        for one in map(_parse, found):
            if one.is_outputs:
                self.end_outputs(one, one.outcome, worked=False)
            elif one.ended is None:
                self.end(one.id, one.outcome, worked=False)
            with self._store.transaction() as sql:
                sql.execute("UPDATE errands SET given_up = 1 WHERE id = ? AND NOT worked", (errand,))
        return len(found)

    def end_outputs(self, errand: Errand, sentence: str, *, worked: bool) -> None:
        """They stand, but for what the sentence says: the document has ended only now."""
        with self._store.transaction() as sql:
            ended = sql.execute(
                """
                UPDATE errands SET ended = ?, worked = ?, outcome = ?, retry_at = NULL
                WHERE id = ? AND ended IS NULL
                """,
                (time.time(), worked, sentence or "They stand.", errand.id),
            )
            if ended.rowcount:
                sql.execute(
                    """
                    UPDATE documents SET finished = ?, sentence = iif(sentence = '', ?, sentence)
                    WHERE id = ? AND state IN ('done', 'problems')
                    """,
                    (time.time(), sentence, errand.document),
                )

    def end(self, errand: int, outcome: str, *, worked: bool) -> None:
        """It is not done again."""
        with self._store.transaction() as sql:
            sql.execute(
                "UPDATE errands SET ended = ?, worked = ?, outcome = ?, retry_at = NULL WHERE id = ?",
                (time.time(), worked, outcome, errand),
            )

    def postpone(self, errand: int, outcome: str, seconds: float) -> None:
        """It went wrong, and is tried again after so many seconds."""
        with self._store.transaction() as sql:
            sql.execute(
                "UPDATE errands SET tries = tries + 1, outcome = ?, retry_at = ? WHERE id = ?",
                (outcome, time.time() + seconds, errand),
            )


_UNFINISHED = "worked = 0 AND given_up = 0 AND outcome <> ''"
_OUTPUTS_DUE = "FROM errands WHERE ended IS NULL AND rule = '' AND action = 'outputs'"


def _parse(row: sqlite3.Row) -> Errand:
    """A damaged value is taken for one that no rule has, or as if nothing had been tried."""
    tries, ended = row["tries"], row["ended"]
    return Errand(
        id=row["id"],
        document=row["document"],
        rule=str(row["rule"]),
        action=str(row["action"]),
        tries=tries if isinstance(tries, int) and tries >= 0 else 0,
        ended=ended if isinstance(ended, int | float) else None,
        worked=bool(row["worked"]),
        outcome=str(row["outcome"]),
        given_up=bool(row["given_up"]),
    )
