"""Which page is read next, and what became of it.

A page's attempt is counted before the work, so that a page which ends the process is known as such.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.errors import PageTakesUsDown
from papertray.daemon.journal.damage import keep_sound
from papertray.daemon.journal.pages import settle_state, settle_states, store_page
from papertray.daemon.journal.rows import decode_path, encode_path, parse_job_row
from papertray.daemon.journal.states import DocumentEvent, state_after, state_before
from papertray.daemon.journal.store import Store
from papertray.daemon.journal.twins import share_pages
from papertray.daemon.journal.uploads import OF_GUEST, URGENT
from papertray.daemon.records import PageJob
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import PageText, ReaderIdentity

LIVES = 3
_TURN_OF_THE_OLDEST = 4

_NEXT = """
    SELECT documents.id AS document, path, folder, size, mtime_ns, sha256, pages.number, documents.pages,
        attempts, wanted_reader, wanted_mode, urgent, archived
    FROM documents INDEXED BY {index}
        CROSS JOIN pages ON pages.document = documents.id AND pages.state = 'waiting'
    WHERE open_pages > 0 AND {which} ORDER BY urgent DESC, {order}, pages.number LIMIT ?
"""
ORDERS = {"shortest_first": "open_pages, added, id", "oldest_first": "added, id"}
_MOST_NAMED = 300
"""So many groups are more than a query can name: then none is left out."""


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Documents with pages to be read, of one folder, with one wish; `oldest` says since when."""

    folder: Path
    wanted_reader: str
    wanted_mode: str
    oldest: float


