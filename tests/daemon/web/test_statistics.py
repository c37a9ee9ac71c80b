"""The numbers that the charts are drawn from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundFile, HourlyCount, OpenedDocument
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Block, BlockKind, PageText, ReaderIdentity

TEXT = PageText((Block(BlockKind.TEXT, "words"),))
HOUR = 3600.0


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite3")
    yield journal
    journal.close()


def add(journal: Journal, name: str, pages: int, finished: float | None) -> int:
    """A document whose pages were read, half a second each, and that ended then."""
    folder = Path("/inbox")
    journal.arrivals.add([FoundFile(folder, folder / name, Fingerprint(10, 20))])
    number = max(document.id for document in journal.arrivals.next_to_open(100))
    journal.arrivals.add_pages([OpenedDocument(number, name, "pdf", pages)])
    jobs = journal.queue.ready_pages(pages)
    journal.queue.begin(jobs)
    journal.queue.finish([(job, TEXT) for job in jobs], ReaderIdentity("instant", "1", "cpu"), "", 0.5)
    with journal.store.transaction() as sql:
        sql.execute("UPDATE documents SET finished = ? WHERE id = ?", (finished, number))
    return number


def test_pages_and_seconds_are_summed_by_the_hour_in_which_a_document_ended(journal: Journal) -> None:
    add(journal, "a.pdf", 2, 10 * HOUR + 5)
    add(journal, "b.pdf", 3, 10 * HOUR + 3599)
    add(journal, "c.pdf", 1, 12 * HOUR)
    assert journal.listing.hours(0) == [HourlyCount(10 * HOUR, 5, 2.5), HourlyCount(12 * HOUR, 1, 0.5)]


def test_what_ended_before_or_not_at_all_is_not_counted(journal: Journal) -> None:
    add(journal, "old.pdf", 1, 9 * HOUR)
    add(journal, "new.pdf", 1, 11 * HOUR)
    add(journal, "open.pdf", 1, None)
    assert journal.listing.hours(10 * HOUR) == [HourlyCount(11 * HOUR, 1, 0.5)]


def test_one_page_is_found_by_its_number(journal: Journal) -> None:
    number = add(journal, "a.pdf", 2, None)
    page = journal.listing.page(number, 2)
    assert page is not None
    assert (page.number, page.text) == (2, TEXT)
    assert journal.listing.page(number, 3) is None
