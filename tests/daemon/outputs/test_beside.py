"""Outputs beside the notes: written with them, replaced with them, and never over anything else."""

import json
import threading
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from papertray.daemon.errors import DiskFull
from papertray.daemon.journal import Journal
from papertray.daemon.journal.outputs import OutputRecord
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.outputs.beside import OutputsBeside
from papertray.daemon.records import DocumentRecord
from papertray.daemon.rules.errand_runner import MOST_TRIES, ErrandRunner
from papertray.daemon.settings.sections import OutputName
from papertray.engine.errors import Cancelled
from papertray.engine.outputs.formats import FORMAT_NAMES
from tests.daemon.notes.shelf import Shelf, sha256
from tests.daemon.outputs.read_scans import read_scan
from tests.desks import settings_for
from tests.engine.outputs.readings import page


def shelf_of(root: Path, *outputs: str) -> Shelf:
    (root / "inbox").mkdir()
    folder = {"path": str(root / "inbox"), "outputs": outputs}
    made = Shelf(root, folders=[folder])
    (made.inbox / "report.pdf").write_text("a report")
    return made


def outputs_there(shelf: Shelf) -> dict[str, str]:
    names = (path for path in shelf.inbox.iterdir() if path.is_file() and path.suffix in (".txt", ".json"))
    return {path.name: path.read_text() for path in sorted(names)}


def read_again(shelf: Shelf, edition: str) -> None:
    shelf.edition = edition
    shelf.journal.requests.retry(1, "quick")
    shelf.read()
    shelf.place()


def test_outputs_that_a_stop_interrupts_are_still_due(tmp_path: Path) -> None:
    def closed(_document: DocumentRecord) -> OutputsBeside:
        raise Cancelled

    with closing(shelf_of(tmp_path, "txt")) as shelf:
        shelf.look()
        shelf.open_documents()
        shelf.read()
        list(shelf.notes.place_ready())
        assert ErrandRunner((), shelf.journal, threading.Event(), closed).do_next()
        (errand,) = shelf.journal.errands.of(1)
        assert (errand.ended, errand.tries, errand.outcome) == (None, 0, "")
        shelf.place()
        assert [*outputs_there(shelf)] == ["report.txt"]


def test_what_settings_may_name_is_what_can_be_written() -> None:
    assert get_args(OutputName) == FORMAT_NAMES


def test_a_document_gets_its_outputs_with_its_note_and_new_ones_when_it_is_read_again(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "txt", "json")) as shelf:
        shelf.live()
        assert [*outputs_there(shelf)] == ["report.json", "report.txt"]
        assert "first reading" in outputs_there(shelf)["report.txt"]
        read_again(shelf, "second")
        assert [*outputs_there(shelf)] == ["report.json", "report.txt"]
        assert "second reading" in outputs_there(shelf)["report.txt"]
        assert json.loads(outputs_there(shelf)["report.json"])["source"]["name"] == "report.pdf"
        assert shelf.states() == {"report.pdf": "done"}
        shelf.journal.requests.forget(1)
        assert [*outputs_there(shelf)] == ["report.json", "report.txt"]


def test_an_edited_output_and_a_file_of_somebody_else_stay(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "txt")) as shelf:
        (shelf.inbox / "report.txt").write_text("mine")
        shelf.live()
        assert [*outputs_there(shelf)] == ["report.2.txt", "report.txt"]
        (shelf.inbox / "report.2.txt").write_text("edited")
        read_again(shelf, "second")
        there = outputs_there(shelf)
        assert (there["report.txt"], there["report.2.txt"]) == ("mine", "edited")
        assert "second reading" in there["report.3.txt"]


def test_a_reading_with_fewer_tables_and_figures_leaves_only_what_a_person_changed(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "csv")) as shelf:
        shelf.figures = ("a.png", "b.png", "c.png")
        shelf.says = "\n\n".join(
            f"<table><tr><td>{name} {{number}}</td></tr></table>" for name in ("one", "two")
        )
        shelf.live()
        figures = shelf.inbox / "report.assets"
        assert names(figures) == ["page-1-a.png", "page-1-b.png", "page-1-c.png"]
        assert names(shelf.inbox, "*.csv") == [f"report.table-{number}.csv" for number in (1, 2, 3, 4)]
        (shelf.inbox / "report.table-2.csv").write_text("mine")
        (figures / "page-1-a.png").write_text("my remarks on it")
        (figures / "page-1-b.png").write_text("mine")
        (figures / "other.png").write_text("a stranger's")
        shelf.figures = ("a.png",)
        shelf.says = "no tables"
        read_again(shelf, "second")
        assert names(shelf.inbox, "*.csv") == ["report.table-2.csv"]
        assert names(figures) == ["other.png", "page-1-a.png", "page-1-b.png"]
        assert (figures / "page-1-a.png").read_text() == "my remarks on it"
        assert "page-1-a.png was edited" in shelf.documents()["report.pdf"].sentence
        assert names(tmp_path / "inbox", ".*") == []


