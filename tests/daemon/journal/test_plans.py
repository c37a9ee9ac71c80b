"""No question that is asked often looks through all documents: SQLite says how it would answer each."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.lists import DocumentQuery
from papertray.daemon.status import DocumentState
from tests.daemon.journal.test_journal import add, read_next

Question = Callable[[Journal], object]

QUESTIONS: dict[str, Question] = {
    "list": lambda journal: journal.listing.documents(),
    "list, further": lambda journal: journal.listing.documents(before=2),
    "list of some states": lambda journal: journal.listing.documents(
        (DocumentState.FAILED, DocumentState.DONE)
    ),
    "list of some states, further": lambda journal: journal.listing.documents(
        (DocumentState.FAILED,), before=2
    ),
    "list of doubtful ones": lambda journal: journal.listing.documents(doubtful=True),
    "list of one folder, a part": lambda journal: journal.lists.documents(
        DocumentQuery(folder="/inbox"), 50, 1
    ),
    "list of doubtful ones, counted": lambda journal: journal.lists.count(DocumentQuery(doubtful=True)),
    "counts": lambda journal: journal.listing.counts(),
    "one document": lambda journal: journal.listing.document(1),
    "its pages": lambda journal: journal.listing.pages(1),
    "what has ended": lambda journal: journal.listing.finished_since(5.0),
    "what is to be opened": lambda journal: journal.arrivals.next_to_open(50),
    "what is to be read": lambda journal: [journal.queue.ready_pages(8) for _ in range(4)],
    "how many pages wait": lambda journal: journal.queue.count_open_pages(),
    "what is to be noted": lambda journal: journal.notes.ready_documents(),
    "whose note it is": lambda journal: journal.notes.is_ours(Path("/inbox/a.md")),
    "what rules have to do": lambda journal: journal.errands.next_due({1, 2}),
    "what rules did": lambda journal: journal.errands.of(1),
    "what is unfinished": lambda journal: journal.errands.unfinished(),
    "how much is unfinished": lambda journal: journal.errands.count_unfinished(),
    "why notes wait": lambda journal: journal.notes.problems(),
    "uploads": lambda journal: journal.uploads.all(),
    "the start": lambda journal: journal.queue.recover(),
    "a page": read_next,
    "a retry": lambda journal: journal.requests.retry(1),
}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        for name in ("a.pdf", "b.pdf", "c.pdf"):
            add(journal, name, 2)
        yield journal


def statements_of(journal: Journal, ask: Question) -> list[str]:
    asked: list[str] = []
    with journal.store.transaction() as sql:
        connection = sql
    connection.set_trace_callback(asked.append)
    ask(journal)
    connection.set_trace_callback(None)
    first_words = ("select", "update", "delete", "insert")
    return [text for text in asked if text.strip().lower().startswith(first_words)]


def plan(journal: Journal, statement: str) -> list[str]:
    return [row["detail"] for row in journal.store.rows(f"EXPLAIN QUERY PLAN {statement}")]


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_question_does_not_look_through_all_documents(journal: Journal, ask: Question) -> None:
    asked = statements_of(journal, ask)
    assert asked
    for statement in asked:
        for step in plan(journal, statement):
            scans = ("SCAN documents", "SCAN pages", "SCAN errands")
            all_of_it = step.startswith(scans) and "USING" not in step
            assert not all_of_it, (step, statement)


@pytest.mark.parametrize("ask", [ask for name, ask in QUESTIONS.items() if name.startswith("list")])
def test_a_list_is_given_in_the_order_of_an_index(journal: Journal, ask: Question) -> None:
    steps = [step for statement in statements_of(journal, ask) for step in plan(journal, statement)]
    assert steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


def test_the_counts_are_kept_and_right(journal: Journal) -> None:
    read_next(journal)
    read_next(journal)
    journal.requests.forget(3)
    journal.store.rows("DELETE FROM documents WHERE id = 2")
    counted = {
        row["state"]: row["n"]
        for row in journal.store.rows("SELECT state, COUNT(*) AS n FROM documents GROUP BY state")
    }
    counted.pop("forgotten")
    assert journal.listing.counts() == counted


def test_a_journal_of_an_earlier_format_gets_its_counts(tmp_path: Path) -> None:
    from papertray.daemon.journal.schema import STEPS, statements

    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as earlier:
        for step in STEPS[:3]:
            for statement in statements(step):
                earlier.execute(statement)
        earlier.execute("PRAGMA user_version = 3")
        earlier.executemany(
            "INSERT INTO documents (path, folder, size, mtime_ns, state, added) VALUES (?, ?, 1, 1, ?, 1.0)",
            [
                (b"/inbox/a", b"/inbox", "done"),
                (b"/inbox/b", b"/inbox", "failed"),
                (b"/inbox/c", b"/inbox", "done"),
            ],
        )
    with closing(Journal.open(path)) as journal:
        assert journal.listing.counts() == {"done": 2, "failed": 1}