class Queue:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns = 0
        self._guests_turn = False

    def recover(self) -> None:
        """After a start: what was in hand when the last process ended waits again, or has had its lives."""
        problem = PageTakesUsDown()
        with self._store.transaction() as sql:
            in_hand = sql.execute("SELECT document FROM pages WHERE state = 'reading'").fetchall()
            sql.execute(
                """
                UPDATE pages SET state = 'failed', sentence = ?, advice = ?
                WHERE state = 'reading' AND attempts >= ?
                """,
                (problem.sentence, problem.advice, LIVES),
            )
            sql.execute("UPDATE pages SET state = 'waiting' WHERE state = 'reading'")
            settle_states(sql, {row["document"] for row in in_hand})

    def waiting_groups(self) -> list[WaitingGroup]:
        """Of all but uploads. What is damaged is a group that nobody asks for."""
        rows = self._store.rows(
            """
            SELECT folder, wanted_reader, wanted_mode, min(added) AS oldest FROM documents
            INDEXED BY waiting_groups WHERE open_pages > 0 AND NOT urgent
            GROUP BY folder, wanted_reader, wanted_mode
            """
        )
        return [
            WaitingGroup(
                decode_path(row["folder"]), str(row["wanted_reader"]), str(row["wanted_mode"]), row["oldest"]
            )
            for row in rows
            if isinstance(row["folder"], bytes) and isinstance(row["oldest"], int | float)
        ]

    def ready_pages(self, limit: int, groups: Collection[WaitingGroup] | None = None) -> list[PageJob]:
        """The pages to be read next: all for the same reader, at most `limit`, of uploads and these groups.

        What someone here waits for goes first. Then every other page is one that another machine waits for.
        Of the others three turns of four go to the shortest document, the fourth to the one that waits
        longest: a book does not hold up a letter, nor letters a book. A page that was tried before goes
        alone, to show itself. Of documents with the same bytes one goes ahead, and the others take over what
        it says.
        """
        self._guests_turn = not self._guests_turn
        if self._guests_turn and (
            jobs := self._waited_for(URGENT, limit) or self._waited_for(OF_GUEST, limit)
        ):
            return _readable_together(jobs)
        self._turns += 1
        index = "shortest_first" if self._turns % _TURN_OF_THE_OLDEST else "oldest_first"
        return _readable_together(self._jobs(index, limit, groups))

    def upcoming_pages(self, limit: int, groups: Collection[WaitingGroup] | None = None) -> list[PageJob]:
        """What is likely to be ready next."""
        return self._jobs("shortest_first", limit, groups)

    def has_open_pages(self, documents: Collection[int]) -> bool:
        """Whether any of these has pages to be read, still."""
        marks = ",".join("?" * len(documents))
        query = f"SELECT 1 FROM documents WHERE id IN ({marks}) AND open_pages > 0 LIMIT 1"
        return bool(self._store.rows(query, tuple(documents)))

    def count_open_pages(self) -> int:
        """How many pages wait or are being read, in all documents."""
        rows = self._store.rows("SELECT total(open_pages) FROM documents WHERE open_pages > 0")
        return int(rows[0][0])

    def begin(self, jobs: Sequence[PageJob]) -> None:
        """Count an attempt at these pages. From here on they are in hand."""
        with self._store.transaction() as sql:
            sql.executemany(
                """
                UPDATE pages SET state = 'reading', attempts = attempts + 1
                WHERE document = ? AND number = ? AND state = 'waiting'
                """,
                [(job.document, job.number) for job in jobs],
            )
            sql.executemany(
                f"""
                UPDATE documents SET {state_after(DocumentEvent.BEGIN)}
                WHERE id = ? AND {state_before(DocumentEvent.BEGIN)}
                """,
                [(job.document,) for job in jobs],
            )

    def finish(
        self, read: Sequence[tuple[PageJob, PageText]], reader: ReaderIdentity, rung: str, seconds: float
    ) -> None:
        """Store what was read, the moment it was."""
        with self._store.transaction() as sql:
            for job, text in read:
                store_page(sql, job, text, seconds)
                sql.execute(
                    "UPDATE documents SET reader = ?, revision = ?, device = ?, rung = ? WHERE id = ?",
                    (reader.name, reader.revision, reader.device, rung, job.document),
                )
            for document in settle_states(sql, {job.document for job, _ in read}):
                share_pages(sql, document)

    def fail(self, jobs: Sequence[PageJob], problem: PapertrayError) -> None:
        """These pages have failed: their documents go on without them, and the notes will say so."""
        with self._store.transaction() as sql:
            sql.executemany(
                """
                UPDATE pages SET state = 'failed', sentence = ?, advice = ?
                WHERE document = ? AND number = ? AND state IN ('waiting', 'reading')
                """,
                [(problem.sentence, problem.advice, job.document, job.number) for job in jobs],
            )
            settle_states(sql, {job.document for job in jobs})

    def fail_rest(self, document: int, problem: PapertrayError) -> None:
        """Every page of this document that still waits has failed for the same reason."""
        with self._store.transaction() as sql:
            sql.execute(
                """
                UPDATE pages SET state = 'failed', sentence = ?, advice = ?
                WHERE document = ? AND state IN ('waiting', 'reading')
                """,
                (problem.sentence, problem.advice, document),
            )
            settle_state(sql, document)

    def give_back(self, jobs: Sequence[PageJob]) -> None:
        """These pages were not read after all, through no fault of theirs."""
        with self._store.transaction() as sql:
            sql.executemany(
                """
                UPDATE pages SET state = 'waiting', attempts = attempts - 1
                WHERE document = ? AND number = ? AND state = 'reading'
                """,
                [(job.document, job.number) for job in jobs],
            )

    def _jobs(self, index: str, limit: int, groups: Collection[WaitingGroup] | None) -> list[PageJob]:
        query, values = query_pages(index, groups)
        return self._sound_jobs(query, (*values, limit))

    def _waited_for(self, rank: int, limit: int) -> list[PageJob]:
        query = _NEXT.format(index="oldest_first", which=f"urgent = {rank}", order=ORDERS["oldest_first"])
        return self._sound_jobs(query, (limit,))

    def _sound_jobs(self, query: str, values: tuple[object, ...]) -> list[PageJob]:
        rows = keep_sound(self._store, self._store.rows(query, values), "document")
        return [parse_job_row(row) for row in rows]


def query_pages(index: str, groups: Collection[WaitingGroup] | None) -> tuple[str, list[object]]:
    """The pages that wait, of uploads and these groups, in the order of this index."""
    which, values = "TRUE", list[object]()
    if groups is not None and len(groups) <= _MOST_NAMED:
        which = "(urgent" + " OR (folder = ? AND wanted_reader = ? AND wanted_mode = ?)" * len(groups) + ")"
        for group in groups:
            values += [encode_path(group.folder), group.wanted_reader, group.wanted_mode]
    return _NEXT.format(index=index, which=which, order=ORDERS[index]), values


def _readable_together(jobs: list[PageJob]) -> list[PageJob]:
    """The first job and those that can be read with it."""
    if not jobs or jobs[0].attempts:
        return jobs[:1]
    ahead = {job.sha256: job.document for job in reversed(jobs)}
    return [
        job
        for job in jobs
        if not job.attempts
        and (job.wanted_reader, job.wanted_mode) == (jobs[0].wanted_reader, jobs[0].wanted_mode)
        and job.document == ahead[job.sha256]
    ]