def names(folder: Path, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


def test_after_a_kill_between_word_and_deed_there_is_still_one(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "txt")) as shelf:
        shelf.live()
        (record,) = shelf.journal.outputs.of(1)
        first = outputs_there(shelf)["report.txt"]
        assert record == OutputRecord(shelf.inbox / "report.txt", ".txt", sha256(first), "")
        shelf.journal.outputs.announce(1, record.path, ".txt", sha256("never written"))
        read_again(shelf, "second")
        assert [*outputs_there(shelf)] == ["report.txt"]


def test_what_cannot_be_written_is_said_and_the_note_stands(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "pdf", "txt")) as shelf:
        shelf.live()
        record = shelf.documents()["report.pdf"]
        assert (record.state, record.note) == ("done", shelf.inbox / "report.md")
        assert record.sentence.startswith("The note is done, but its pdf is not: report.pdf is ")
        assert [*outputs_there(shelf)] == ["report.txt"]


def test_a_searchable_pdf_that_is_no_pdf_a_says_so_with_its_document(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    settings = settings_for(inbox, folders=[{"path": str(inbox), "outputs": ["pdf"]}])
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        read_scan(journal, inbox / "scan.jpg", page("Words"), colours="CMYK")
        journal.store.rows("UPDATE documents SET state = 'writing'")
        notes = NoteWriter(journal, settings)
        assert list(notes.place_ready()) == [1]
        assert ErrandRunner((), journal, threading.Event(), notes.write_outputs).do_next()
        sentence = journal.listing.document(1).sentence
        assert sentence.startswith("The searchable PDF of scan.jpg is no PDF/A: ")
        assert [(errand.worked, errand.outcome) for errand in journal.errands.of(1)] == [(True, sentence)]


def test_no_output_is_taken_for_a_scan_even_by_one_who_does_not_know_it(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    settings = settings_for(inbox, folders=[{"path": str(inbox), "outputs": ["pdf", "docx"]}])
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        read_scan(journal, inbox / "scan.png", page("Words"))
        journal.store.rows("UPDATE documents SET state = 'writing'")
        notes = NoteWriter(journal, settings)
        assert list(notes.place_ready()) == [1]
        assert {path.name for path in inbox.iterdir()} == {"scan.png", "scan.md"}, "reading waits for no PDF"
        assert ErrandRunner((), journal, threading.Event(), notes.write_outputs).do_next()
        assert {path.name for path in inbox.iterdir()} == {
            "scan.png", "scan.md", "scan.searchable.pdf", "scan.docx",
        }  # fmt: skip
        assert all(notes.is_own(inbox / name) for name in ("scan.searchable.pdf", "scan.docx"))
        assert not notes.is_own(inbox / "scan.png")
    with closing(Journal.open(tmp_path / "another.sqlite3")) as journal:
        strangers = NoteWriter(journal, settings)
        assert strangers.is_own(inbox / "scan.searchable.pdf")
        assert not strangers.is_own(inbox / "other.searchable.pdf")


def test_a_kill_between_note_and_outputs_leaves_them_due_and_the_document_unfinished(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "txt")) as shelf:
        shelf.look()
        shelf.open_documents()
        shelf.read()
        assert list(shelf.notes.place_ready()) == [1]
        assert shelf.states() == {"report.pdf": "done"}
        shelf.close()
        shelf.open()
        assert outputs_there(shelf) == {}
        assert (shelf.journal.errands.outputs_left(), shelf.journal.listing.finished_since(0)) == (1, [])
        shelf.place()
        assert [*outputs_there(shelf)] == ["report.txt"]
        assert shelf.journal.errands.outputs_left() == 0
        assert [each.id for each in shelf.journal.listing.finished_since(0)] == [1]


def test_outputs_that_cannot_be_written_now_are_tried_again_for_ever(tmp_path: Path) -> None:
    with closing(shelf_of(tmp_path, "txt")) as shelf:
        shelf.look()
        shelf.open_documents()
        shelf.read()
        assert list(shelf.notes.place_ready()) == [1]
        full = ErrandRunner((), shelf.journal, threading.Event(), refuse)
        for _ in range(MOST_TRIES + 1):
            assert full.do_next()
            shelf.journal.store.rows("UPDATE errands SET retry_at = 0")
        assert shelf.journal.errands.problems() == [str(DiskFull(Path("/scans")))]
        shelf.place()
        assert ([*outputs_there(shelf)], shelf.journal.errands.problems()) == (["report.txt"], [])


def refuse(_document: DocumentRecord) -> str:
    raise DiskFull(Path("/scans"))


@pytest.mark.parametrize("damage", ["path = 'text'", "sha256 = x'00'", "ending = x'00'"])
def test_a_damaged_row_makes_its_file_a_strangers(tmp_path: Path, damage: str) -> None:
    with closing(shelf_of(tmp_path, "txt")) as shelf:
        shelf.live()
        shelf.journal.store.rows(f"UPDATE outputs SET {damage} WHERE ending = '.txt'")
        assert shelf.journal.outputs.of(1) == []
        read_again(shelf, "second")
        assert [*outputs_there(shelf)] == ["report.2.txt", "report.txt"]
        assert "first reading" in outputs_there(shelf)["report.txt"]
