"""The whole way with a fake reader: what becomes of dropped files, in a daemon that really runs."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.errors import DaemonRunning
from papertray.daemon.places import find_places
from papertray.daemon.settings import EngineSettings, Settings
from papertray.daemon.start import run_daemon
from papertray.daemon.status import Activity, DocumentState
from papertray.engine.errors import ReaderError
from papertray.engine.pages import Block, BlockKind, Box, Figure, PageImage, PageText, Reader, Watch
from tests.desks import draw, draw_pages, running, settings_for, until
from tests.engine.layer.pdfs_made import prose, write_pdf
from tests.fakes import Gate, InstantReader, OneReader, text_of


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_a_dropped_picture_becomes_a_note_beside_it(inbox: Path) -> None:
    with running(inbox) as desk:
        draw(inbox / "scan.png", "hello")
        assert desk.note("scan.md").startswith("page ")
        assert desk.ends("scan.png") == {"scan.png": "done"}


def test_how_it_goes_is_told_as_soon_as_the_folders_were_looked_at(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.daemon.desk.runner.TICK", 1e6)
    with running(inbox) as desk:
        assert [folder.watch for folder in desk.statuses[0].folders] == ["native"]


def test_the_pages_of_a_pdf_come_in_order(inbox: Path) -> None:
    with running(inbox) as desk:
        draw_pages(inbox / "book.pdf", "book", 5)
        note = desk.note("book.md")
        places_in_note = [note.index(f"<!-- page {number} of 5 -->") for number in range(2, 6)]
        assert places_in_note == sorted(places_in_note)
        assert note.count("page ") == 5 + 4


def test_files_that_lay_there_before_the_start_are_read(inbox: Path) -> None:
    draw(inbox / "early.png", "early")
    with running(inbox) as desk:
        assert desk.note("early.md")


def test_a_picture_and_a_pdf_of_one_name_both_get_notes(inbox: Path) -> None:
    with running(inbox) as desk:
        draw(inbox / "scan.png", "picture")
        draw_pages(inbox / "scan.pdf", "pages", 1)
        desk.ends("scan.png", "scan.pdf")
        notes = {path.name for path in inbox.glob("*.md")}
        assert "scan.md" in notes
        assert len(notes & {"scan.png.md", "scan.pdf.md"}) == 1


def test_a_file_of_somebody_else_is_never_overwritten(inbox: Path) -> None:
    (inbox / "scan.md").write_text("mine")
    (inbox / "scan.png.md").write_text("mine too")
    with running(inbox) as desk:
        draw(inbox / "scan.png", "hello")
        assert desk.note("scan.png.2.md")
        assert (inbox / "scan.md").read_text() == "mine"
        assert (inbox / "scan.png.md").read_text() == "mine too"


def test_a_changed_source_is_read_again_and_replaces_its_own_note(inbox: Path) -> None:
    with running(inbox) as desk:
        draw(inbox / "scan.png", "before")
        before = desk.note("scan.md")
        desk.ends("scan.png")
        draw(inbox / "scan.png", "after")
        until(lambda: desk.note("scan.md") != before, "the new note")
        desk.ends("scan.png")
        assert [path.name for path in inbox.glob("*.md")] == ["scan.md"]


def test_a_source_that_changes_under_the_readers_eyes_is_read_again(inbox: Path) -> None:
    def write(*lines: str) -> None:
        write_pdf(inbox / "made.pdf", lambda canvas: prose(canvas, lines=lines))

    def change(page: PageImage) -> None:
        if not changes:
            changes.append(page.number)
            write("something else entirely")

    changes: list[int] = []
    write("the harbour master kept a journal")
    with running(inbox, OneReader(InstantReader(before=change))) as desk:
        desk.note("made.md")
        desk.ends("made.pdf")
        assert desk.client.documents()[0].state is DocumentState.DONE
        assert changes == [1]


def test_a_note_that_a_person_edited_is_left_alone(inbox: Path) -> None:
    with running(inbox) as desk:
        draw(inbox / "scan.png", "before")
        desk.note("scan.md")
        desk.ends("scan.png")
        (inbox / "scan.md").write_text("my own words")
        draw(inbox / "scan.png", "after")
        assert desk.note("scan.png.md")
        assert (inbox / "scan.md").read_text() == "my own words"
        desk.ends("scan.png")
        assert "scan.md was edited" in desk.client.documents()[0].sentence


def test_the_same_bytes_under_another_name_are_not_read_again(inbox: Path) -> None:
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        draw_pages(inbox / "first.pdf", "twin", 3)
        first = desk.note("first.md")
        desk.ends("first.pdf")
        shutil.copy(inbox / "first.pdf", inbox / "second.pdf")
        assert desk.note("second.md") == first
        assert reader.read_pages == 3


def test_twins_that_come_together_are_read_once(inbox: Path) -> None:
    draw_pages(inbox / "first.pdf", "twin", 3)
    for name in ("second.pdf", "third.pdf"):
        shutil.copy(inbox / "first.pdf", inbox / name)
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        assert len({desk.note(f"{name}.md") for name in ("first", "second", "third")}) == 1
        assert reader.read_pages == 3


def test_a_renamed_document_keeps_its_text(inbox: Path) -> None:
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        draw(inbox / "old.png", "name")
        desk.ends("old.png")
        (inbox / "old.png").rename(inbox / "new.png")
        assert desk.note("new.md") == desk.note("old.md")
        assert reader.read_pages == 1


def test_notes_can_go_to_a_mirror_folder(inbox: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "notes"
    (inbox / "2026" / "may").mkdir(parents=True)
    with running(inbox, folder={"notes": mirror}) as desk:
        draw(inbox / "2026" / "may" / "scan.png", "deep")
        assert desk.note("../notes/2026/may/scan.md")
        assert not list(inbox.rglob("*.md"))


def test_a_source_moves_to_the_archive_once_its_note_stands(inbox: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "scan.png").write_text("an older scan")
    with running(inbox, folder={"archive": archive}) as desk:
        drawn = draw(inbox / "scan.png", "hello").read_bytes()
        desk.note("scan.md")
        until(lambda: not (inbox / "scan.png").exists(), "the move")
        assert (archive / "scan.2.png").read_bytes() == drawn
        assert (archive / "scan.png").read_text() == "an older scan"
        assert desk.ends("scan.png") == {"scan.png": "done"}


class WithFigure(InstantReader):
    def read(self, pages: list[PageImage], watch: Watch) -> list[PageText]:  # type: ignore[override]
        block = Block(BlockKind.FIGURE, "![a chart](figure:chart.png)", Box(0, 0, 1, 1))
        return [PageText((block,), figures=(Figure("chart.png", b"\x89PNG not really"),)) for _ in pages]


def test_figures_lie_beside_the_note_and_are_not_taken_for_scans(inbox: Path) -> None:
    with running(inbox, OneReader(WithFigure())) as desk:
        draw(inbox / "my scan.png", "chart")
        note = desk.note("my scan.md")
        desk.ends("my scan.png")
        figures = list((inbox / "my scan.assets").iterdir())
        assert len(figures) == 1
        assert f"(my%20scan.assets/{figures[0].name})" in note
        draw(inbox / "next.png", "next")
        desk.ends("next.png")
        assert set(desk.states()) == {"my scan.png", "next.png"}


def test_a_page_that_fails_is_marked_in_the_note_and_can_be_retried(inbox: Path) -> None:
    failing = {2}

    def before(page: PageImage) -> None:
        if page.number in failing:
            raise ReaderError("The page is too strange.", "Scan it again.")

    with running(inbox, OneReader(InstantReader(batch=8, before=before))) as desk:
        draw_pages(inbox / "book.pdf", "book", 3)
        note = desk.note("book.md")
        assert desk.ends("book.pdf") == {"book.pdf": "problems"}
        assert "> [!WARNING]" in note
        assert "The page is too strange. Scan it again." in note.replace("\n> ", " ")
        failing.clear()
        assert desk.client.retry_failed() == 1
        until(lambda: "[!WARNING]" not in desk.note("book.md"), "the whole note")
        assert desk.ends("book.pdf") == {"book.pdf": "done"}
        assert [path.name for path in inbox.glob("*.md")] == ["book.md"]


def test_an_unexpected_fault_of_a_reader_costs_that_page_alone(inbox: Path) -> None:
    def before(page: PageImage) -> None:
        if page.number == 1:
            raise ZeroDivisionError

    with running(inbox, OneReader(InstantReader(batch=8, before=before))) as desk:
        draw_pages(inbox / "book.pdf", "book", 3)
        note = desk.note("book.md")
        assert note.count("[!WARNING]") == 1
        assert "ZeroDivisionError" in note


def test_while_paused_nothing_is_read(inbox: Path) -> None:
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        desk.client.pause()
        until(lambda: desk.client.status().activity == Activity.PAUSED, "the pause")
        draw(inbox / "scan.png", "wait")
        until(lambda: desk.states() == {"scan.png": "queued"}, "the arrival")
        assert reader.read_pages == 0
        desk.client.resume()
        assert desk.note("scan.md")


def test_a_pause_ends_by_itself(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.reading.worker._NAP", 0.1)
    with running(inbox) as desk:
        desk.client.pause(seconds=1)
        draw(inbox / "scan.png", "wait")
        assert desk.note("scan.md")


def test_the_page_in_hand_is_given_back_at_a_stop(inbox: Path) -> None:
    gate = Gate()
    draw_pages(inbox / "book.pdf", "book", 3)
    stuck = InstantReader(batch=1, before=gate)
    with running(inbox, OneReader(stuck)) as desk:
        until(gate.reached.is_set, "the first page")
        until(lambda: desk.client.status().reading, "the status")
        assert desk.client.status().reading[0].name == "book.pdf"
        threading.Timer(0.5, gate.opened.set).start()
    assert stuck.closed
    with Client(find_places()) as client:
        assert [page.attempts for page in client.document(1)[1]] == [0, 0, 0]
    with running(inbox) as desk:
        assert desk.note("book.md")


def test_two_daemons_of_one_home_are_refused(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.start._LOCK_SECONDS", 0.1)
    with running(inbox) as desk:
        second = (desk.places, desk.readers, lambda: settings_for(inbox), lambda _status: None)
        with pytest.raises(DaemonRunning):
            run_daemon(*second, threading.Event())


def test_a_damaged_journal_is_set_aside_and_nothing_is_read_twice(inbox: Path) -> None:
    with running(inbox) as desk:
        for name in ("a", "b", "c"):
            draw(inbox / f"{name}.png", name)
        desk.ends("a.png", "b.png", "c.png")
    here = find_places()
    here.journal.write_bytes(b"SQLite format 3\0" + os.urandom(20_000))
    (inbox / "c.md").unlink()
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        assert desk.note("c.md")
        assert desk.ends("a.png", "b.png", "c.png") == {"a.png": "done", "b.png": "done", "c.png": "done"}
        assert reader.read_pages == 1
        assert "damaged" in desk.client.status().troubles[0].sentence
    assert list(here.state.glob("journal.damaged-*.sqlite3"))


def test_without_front_matter_a_note_is_still_known_after_the_journal_is_lost(inbox: Path) -> None:
    plain = {"notes": {"front_matter": False}}
    with running(inbox, **plain) as desk:
        draw(inbox / "scan.png", "plain")
        assert desk.note("scan.md").startswith("page ")
        desk.ends("scan.png")
    find_places().journal.unlink()
    reader = InstantReader()
    with running(inbox, OneReader(reader), **plain) as desk:
        until(lambda: desk.states() == {"scan.png": "done"}, "the adoption")
        assert reader.read_pages == 0


def test_a_document_deleted_while_it_is_read_leaves_no_trace(inbox: Path) -> None:
    gate = Gate()
    with running(inbox, OneReader(InstantReader(batch=1, before=gate))) as desk:
        draw_pages(inbox / "book.pdf", "book", 20)
        until(gate.reached.is_set, "the first page")
        (inbox / "book.pdf").unlink()
        gate.opened.set()
        until(lambda: desk.states() == {}, "the document to be gone")
        draw(inbox / "next.png", "next")
        assert desk.note("next.md")
        assert not (inbox / "book.md").exists()


def test_a_document_replaced_while_it_is_read_is_read_from_its_beginning(inbox: Path) -> None:
    gate = Gate()
    with running(inbox, OneReader(InstantReader(batch=1, before=gate))) as desk:
        draw_pages(inbox / "book.pdf", "old", 6)
        until(gate.reached.is_set, "the first page")
        draw_pages(inbox / "book.pdf", "new", 2)
        gate.opened.set()
        assert "page 2 of 2" in desk.note("book.md")


def test_a_reader_that_cannot_be_loaded_is_stood_in_for(inbox: Path) -> None:
    class Broken(OneReader):
        def open(self, engine: EngineSettings, *_: object) -> Reader:
            raise ReaderError("The model is not there.", "Download it.")

    with running(inbox, Broken(InstantReader())) as desk:
        draw(inbox / "scan.png", "hello")
        assert desk.note("scan.md")
        until(lambda: desk.client.status().troubles, "the trouble")
        assert desk.client.status().troubles[0].sentence == "The model is not there."


def test_the_reader_is_loaded_at_the_first_page_and_unloaded_when_idle(inbox: Path) -> None:
    readers = OneReader(InstantReader())
    with running(inbox, readers, engine={"idle_unload": 0}) as desk:
        assert readers.opened == []
        draw(inbox / "scan.png", "hello")
        desk.ends("scan.png")
        assert len(readers.opened) == 1
        until(lambda: readers.reader.closed, "unloading")
        draw(inbox / "more.png", "more")
        desk.ends("more.png")
        assert len(readers.opened) == 2


def test_new_settings_are_taken_without_a_restart(inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    wanted = [settings_for(inbox)]
    stop = threading.Event()
    work = (find_places(), OneReader(InstantReader()), lambda: wanted[-1], lambda _status: None, stop)
    thread = threading.Thread(target=run_daemon, args=work)
    thread.start()
    try:
        with Client(find_places()) as client:
            until(lambda: client.status().folders, "the start")
            wanted.append(Settings(folders=[{"path": other, "settle": 0.1}]))
            client.reload()
            until(lambda: [folder.path for folder in client.status().folders] == [str(other)], "the change")
            draw(other / "scan.png", "there")
            until((other / "scan.md").exists, "the note")
    finally:
        stop.set()
        thread.join(10)


def test_settings_that_make_no_sense_leave_the_old_ones_in_force(inbox: Path) -> None:
    good = settings_for(inbox)
    loads = iter([good])

    def load() -> Settings:
        for settings in loads:
            return settings
        raise ReaderError("folders is misspelt in line 3.", "Correct it.")

    stop = threading.Event()
    thread = threading.Thread(
        target=run_daemon,
        args=(find_places(), OneReader(InstantReader()), load, lambda _status: None, stop),
    )
    thread.start()
    try:
        with Client(find_places()) as client:
            until(lambda: client.status().folders, "the start")
            client.reload()
            until(lambda: client.status().troubles, "the trouble")
            assert client.status().troubles[0].sentence == "folders is misspelt in line 3."
            draw(inbox / "scan.png", "still")
            until((inbox / "scan.md").exists, "the note")
    finally:
        stop.set()
        thread.join(10)


def test_a_forgotten_document_is_not_read_again_until_it_changes(inbox: Path) -> None:
    reader = InstantReader()
    with running(inbox, OneReader(reader), rescan=0.5) as desk:
        draw(inbox / "scan.png", "once")
        desk.ends("scan.png")
        desk.client.forget(1)
        draw(inbox / "next.png", "next")
        desk.ends("next.png")
        assert set(desk.states()) == {"next.png"}
        assert reader.read_pages == 2
        draw(inbox / "scan.png", "twice")
        desk.ends("scan.png")
        assert reader.read_pages == 3


def test_a_finished_document_can_be_read_anew(inbox: Path) -> None:
    reader = InstantReader()
    with running(inbox, OneReader(reader)) as desk:
        draw(inbox / "scan.png", "once")
        desk.ends("scan.png")
        desk.client.retry(1)
        until(lambda: reader.read_pages == 2, "the second reading")
        desk.ends("scan.png")
        assert [path.name for path in inbox.glob("*.md")] == ["scan.md"]


def test_what_the_reader_says_reaches_the_note_word_for_word(inbox: Path) -> None:
    seen: list[str] = []
    reader = InstantReader(before=lambda page: seen.append(text_of(page)))
    with running(inbox, OneReader(reader)) as desk:
        draw(inbox / "scan.png", "words")
        assert desk.note("scan.md") == seen[0]
