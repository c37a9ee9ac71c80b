"""The journal knows which pages somebody should look at, without looking into any text."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.schema import STEPS, statements
from papertray.engine.errors import ReaderError
from papertray.engine.pages import Block, BlockKind, PageText
from tests.daemon.journal.test_journal import READER, add


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


def read_as(journal: Journal, confidences: Sequence[float | None]) -> None:
    """Read what waits, with these confidences in turn."""
    jobs = journal.queue.ready_pages(len(confidences))
    journal.queue.begin(jobs)
    texts = [
        PageText((Block(BlockKind.TEXT, "x"),), confidence=confidence)
        for confidence in confidences[: len(jobs)]
    ]
    journal.queue.finish(list(zip(jobs, texts, strict=True)), READER, "", 0.5)


def doubtful(journal: Journal, number: int) -> tuple[int, ...]:
    return journal.listing.document(number).doubtful_pages


def test_documents_with_doubtful_pages_are_known_and_listed(journal: Journal) -> None:
    book, letter = add(journal, "book.pdf", 12), add(journal, "letter.pdf", 1)
    read_as(journal, [0.99])
    read_as(journal, [1.0, 0.6, None, 0.99, 0.98, 0.97, 0.96, 1.0, 1.0, 0.3, 0.94, 1.0])
    assert (doubtful(journal, book), doubtful(journal, letter)) == ((2, 10, 11), ())
    assert [document.id for document in journal.listing.documents(doubtful=True)] == [book]
    assert [document.id for document in journal.listing.documents()] == [letter, book]


def test_the_same_bytes_under_another_name_are_as_doubtful(journal: Journal) -> None:
    add(journal, "a.pdf", 2, sha256="same")
    twin = add(journal, "b.pdf", 2, sha256="same")
    read_as(journal, [0.5, 1.0])
    assert doubtful(journal, twin) == (1,)


def test_a_page_that_is_read_again_is_doubtful_only_if_it_still_is(journal: Journal) -> None:
    letter = add(journal, "letter.pdf", 3)
    read_as(journal, [0.5, 0.5, 0.5])
    journal.requests.retry(letter, reader="instant")
    assert doubtful(journal, letter) == ()
    read_as(journal, [1.0, 0.5])
    journal.queue.fail(journal.queue.ready_pages(1), ReaderError("It fell.", ""))
    assert doubtful(journal, letter) == (2,)


def test_pages_that_an_earlier_papertray_read_are_not_doubted(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as earlier:
        for step in STEPS[:4]:
            for statement in statements(step):
                earlier.execute(statement)
        earlier.execute("PRAGMA user_version = 4")
        earlier.execute(
            "INSERT INTO documents (path, folder, size, mtime_ns, state, added, pages)"
            " VALUES (X'2f696e2f61', X'2f696e', 1, 1, 'done', 1.0, 1)"
        )
        earlier.execute(
            """INSERT INTO pages (document, number, state, text) VALUES (1, 1, 'done', '{"blocks": []}')"""
        )
    with closing(Journal.open(path)) as journal:
        assert doubtful(journal, 1) == ()
        (page,) = journal.listing.pages(1)
        assert page.text is not None
        assert page.text.confidence is None
