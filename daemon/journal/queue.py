"""Which page is read next, and what became of it.

A page's attempt is counted before the work, so that a page which ends the process is known as such.
"""

from collections.abc import Collection, Sequence

from papertray.daemon.errors import PageTakesUsDown
from papertray.daemon.journal.damage import keep_sound
from papertray.daemon.journal.pages import settle_state, settle_states, store_page
from papertray.daemon.journal.rows import parse_job_row
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
        attempts, wanted_reader, wanted_mode
    FROM documents CROSS JOIN pages ON pages.document = documents.id AND pages.state = 'waiting'
    WHERE open_pages > 0 ORDER BY urgent DESC, {order}, pages.number LIMIT ?
"""
_OF_RANK = _NEXT.replace("open_pages > 0", "open_pages > 0 AND urgent = {rank}")
_URGENT = _OF_RANK.format(rank=URGENT, order="added, id")
_OF_GUESTS = _OF_RANK.format(rank=OF_GUEST, order="added, id")
_SHORTEST = _NEXT.format(order="open_pages, added, id")
_OLDEST = _NEXT.format(order="added, id")


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

    def ready_pages(self, limit: int) -> list[PageJob]:
        """The pages to be read next: all for the same reader, at most `limit`.

        What someone here waits for goes first. Then every other page is one that another machine waits for.
        Of the others three turns of four go to the shortest document, the fourth to the one that waits
        longest: a book does not hold up a letter, nor letters a book. A page that was tried before goes
        alone, to show itself. Of documents with the same bytes one goes ahead, and the others take over what
        it says.
        """
        self._guests_turn = not self._guests_turn
        if self._guests_turn and (jobs := self._jobs(_URGENT, limit) or self._jobs(_OF_GUESTS, limit)):
            return _readable_together(jobs)
        self._turns += 1
        query = _SHORTEST if self._turns % _TURN_OF_THE_OLDEST else _OLDEST
        return _readable_together(self._jobs(query, limit))

    def upcoming_pages(self, limit: int) -> list[PageJob]:
        """What is likely to be ready next."""
        return self._jobs(_SHORTEST, limit)

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

    def _jobs(self, query: str, limit: int) -> list[PageJob]:
        rows = keep_sound(self._store, self._store.rows(query, (limit,)), "document")
        return [parse_job_row(row) for row in rows]


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
