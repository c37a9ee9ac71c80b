"""What the journal keeps of documents that another papertray has, or may have."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import Block, BlockKind, PageText, ReaderIdentity

INBOX = Path("/inbox")
TEXT = PageText((Block(BlockKind.TEXT, "a line"),))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite3")
    yield journal
    journal.close()


def arrive(journal: Journal, name: str) -> int:
    journal.arrivals.add([FoundFile(INBOX, INBOX / name, Fingerprint(10, 20))])
    return max(document.id for document in journal.arrivals.next_to_open(100))


def open_it(journal: Journal, number: int, pages: int) -> None:
    journal.arrivals.add_pages([OpenedDocument(number, f"bytes of {number}", "pdf", pages)])


def test_what_another_has_is_left_alone_for_a_while_and_says_so(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, now = arrive(journal, "scan.pdf"), time.time()
    journal.claims.wait_for_others({number: "scanner-pc"}, 5)
    assert journal.arrivals.next_to_open(10) == []
    assert journal.listing.document(number).sentence == "Another papertray (scanner-pc) is reading it."
    monkeypatch.setattr(time, "time", lambda: now + 6)
    assert [document.id for document in journal.arrivals.next_to_open(10)] == [number]
    open_it(journal, number, 1)
    assert journal.listing.document(number).sentence == ""


def test_a_note_of_another_is_adopted_without_a_sentence(journal: Journal) -> None:
    number = arrive(journal, "scan.pdf")
    journal.claims.wait_for_others({number: ""}, 0)
    journal.arrivals.adopt_note(number, "bytes", INBOX / "scan.md")
    document = journal.listing.document(number)
    assert (document.state, document.sentence, document.advice) == (DocumentState.DONE, "", "")


def test_what_is_given_up_waits_to_be_opened_again_and_keeps_its_text(journal: Journal) -> None:
    number = arrive(journal, "book.pdf")
    open_it(journal, number, 3)
    (job,) = journal.queue.ready_pages(1)
    journal.queue.begin([job])
    journal.queue.finish([(job, TEXT)], ReaderIdentity("instant", "1", "cpu"), "", 0.1)
    in_hand = journal.queue.ready_pages(1)
    journal.queue.begin(in_hand)
    assert [document.id for document in journal.claims.in_hand(INBOX)] == [number]
    journal.claims.give_up([number])
    assert journal.claims.in_hand(INBOX) == []
    assert journal.queue.ready_pages(10) == []
    assert journal.claims.unfinished([number]) == {number}
    open_it(journal, number, 3)
    pages = journal.listing.pages(number)
    assert [(page.state, page.attempts) for page in pages] == [("done", 1), ("waiting", 0), ("waiting", 0)]


def test_a_folder_has_work_until_its_last_document_has_ended(journal: Journal) -> None:
    number = arrive(journal, "scan.pdf")
    assert journal.claims.has_work(INBOX)
    assert not journal.claims.has_work(Path("/another"))
    journal.arrivals.adopt_note(number, "bytes", INBOX / "scan.md")
    assert not journal.claims.has_work(INBOX)
