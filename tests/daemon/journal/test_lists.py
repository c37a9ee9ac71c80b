"""Lists of thousands of documents: any part of them, narrowed and in order."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.lists import DocumentOrder, DocumentQuery
from papertray.daemon.records import DocumentGroup, FoundFile
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from tests.daemon.journal.test_doubtful_pages import read_as
from tests.daemon.journal.test_journal import READER, add


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


def names(journal: Journal, limit: int = 50, offset: int = 0, **query: object) -> list[str]:
    listed = journal.lists.documents(DocumentQuery(**query), limit, offset)  # type: ignore[arg-type]
    return [document.path.name for document in listed]


def test_any_part_of_a_list_is_given_in_each_order(journal: Journal) -> None:
    for name in ("b.pdf", "C.pdf", "a.pdf", "d.pdf"):
        add(journal, name, 1)
    read_as(journal, [0.99])
    read_as(journal, [0.5])
    read_as(journal, [None])
    assert names(journal) == ["d.pdf", "a.pdf", "C.pdf", "b.pdf"]
    assert names(journal, limit=2, offset=1) == ["a.pdf", "C.pdf"]
    assert names(journal, order=DocumentOrder.NAME) == ["a.pdf", "b.pdf", "C.pdf", "d.pdf"]
    assert names(journal, order=DocumentOrder.CONFIDENCE) == ["C.pdf", "b.pdf", "a.pdf", "d.pdf"]
    assert [document.confidence for document in journal.lists.documents(DocumentQuery(), 50)] == [
        None,
        None,
        0.5,
        0.99,
    ]
    newest = journal.lists.documents(DocumentQuery(), 1)[0]
    assert names(journal, before=newest.id, limit=1) == ["a.pdf"]


def test_a_list_is_narrowed_by_folder_reader_date_state_and_doubt(journal: Journal) -> None:
    add(journal, "sure.pdf", 1)
    read_as(journal, [0.99])
    unsure = add(journal, "unsure.pdf", 1)
    read_as(journal, [0.4])
    waits = add(journal, "waits.pdf", 1)
    other = Path("/other")
    journal.arrivals.add([FoundFile(other, other / "else.pdf", Fingerprint(1, 2))])
    assert names(journal, folder="/other") == ["else.pdf"]
    assert names(journal, reader=READER.name) == ["unsure.pdf", "sure.pdf"]
    assert names(journal, doubtful=True) == ["unsure.pdf"]
    assert names(journal, states=(DocumentState.ARRIVED, DocumentState.QUEUED)) == ["else.pdf", "waits.pdf"]
    moment, later = (journal.listing.document(number).added for number in (unsure, waits))
    assert names(journal, until=moment) == ["sure.pdf"]
    assert names(journal, since=moment, until=later) == ["unsure.pdf"]
    assert journal.lists.count(DocumentQuery(since=moment)) == 3
    assert journal.lists.numbers(DocumentQuery(doubtful=True)) == [unsure]
    groups = journal.lists.groups()
    assert groups.folders == (DocumentGroup("/inbox", 3), DocumentGroup("/other", 1))
    assert (groups.readers, groups.doubtful) == ((DocumentGroup(READER.name, 2),), 1)
    journal.requests.forget(unsure)
    assert journal.lists.groups().doubtful == 0


def test_the_same_bytes_under_another_name_are_as_sure(journal: Journal) -> None:
    add(journal, "a.pdf", 2, sha256="same")
    twin = add(journal, "b.pdf", 2, sha256="same")
    read_as(journal, [0.5, 1.0])
    assert journal.listing.document(twin).confidence == 0.5


def test_how_long_a_page_takes_is_known_of_each_reader(journal: Journal) -> None:
    assert journal.lists.seconds_a_page() == {}
    add(journal, "a.pdf", 2)
    read_as(journal, [1.0, 1.0])
    (waiting,) = journal.notes.ready_documents()
    journal.store.rows("UPDATE documents SET state = 'done', finished = 5.0 WHERE id = ?", (waiting.id,))
    assert journal.lists.seconds_a_page() == {READER.name: 0.5}


def test_a_folder_is_listed_with_all_below_it(journal: Journal) -> None:
    top = Path("/inbox")
    for place in ("a.pdf", "bills/b.pdf", "bills/2026/c.pdf", "bills too/d.pdf"):
        journal.arrivals.add([FoundFile(top, top / place, Fingerprint(1, len(place)))])
    assert sorted(names(journal, folder="/inbox/bills")) == ["b.pdf", "c.pdf"]
    assert len(names(journal, folder="/inbox")) == 4
    assert [(group.name, group.documents) for group in journal.lists.groups().folders] == [
        ("/inbox", 4),
        ("/inbox/bills", 2),
        ("/inbox/bills too", 1),
        ("/inbox/bills/2026", 1),
    ]
    assert journal.lists.narrowed(DocumentQuery(order=DocumentOrder.NAME)) is None
    assert journal.lists.narrowed(DocumentQuery(folder="/inbox/bills/2026")) == {3}
