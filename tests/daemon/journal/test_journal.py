"""The journal by itself: what is read next, what is kept, what a damaged or newer file leads to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.errors import (
    JournalDamaged,
    JournalFull,
    JournalTooNew,
    JournalUnusable,
    NoSuchDocument,
)
from papertray.daemon.journal import Journal, set_damaged_aside, soundness
from papertray.daemon.journal.queue import LIVES
from papertray.daemon.journal.schema import STEPS, statements
from papertray.daemon.journal.states import LIFE
from papertray.daemon.records import FoundFile, OpenedDocument, PageJob
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.errors import DocumentGone, NotADocument, ReaderError
from papertray.engine.pages import Block, BlockKind, Box, Ending, Figure, PageText, ReaderIdentity, TextSource

READER = ReaderIdentity("instant", "1", "cpu")
TEXT = PageText(
    (Block(BlockKind.HEADING, "# Tärtu", Box(0.1, 0.2, 0.3, 0.4)), Block(BlockKind.TEXT, "x | y")),
    ending=Ending.TOKEN_LIMIT,
    figures=(Figure("a.png", b"\x89PNG"),),
    warnings=("a warning",),
    tokens=7,
    source=TextSource.PARTLY_WRITTEN,
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.sqlite3")
    refuse_what_the_table_does_not_know(journal)
    yield journal
    journal.close()


def refuse_what_the_table_does_not_know(journal: Journal) -> None:
    """SQLite itself stops a statement that has a document stand where no event of the table leads it."""
    steps = ", ".join(f"'{state}>{step.after}'" for step in LIFE for state in step.before)
    journal.store.rows(
        f"""
        CREATE TEMP TRIGGER a_step_of_the_table BEFORE UPDATE OF state ON main.documents
        WHEN OLD.state || '>' || NEW.state NOT IN ({steps})
        BEGIN SELECT RAISE(ABORT, 'the table knows no such step'); END
        """
    )


def add(journal: Journal, name: str, pages: int, sha256: str = "") -> int:
    """A document whose pages wait."""
    path = Path("/inbox") / name
    journal.arrivals.add([FoundFile(Path("/inbox"), path, Fingerprint(10, 20))])
    number = max(document.id for document in journal.arrivals.next_to_open(100_000))
    journal.arrivals.add_pages([OpenedDocument(number, sha256 or name, "pdf", pages)])
    return number


def read(journal: Journal, jobs: list[PageJob]) -> None:
    journal.queue.begin(jobs)
    journal.queue.finish([(job, TEXT) for job in jobs], READER, "", 0.5)


def read_next(journal: Journal) -> int:
    """Read one page; whose it was."""
    (job,) = journal.queue.ready_pages(1)
    read(journal, [job])
    return job.document


def test_short_documents_go_before_long_ones(journal: Journal) -> None:
    book = add(journal, "book.pdf", 50)
    letter = add(journal, "letter.pdf", 1)
    assert [read_next(journal), read_next(journal)] == [letter, book]


def test_a_book_is_not_starved_by_a_stream_of_letters(journal: Journal) -> None:
    book = add(journal, "book.pdf", 50)
    turns = []
    for number in range(40):
        add(journal, f"letter {number}.pdf", 1)
        turns.append(read_next(journal))
    assert turns.count(book) == 10


def test_letters_are_not_starved_by_a_book_that_came_first(journal: Journal) -> None:
    book = add(journal, "book.pdf", 50)
    for _ in range(20):
        read_next(journal)
    letters = {add(journal, f"letter {number}.pdf", 1) for number in range(6)}
    turns = [read_next(journal) for _ in range(8)]
    assert letters <= set(turns)
    assert turns.count(book) == 2


def test_a_batch_mixes_documents(journal: Journal) -> None:
    for number in range(4):
        add(journal, f"{number}.pdf", 1)
    assert len({job.document for job in journal.queue.ready_pages(8)}) == 4


def test_documents_with_the_same_bytes_are_not_in_one_batch(journal: Journal) -> None:
    first = add(journal, "a.pdf", 2, sha256="same")
    second = add(journal, "b.pdf", 2, sha256="same")
    jobs = journal.queue.ready_pages(8)
    assert {job.document for job in jobs} == {first}
    read(journal, jobs)
    assert journal.queue.ready_pages(8) == []
    assert journal.listing.document(second).state == DocumentState.WRITING


def test_a_document_is_read_again_by_the_reader_that_was_asked_for(journal: Journal) -> None:
    letter = add(journal, "letter.pdf", 1)
    read_next(journal)
    journal.requests.retry(letter, "quick")
    assert [job.wanted_reader for job in journal.queue.ready_pages(1)] == ["quick"]


def test_a_document_to_be_read_again_does_not_take_over_what_its_twin_says(journal: Journal) -> None:
    letter, copy = (add(journal, name, 1, sha256="same") for name in ("letter.pdf", "copy.pdf"))
    read_next(journal)
    for document in (letter, copy):
        journal.requests.retry(document)
    assert read_next(journal) == letter
    assert [job.document for job in journal.queue.ready_pages(1)] == [copy]


def test_a_page_comes_back_as_it_was_stored(journal: Journal) -> None:
    number = add(journal, "a.pdf", 1)
    read_next(journal)
    (page,) = journal.listing.pages(number)
    assert page.text is not None
    assert page.text.blocks == TEXT.blocks
    assert (page.text.ending, page.text.warnings, page.text.tokens) == (TEXT.ending, TEXT.warnings, 7)
    assert journal.notes.figures(number) == [(1, TEXT.figures[0])]


def test_a_page_in_hand_at_a_kill_waits_again_and_goes_alone(journal: Journal) -> None:
    add(journal, "a.pdf", 3)
    journal.queue.begin(journal.queue.ready_pages(1))
    journal.queue.recover()
    (job,) = journal.queue.ready_pages(8)
    assert (job.number, job.attempts) == (1, 1)


def test_a_page_has_three_lives(journal: Journal) -> None:
    number = add(journal, "a.pdf", 1)
    for _ in range(LIVES):
        journal.queue.begin(journal.queue.ready_pages(1))
        journal.queue.recover()
    assert journal.queue.ready_pages(1) == []
    (page,) = journal.listing.pages(number)
    assert page.state == "failed"
    assert "three times" in page.sentence
    assert journal.listing.document(number).state == DocumentState.FAILED


def test_a_page_given_back_costs_no_life(journal: Journal) -> None:
    number = add(journal, "a.pdf", 1)
    for _ in range(LIVES + 1):
        jobs = journal.queue.ready_pages(1)
        journal.queue.begin(jobs)
        journal.queue.give_back(jobs)
    assert journal.listing.pages(number)[0].attempts == 0


def test_only_files_that_changed_are_unknown(journal: Journal) -> None:
    files = [
        FoundFile(Path("/inbox"), Path(f"/inbox/{number}.png"), Fingerprint(number, 1))
        for number in range(1200)
    ]
    assert journal.arrivals.find_unknown(files) == files
    journal.arrivals.add(files)
    changed = FoundFile(Path("/inbox"), Path("/inbox/7.png"), Fingerprint(7, 2))
    assert journal.arrivals.find_unknown([*files[:7], changed, *files[8:]]) == [changed]


def test_a_name_that_is_not_unicode_is_kept_as_it_is(journal: Journal) -> None:
    path = Path("/inbox") / b"caf\xe9\n.png".decode(errors="surrogateescape")
    journal.arrivals.add([FoundFile(Path("/inbox"), path, Fingerprint(1, 1))])
    assert journal.listing.document(1).path == path


def test_a_touched_file_with_the_same_bytes_keeps_its_text(journal: Journal) -> None:
    number = add(journal, "a.pdf", 2)
    read(journal, journal.queue.ready_pages(8))
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/a.pdf"), Fingerprint(10, 99))])
    assert journal.listing.document(number).state == DocumentState.ARRIVED
    journal.arrivals.add_pages([OpenedDocument(number, "a.pdf", "pdf", 2)])
    assert journal.listing.document(number).state == DocumentState.WRITING
    assert journal.queue.ready_pages(8) == []


def test_a_file_that_came_back_goes_on_where_it_was(journal: Journal) -> None:
    number = add(journal, "a.pdf", 3)
    read_next(journal)
    journal.arrivals.lose(number, DocumentGone(Path("/inbox/a.pdf")))
    assert journal.queue.ready_pages(8) == []
    assert journal.listing.documents() == []
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/a.pdf"), Fingerprint(10, 20))])
    journal.arrivals.add_pages([OpenedDocument(number, "a.pdf", "pdf", 3)])
    assert [job.number for job in journal.queue.ready_pages(8)] == [2, 3]


def test_a_refused_document_is_tried_again_only_when_that_makes_sense(journal: Journal) -> None:
    for name in ("broken.pdf", "locked.pdf"):
        journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox") / name, Fingerprint(1, 1))])
    problem = ReaderError("No.", "Do this.")
    journal.arrivals.refuse(1, problem, None)
    journal.arrivals.refuse(2, problem, 0.0)
    assert [document.id for document in journal.arrivals.next_to_open(10)] == [2]
    assert journal.listing.counts() == {"failed": 2}


def test_a_document_that_could_not_be_opened_is_opened_again_on_request(journal: Journal) -> None:
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/locked.pdf"), Fingerprint(1, 1))])
    journal.arrivals.refuse(1, ReaderError("No."), None)
    journal.requests.retry(1)
    assert [document.id for document in journal.arrivals.next_to_open(10)] == [1]


def test_a_document_that_went_away_is_not_read_before_it_is_seen_again(journal: Journal) -> None:
    book = add(journal, "book.pdf", 2)
    read_next(journal)
    journal.arrivals.lose(book, DocumentGone(Path("/inbox/book.pdf")))
    journal.requests.retry(book)
    assert journal.listing.document(book).state == DocumentState.ARRIVED
    assert (journal.queue.ready_pages(8), journal.arrivals.next_to_open(8)) == ([], [])


def test_a_changed_file_is_opened_before_its_pages_are_read_again(journal: Journal) -> None:
    book = add(journal, "book.pdf", 2)
    read(journal, journal.queue.ready_pages(8))
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/book.pdf"), Fingerprint(11, 21))])
    journal.requests.retry(book)
    assert journal.queue.ready_pages(8) == []
    journal.arrivals.add_pages([OpenedDocument(book, "book.pdf", "pdf", 2)])
    assert [job.number for job in journal.queue.ready_pages(8)] == [1, 2]


def test_a_document_forgotten_while_it_is_opened_stays_forgotten(journal: Journal) -> None:
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/a.pdf"), Fingerprint(1, 1))])
    journal.requests.forget(1)
    journal.arrivals.add_pages([OpenedDocument(1, "a.pdf", "pdf", 3)])
    journal.arrivals.refuse(1, ReaderError("No."), None)
    assert journal.listing.document(1).state == DocumentState.FORGOTTEN
    assert journal.queue.ready_pages(8) == []


def test_a_document_forgotten_while_it_is_read_stays_forgotten(journal: Journal) -> None:
    book = add(journal, "book.pdf", 2)
    journal.queue.begin(journal.queue.ready_pages(1))
    journal.requests.forget(book)
    journal.queue.fail_rest(book, ReaderError("No."))
    journal.arrivals.lose(book, DocumentGone(Path("/inbox/book.pdf")))
    assert journal.listing.document(book).state == DocumentState.FORGOTTEN
    assert (
        journal.arrivals.find_unknown(
            [FoundFile(Path("/inbox"), Path("/inbox/book.pdf"), Fingerprint(10, 20))]
        )
        == []
    )


def test_a_retry_far_in_the_future_is_a_clock_that_jumped(journal: Journal) -> None:
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/a.pdf"), Fingerprint(1, 1))])
    journal.arrivals.refuse(1, ReaderError("No."), 3600.0)
    assert journal.arrivals.next_to_open(10) == []
    journal.arrivals.refuse(1, ReaderError("No."), 10 * 24 * 3600.0)
    assert [document.id for document in journal.arrivals.next_to_open(10)] == [1]


def test_a_note_that_could_not_be_placed_waits_unless_a_clock_jumped(journal: Journal) -> None:
    letter = add(journal, "letter.pdf", 1)
    read_next(journal)
    assert [document.id for document in journal.notes.ready_documents()] == [letter]
    journal.notes.postpone(letter, ReaderError("No."), 300.0)
    assert journal.notes.ready_documents() == []
    journal.notes.postpone(letter, ReaderError("No."), 10 * 24 * 3600.0)
    assert [document.id for document in journal.notes.ready_documents()] == [letter]


def test_a_document_that_does_not_exist_is_said_so(journal: Journal) -> None:
    for ask in (journal.listing.document, journal.requests.retry, journal.requests.forget):
        with pytest.raises(NoSuchDocument, match="no document 7"):
            ask(7)


def test_a_journal_of_a_newer_papertray_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    Journal.open(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(JournalTooNew, match="newer papertray"):
        Journal.open(path)
    assert path.read_bytes() == before


def test_a_whole_journal_is_not_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    assert set_damaged_aside(path) is None
    Journal.open(path).close()
    assert set_damaged_aside(path) is None
    assert path.exists()


def test_a_journal_that_somebody_makes_meanwhile_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as begun:
        begun.execute("PRAGMA journal_mode = WAL")
    read_shape = soundness._shape

    def made_meanwhile(journal: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
        Journal.open(path).close()
        yield from read_shape(journal)

    monkeypatch.setattr(soundness, "_shape", made_meanwhile)
    assert set_damaged_aside(path) is None
    assert path.exists()


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100])
def test_a_damaged_journal_is_moved_away_whole(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal.open(path)
    for number in range(200):
        add(journal, f"{number}.pdf", 3)
    journal.close()
    content = bytearray(path.read_bytes())
    content[5000:40000] = damage or bytes(35000)
    path.write_bytes(content)
    aside = set_damaged_aside(path)
    assert aside is not None
    assert not path.exists()
    assert aside.read_bytes() == bytes(content)
    Journal.open(path).close()


def test_a_journal_damaged_while_at_work_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal.open(path)
    add(journal, "book.pdf", 50)
    [root] = journal.store.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'documents'")
    journal.close()
    content = bytearray(path.read_bytes())
    start = (root["rootpage"] - 1) * 4096
    content[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    journal = Journal.open(path)
    with pytest.raises(JournalDamaged):
        journal.listing.document(1)
    journal.close()


def test_a_disk_without_room_is_told_as_that_and_nothing_is_lost(journal: Journal) -> None:
    journal.store.rows("PRAGMA max_page_count = 1")  # no page more than there are
    with pytest.raises(JournalFull):
        add(journal, "book.pdf", 50_000)
    assert [document.pages for document in journal.listing.documents()] == [0]


def test_what_is_neither_damage_nor_a_full_disk_is_told_as_it_is(journal: Journal) -> None:
    with pytest.raises(JournalUnusable, match="no such table"):
        journal.store.rows("SELECT 1 FROM nowhere")


def test_two_processes_see_what_the_other_wrote(tmp_path: Path) -> None:
    one, other = Journal.open(tmp_path / "j.sqlite3"), Journal.open(tmp_path / "j.sqlite3")
    before = one.store.changes_elsewhere()
    other.requests.pause(None)
    assert one.store.changes_elsewhere() != before
    assert one.requests.paused() == (True, None)
    one.close()
    other.close()


def test_nothing_of_a_transaction_stays_when_it_breaks(journal: Journal) -> None:
    def break_off() -> None:
        with journal.store.transaction() as sql:
            sql.execute("INSERT INTO wishes VALUES ('pause', '1')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert journal.requests.paused() == (False, None)


def test_the_code_of_a_failure_is_gone_with_the_failure(journal: Journal) -> None:
    journal.arrivals.add([FoundFile(Path("/inbox"), Path("/inbox/scan.pdf"), Fingerprint(1, 1))])
    journal.arrivals.refuse(1, NotADocument(Path("scan.pdf")), None)
    assert journal.listing.document(1).exit_code == NotADocument.exit_code
    journal.requests.retry(1)
    assert journal.listing.document(1).exit_code == 0


def test_a_journal_of_the_step_before_keeps_its_documents_in_every_state(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as earlier:
        for step in STEPS[:8]:
            for statement in statements(step):
                earlier.execute(statement)
        earlier.execute("PRAGMA user_version = 8")
        earlier.executemany(
            "INSERT INTO documents (path, folder, size, mtime_ns, state, note, archived, added)"
            " VALUES (?, X'2f696e', 1, 1, ?, ?, ?, 1.0)",
            [(f"/in/{s}".encode(), s, f"/in/{s}.md".encode(), f"/old/{s}".encode()) for s in DocumentState],
        )
        columns = [row[1] for row in earlier.execute("PRAGMA table_info(documents)")]
        asked = f"SELECT {', '.join(columns)} FROM documents ORDER BY id"
        before = [tuple(row) for row in earlier.execute(asked)]
    with closing(Journal.open(path)) as journal:
        assert [tuple(row) for row in journal.store.rows(asked)] == before
        added = journal.store.rows("SELECT DISTINCT way, next_archived FROM documents")
        assert [tuple(row) for row in added] == [("", None)]
        done = [one for one in journal.listing.documents((), 100) if one.state is DocumentState.DONE]
        assert [one.archived for one in done] == [Path("/old/done")]
