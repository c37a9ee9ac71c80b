"""Which pages are next where folders want different readers: seldom another one, nobody waits for ever."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.journal.uploads import ReadRequest
from papertray.daemon.reading.folder_choices import FolderChoices
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.reading.turns import TURN, ReaderTurns
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.daemon.settings import EngineSettings, FolderSettings
from papertray.engine.documents import Fingerprint
from papertray.engine.pages import PageText, ReaderIdentity
from tests.fakes import InstantReader, OneReader

QUICK, DOTS, DEEP = (Path(os.path.abspath(f"/{name}")) for name in ("quick", "dots", "deep"))  # noqa: PTH100


class Table:
    """Folders for three readers, and a clock that a test sets."""

    def __init__(self, journal: Journal, pause: str = "") -> None:
        self.journal = journal
        self.now, self.wall = 0.0, datetime(2026, 3, 2, 12).timestamp()
        self.readers = OneReader(InstantReader())
        self.slot = ReaderSlot(self.readers, lambda: self.now)
        folders = [
            FolderSettings(path=QUICK, pause=pause),
            FolderSettings(path=DOTS, model="dots-ocr"),
            FolderSettings(path=DEEP, model="deepseek-ocr"),
        ]
        choices = FolderChoices(EngineSettings(model="quick"), folders)
        self.turns = ReaderTurns(journal.queue, self.slot, choices, lambda: self.now, lambda: self.wall)

    def add(self, folder: Path, *names: str, pages: int = 1) -> None:
        for name in names:
            self.journal.arrivals.add([FoundFile(folder, folder / name, Fingerprint(1, 1))])
            number = max(each.id for each in self.journal.listing.documents())
            self.journal.arrivals.add_pages([OpenedDocument(number, name, "pdf", pages)])

    def read(self, pages: int = 1) -> str:
        """The first letters of what was read, page by page."""
        said = ""
        for _ in range(pages):
            if not (jobs := self.turns.next_pages(1)):
                break
            self.slot.get(self.turns.engine_for(jobs[0]))
            self.journal.queue.begin(jobs)
            self.journal.queue.finish([(jobs[0], PageText(()))], ReaderIdentity("r", "1", "cpu"), "", 0.1)
            said += jobs[0].path.name[0]
            self.now += 1.0
        return said


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


def test_what_the_loaded_reader_can_read_goes_first(journal: Journal) -> None:
    table = Table(journal)
    for number in range(6):
        table.add(QUICK, f"q{number}")
        table.add(DOTS, f"d{number}")
    assert table.read(12) in ("q" * 6 + "d" * 6, "d" * 6 + "q" * 6)
    assert len(table.readers.opened) == 2


def test_nobody_waits_for_longer_than_the_turns_of_the_others(journal: Journal) -> None:
    table = Table(journal)
    table.add(QUICK, *(f"q{number}" for number in range(9)))
    assert table.read(2) == "qq"
    table.add(DOTS, *(f"d{number}" for number in range(9)))
    table.add(DEEP, *(f"x{number}" for number in range(9)))
    assert table.read() == "q"
    table.now += TURN
    assert table.read(2) == "dd"
    table.now += TURN
    assert table.read(2) == "xx"
    table.now += TURN
    assert table.read(2) == "qq"
    table.turns.give_up_turn()  # its server is away
    assert table.read(2) == "dd"
    assert len(table.readers.opened) == 5


def test_an_upload_goes_ahead_whatever_reader_it_wants(journal: Journal, tmp_path: Path) -> None:
    table = Table(journal)
    table.add(QUICK, "q1", "q2")
    assert table.read() == "q"
    (tmp_path / "upload").write_bytes(b"1")
    number = journal.uploads.add(tmp_path / "upload", ReadRequest("dots-ocr"))
    journal.arrivals.add_pages([OpenedDocument(number, "upload", "pdf", 1)])
    first = table.turns.next_pages(8)[0]
    assert table.turns.goes_ahead(first)
    assert table.read(2) == "uq"


def test_documents_of_a_folder_wait_through_its_hours(journal: Journal) -> None:
    table = Table(journal, pause="08:00-18:00")
    table.add(QUICK, "q1")
    table.add(DOTS, "d1")
    assert table.read(5) == "d"
    assert table.turns.waits_until == datetime(2026, 3, 2, 18).timestamp()
    assert table.turns.upcoming_pages(8) == []
    table.wall += 6 * 3600
    assert table.read(5) == "q"
    assert table.turns.waits_until is None


def test_what_another_folder_had_read_another_way_is_not_taken_over(journal: Journal) -> None:
    table = Table(journal)
    table.add(QUICK, "q1")
    assert table.read() == "q"
    for number, way in ((2, ""), (3, '{"model": "dots-ocr"}')):
        journal.arrivals.add([FoundFile(QUICK, QUICK / f"c{number}", Fingerprint(1, 1))])
        journal.arrivals.add_pages([OpenedDocument(number, "q1", "pdf", 1, way)])
    assert journal.listing.document(2).state == "writing"
    assert journal.listing.document(3).state == "queued"
