"""What a journal does for itself: it knows a bad end, and drops the texts of files that are gone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.upkeep import Upkeep
from papertray.daemon.records import FoundFile
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from tests.daemon.journal.test_journal import add, read_next

FAR_AHEAD = 1e11


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        for name in ("a.pdf", "b.pdf"):
            add(journal, name, 2)
        for _ in range(4):
            read_next(journal)
        journal.store.rows("UPDATE documents SET state = 'done', finished = 1000.0")
        yield journal


def is_gone(file: Path) -> bool:
    return file.name == "a.pdf"


def test_texts_of_files_that_are_gone_are_dropped_and_others_kept(journal: Journal) -> None:
    assert Upkeep(journal.store).drop_texts(FAR_AHEAD, is_gone) == 1
    assert [len(journal.listing.pages(number)) for number in (1, 2)] == [0, 2]
    assert journal.listing.document(1).state is DocumentState.DONE


def test_texts_are_kept_for_as_long_as_was_asked_for(journal: Journal) -> None:
    assert Upkeep(journal.store).drop_texts(1000.0, is_gone) == 0
    assert len(journal.listing.pages(1)) == 2


def test_nothing_is_dropped_of_what_still_waits(journal: Journal) -> None:
    journal.requests.retry(1)
    assert Upkeep(journal.store).drop_texts(FAR_AHEAD, is_gone) == 0


def test_a_file_that_comes_back_as_it_was_is_not_read_again(journal: Journal) -> None:
    Upkeep(journal.store).drop_texts(FAR_AHEAD, is_gone)
    back = FoundFile(Path("/inbox"), Path("/inbox/a.pdf"), Fingerprint(10, 20))
    assert journal.arrivals.find_unknown([back]) == []


def test_a_document_whose_text_was_dropped_is_opened_again_on_request(journal: Journal) -> None:
    Upkeep(journal.store).drop_texts(FAR_AHEAD, is_gone)
    journal.requests.retry(1)
    assert [document.id for document in journal.arrivals.next_to_open(4)] == [1]


def test_a_twin_does_not_take_over_text_that_was_dropped(journal: Journal) -> None:
    Upkeep(journal.store).drop_texts(FAR_AHEAD, is_gone)
    twin = add(journal, "c.pdf", 2, sha256="a.pdf")
    assert {page.state for page in journal.listing.pages(twin)} == {"waiting"}


def test_an_end_that_was_none_is_known_at_the_next_start(journal: Journal) -> None:
    upkeep = Upkeep(journal.store)
    assert upkeep.begin()
    assert not upkeep.begin()  # killed
    upkeep.end()
    assert upkeep.begin()
