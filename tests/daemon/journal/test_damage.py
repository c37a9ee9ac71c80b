"""Damage within a row: it is that document's failure, with a sentence, and everything else goes on."""

import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.errors import EntryDamaged, PageDamaged
from papertray.daemon.journal import Journal
from papertray.daemon.journal.texts import format_text
from papertray.daemon.journal.upkeep import Upkeep
from papertray.daemon.places import find_places
from papertray.daemon.status import DocumentState
from tests.daemon.journal.test_journal import TEXT, add, read_next
from tests.desks import draw, draw_pages, running, until


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def damage(journal: Journal, values: str, document: int) -> None:
    """As the disk would: nothing that papertray itself does notices."""
    with journal.store.transaction() as sql:
        sql.execute(f"UPDATE documents SET {values} WHERE id = ?", (document,))


def flip_a_bit_of_the_text(journal: Journal, document: int) -> None:
    [row] = journal.store.rows("SELECT text FROM pages WHERE document = ? LIMIT 1", (document,))
    text = bytearray(row["text"])
    text[len(text) // 2] ^= 4
    journal.store.rows("UPDATE pages SET text = ? WHERE document = ?", (bytes(text), document))


def work_off(journal: Journal) -> list[int]:
    """All that a daemon does with a journal, short of the disk: the documents whose notes are due."""
    while journal.queue.ready_pages(8):
        read_next(journal)
    journal.arrivals.next_to_open(100)
    return [document.id for document in journal.notes.ready_documents()]


def test_a_flipped_bit_in_a_stored_page_is_that_documents_failure(journal: Journal) -> None:
    spoilt, sound = add(journal, "a.pdf", 1), add(journal, "b.pdf", 1)
    read_next(journal), read_next(journal)
    flip_a_bit_of_the_text(journal, spoilt)
    assert [document.id for document in journal.notes.ready_documents()] == [sound]
    failed = journal.listing.document(spoilt)
    assert (failed.state, failed.sentence) == (DocumentState.FAILED, PageDamaged(spoilt).sentence)
    assert f"papertray retry {spoilt}" in failed.advice
    journal.requests.retry(spoilt)
    read_next(journal)
    assert [document.id for document in journal.notes.ready_documents()] == [spoilt, sound]


def test_of_a_book_only_the_damaged_page_is_read_again(journal: Journal) -> None:
    book = add(journal, "book.pdf", 3)
    for _ in range(3):
        read_next(journal)
    journal.store.rows("UPDATE pages SET text = 'no json' WHERE number = 2")
    [document] = journal.notes.ready_documents()
    assert [page.state for page in journal.listing.pages(document.id)] == ["done", "failed", "done"]
    journal.requests.retry(book)
    assert [job.number for job in journal.queue.ready_pages(8)] == [2]


def test_a_damaged_page_that_was_noted_long_ago_is_shown_as_that(journal: Journal) -> None:
    number = add(journal, "a.pdf", 1)
    read_next(journal)
    flip_a_bit_of_the_text(journal, number)
    [page] = journal.listing.pages(number)
    assert (page.state, page.text, page.sentence) == ("failed", None, PageDamaged(number).sentence)


def test_text_that_was_kept_without_a_checksum_is_taken_as_it_is(journal: Journal) -> None:
    number = add(journal, "a.pdf", 1)
    read_next(journal)
    plain = format_text(TEXT).replace("x | y", "y | z")
    journal.store.rows("UPDATE pages SET text = ?, text_check = NULL", (plain,))
    [page] = journal.listing.pages(number)
    assert page.text is not None
    assert page.text.blocks[1].markdown == "y | z"


def test_text_is_kept_packed_and_its_checksum_beside_it(journal: Journal) -> None:
    add(journal, "a.pdf", 1)
    read_next(journal)
    [row] = journal.store.rows("SELECT text, text_check FROM pages")
    assert row["text_check"] == zlib.crc32(row["text"])
    assert zlib.decompress(row["text"]).decode() == format_text(TEXT)


DAMAGE = (
    "state = 'donf'",
    "size = 'many'",
    "mtime_ns = X'00ff'",
    "pages = -4",
    "pages = 1e300",
    "added = 'noon'",
    "added = 1e300",
    "finished = X'01'",
    "path = X'2f696e626f782f620063'",
    "path = 12",
    "folder = CAST('/elsewhere' AS BLOB)",
    "note = 'text'",
    "sentence = X'ff'",
    "reader = X'04'",
    "urgent = 200",
    "wanted_pages = '[1,'",
    "wanted_mode = X'c3'",
    "tries = 'often'",
)


@pytest.mark.parametrize("values", DAMAGE)
@pytest.mark.parametrize("stage", ["arrived", "queued", "writing", "done"])
def test_a_damaged_entry_stops_neither_list_nor_work(journal: Journal, values: str, stage: str) -> None:
    spoilt = add(journal, "a.pdf", 1)
    if stage != "queued":
        read_next(journal)
        damage(journal, f"state = '{'writing' if stage == 'done' else stage}'", spoilt)
    if stage == "done":
        damage(journal, "state = 'done', finished = 5.0", spoilt)
    sound = add(journal, "b.pdf", 1)
    damage(journal, values, spoilt)
    due = work_off(journal)
    assert sound in due
    listed = {document.id: document for document in journal.listing.documents()}
    assert sound in listed
    document = listed.get(spoilt) or journal.listing.document(spoilt)  # an upload is not listed
    failed = (document.state, document.sentence) == (DocumentState.FAILED, EntryDamaged(spoilt).sentence)
    assert failed or spoilt in due  # what is written anew on the way is sound again
    assert all(isinstance(page.number, int) for page in journal.listing.pages(spoilt))
    assert journal.listing.counts()
    journal.listing.finished_since(0)
    journal.uploads.all()
    journal.requests.retry(spoilt)
    work_off(journal)
    journal.requests.forget(spoilt)


@pytest.mark.parametrize("values", ["state = 'dond'", "number = X'ff'", "attempts = 'x'", "seconds = 'x'"])
def test_a_damaged_page_row_stops_neither_its_document_nor_others(journal: Journal, values: str) -> None:
    spoilt, sound = add(journal, "a.pdf", 2), add(journal, "b.pdf", 1)
    journal.store.rows(f"UPDATE pages SET {values} WHERE document = ? AND number = 1", (spoilt,))
    assert sound in work_off(journal)
    assert len(journal.listing.pages(spoilt)) in {0, 2}


def test_what_is_damaged_at_rest_fails_when_the_journal_is_looked_through(journal: Journal) -> None:
    spoilt, stranded = add(journal, "a.pdf", 1), add(journal, "b.pdf", 1)
    damage(journal, "state = 'queuee'", spoilt)
    damage(journal, "open_pages = 0", stranded)
    journal.store.rows("UPDATE tallies SET documents = 9")
    assert Upkeep(journal.store).mend_rows() == 1
    assert journal.listing.document(spoilt).state is DocumentState.FAILED
    assert [job.document for job in journal.queue.ready_pages(4)] == [stranded]
    assert journal.listing.counts() == {"failed": 1, "queued": 1}


def test_a_damaged_page_holds_up_no_other_document_of_a_daemon(inbox: Path) -> None:
    with running(inbox) as desk:
        desk.client.pause()
        draw_pages(inbox / "book.pdf", "book", 2)
        until(lambda: desk.states() == {"book.pdf": "queued"}, "the opening")
    with closing(sqlite3.connect(find_places().journal)) as journal:
        journal.execute("UPDATE pages SET state = 'done', text = X'7061676502ff'")
        journal.execute("UPDATE documents SET state = 'writing', open_pages = 0")
        journal.commit()
    with running(inbox) as desk:
        desk.client.resume()
        draw(inbox / "letter.png", "letter")
        assert desk.note("letter.md")
        assert desk.ends("book.pdf") == {"book.pdf": "failed"}
        [number] = [document.id for document in desk.client.documents() if document.path.name == "book.pdf"]
        desk.client.retry(number)
        assert len(re.findall("page [0-9a-f]{16}", desk.note("book.md"))) == 2
