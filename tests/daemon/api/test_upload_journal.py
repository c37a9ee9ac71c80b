"""Uploads in the journal: ahead of all, with their own text, gone without a trace."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.queue import ORDERS, WaitingGroup, query_pages
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.records import OpenedDocument, PageJob
from papertray.daemon.status import DocumentState
from papertray.engine.errors import ReaderError
from tests.daemon.journal.test_journal import READER, TEXT, add, read, refuse_what_the_table_does_not_know


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite3")
    refuse_what_the_table_does_not_know(journal)
    yield journal
    journal.close()


def upload(journal: Journal, folder: Path, order: ReadRequest, sha256: str, pages: int = 1) -> int:
    """One that was opened already."""
    file = folder / f"upload {len(journal.uploads.all())}.pdf"
    file.write_bytes(b"%PDF-")
    number = journal.uploads.add(file, order)
    journal.arrivals.add_pages([OpenedDocument(number, sha256, "pdf", pages)])
    return number


def state_of(journal: Journal, number: int) -> DocumentState:
    return journal.listing.document(number).state


def read_all(journal: Journal) -> list[PageJob]:
    done = []
    while jobs := journal.queue.ready_pages(8):
        read(journal, jobs)
        done += jobs
    return done


def test_an_upload_goes_first_even_when_it_is_longest_and_youngest(journal: Journal, tmp_path: Path) -> None:
    for number in range(3):
        add(journal, f"letter {number}.pdf", 1)
    number = upload(journal, tmp_path, ReadRequest(), "upload", pages=30)
    for _ in range(30):
        (job,) = journal.queue.ready_pages(1)
        assert job.document == number
        read(journal, [job])
    assert journal.queue.ready_pages(1)[0].document != number


def test_an_upload_is_opened_before_all_that_arrived(journal: Journal, tmp_path: Path) -> None:
    add(journal, "letter.pdf", 1)
    journal.requests.retry(1)
    (tmp_path / "scan.png").write_bytes(b"x")
    number = journal.uploads.add(tmp_path / "scan.png", ReadRequest())
    assert journal.arrivals.next_to_open(1)[0].id == number


def test_picking_the_next_page_sorts_nothing(journal: Journal) -> None:
    groups = [WaitingGroup(Path("/a"), "", "", 1.0), WaitingGroup(Path("/b"), "quick", "", 1.0)]
    for index, which in itertools.product(ORDERS, (None, groups)):
        query, values = query_pages(index, which)
        plan = [row["detail"] for row in journal.store.rows(f"EXPLAIN QUERY PLAN {query}", (*values, 1))]
        assert any("shortest_first" in step or "oldest_first" in step for step in plan)
        assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), plan


def test_an_upload_ends_without_a_note(journal: Journal, tmp_path: Path) -> None:
    number = upload(journal, tmp_path, ReadRequest(), "upload")
    read_all(journal)
    assert state_of(journal, number) is DocumentState.DONE
    assert journal.notes.ready_documents() == []


def test_an_upload_of_which_a_page_failed_ends_with_problems(journal: Journal, tmp_path: Path) -> None:
    number = upload(journal, tmp_path, ReadRequest(), "upload", pages=2)
    first, second = journal.queue.ready_pages(2)
    read(journal, [first])
    journal.queue.fail([second], ReaderError("It broke."))
    assert state_of(journal, number) is DocumentState.PROBLEMS


def test_an_upload_gives_its_text_to_a_document_with_the_same_bytes(journal: Journal, tmp_path: Path) -> None:
    document = add(journal, "scan.pdf", 1, sha256="same")
    upload(journal, tmp_path, ReadRequest(), "same")
    assert len(read_all(journal)) == 1
    assert state_of(journal, document) is DocumentState.WRITING


def test_text_of_another_reader_or_mode_is_not_taken_over(journal: Journal, tmp_path: Path) -> None:
    add(journal, "scan.pdf", 1, sha256="same")
    read_all(journal)
    assert READER.name == "instant"
    for order, reads in (
        (ReadRequest("other"), 1),
        (ReadRequest(mode="base"), 1),
        (ReadRequest("instant"), 0),
        (ReadRequest(), 0),
    ):
        upload(journal, tmp_path, order, "same")
        assert len(read_all(journal)) == reads, order


def test_only_wanted_pages_wait(journal: Journal, tmp_path: Path) -> None:
    upload(journal, tmp_path, ReadRequest(pages=(2, 5)), "upload", pages=9)
    assert [job.number for job in read_all(journal)] == [2, 5]


def test_an_upload_taken_back_in_the_middle_of_a_page_harms_nobody(journal: Journal, tmp_path: Path) -> None:
    upload(journal, tmp_path, ReadRequest(), "upload")
    jobs = journal.queue.ready_pages(1)
    journal.queue.begin(jobs)
    journal.uploads.remove(tmp_path)
    assert not journal.queue.has_open_pages([jobs[0].document])
    journal.queue.finish([(jobs[0], TEXT)], READER, "", 0.1)
    journal.queue.fail(jobs, ReaderError("It broke."))
    journal.queue.give_back(jobs)
    journal.queue.recover()
    journal.arrivals.add_pages([OpenedDocument(jobs[0].document, "upload", "pdf", 1)])
    assert journal.uploads.all() == {}
    assert journal.queue.ready_pages(1) == []


def test_uploads_are_no_documents_of_the_folders(journal: Journal, tmp_path: Path) -> None:
    upload(journal, tmp_path, ReadRequest(), "upload")
    assert journal.listing.counts() == {"queued": 1}
    read_all(journal)
    assert journal.listing.documents() == []
    assert journal.listing.finished_since(0) == []
    assert journal.listing.counts() == {}


def test_a_folders_document_is_never_taken_out_as_an_upload(journal: Journal) -> None:
    add(journal, "scan.pdf", 1)
    journal.uploads.remove(Path("/inbox"))
    journal.uploads.clear()
    assert len(journal.listing.documents()) == 1
