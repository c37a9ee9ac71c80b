"""A source goes to the archive of its folder once its note stands, whatever happened on the way before."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.notes.shelf import Shelf, shelf
from tests.disks import other_disk


@pytest.fixture(params=["the same disk", "another disk"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    if request.param == "the same disk":
        yield tmp_path / "archive"
        return
    with other_disk(tmp_path) as folder:
        yield folder / "archive"


@pytest.fixture
def desk(tmp_path: Path, archive: Path) -> Iterator[Shelf]:
    with shelf(tmp_path, folder={"archive": archive}) as made:
        (made.inbox / "scan.pdf").write_text("a scan")
        yield made


def scans(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix == ".pdf"}


def test_the_same_bytes_dropped_again_are_the_same_scan(desk: Shelf, archive: Path) -> None:
    desk.live()
    (desk.inbox / "scan.pdf").write_text("a scan")
    desk.live()
    assert desk.states() == {"scan.pdf": "done"}
    assert (scans(desk.inbox), scans(archive)) == ({}, {"scan.pdf": "a scan"})
    assert desk.pages_read == 2
    assert set(desk.notes_there()) == {"scan.md"}


def test_a_name_as_long_as_disks_allow_gets_a_number_where_it_is_taken(desk: Shelf, archive: Path) -> None:
    longest = f"{'é' * 125}a.pdf"
    archive.mkdir()
    (archive / longest).write_text("an older scan")
    (desk.inbox / "scan.pdf").rename(desk.inbox / longest)
    desk.live()
    assert scans(archive) == {longest: "an older scan", f"{'é' * 124}.2.pdf": "a scan"}
    assert (desk.states(), scans(desk.inbox)) == ({longest: "done"}, {})


def test_a_scan_that_a_person_puts_back_from_the_archive_returns_to_it(desk: Shelf, archive: Path) -> None:
    """It is the very file, with the size and the time that the journal knows."""
    desk.live()
    was = (archive / "scan.pdf").stat()
    (desk.inbox / "scan.pdf").write_bytes((archive / "scan.pdf").read_bytes())
    (archive / "scan.pdf").unlink()
    os.utime(desk.inbox / "scan.pdf", ns=(was.st_atime_ns, was.st_mtime_ns))
    desk.live()
    assert desk.states() == {"scan.pdf": "done"}
    assert (scans(desk.inbox), scans(archive)) == ({}, {"scan.pdf": "a scan"})
    assert desk.pages_read == 2


def test_a_kill_between_copy_and_removal_leaves_nothing_in_the_inbox(desk: Shelf, archive: Path) -> None:
    desk.look()
    desk.open_documents()
    desk.read()
    archive.mkdir()
    (archive / "scan.pdf").write_text("a scan")  # as far as the killed process came
    desk.place()
    assert desk.states() == {"scan.pdf": "done"}
    assert (scans(desk.inbox), scans(archive)) == ({}, {"scan.pdf": "a scan"})
    assert desk.documents()["scan.pdf"].archived == archive / "scan.pdf"


def test_another_scan_of_that_name_stays_and_takes_part_in_nothing(desk: Shelf, archive: Path) -> None:
    archive.mkdir()
    (archive / "scan.pdf").write_text("A scan")  # as long
    desk.live()
    assert scans(archive) == {"scan.pdf": "A scan", "scan.2.pdf": "a scan"}
    assert scans(desk.inbox) == {}


def test_an_archive_that_cannot_be_written_now_is_tried_again(desk: Shelf, archive: Path) -> None:
    archive.parent.mkdir(exist_ok=True)
    archive.write_text("no folder yet")
    desk.live()
    assert desk.states() == {"scan.pdf": "writing"}
    assert "could not be moved" in desk.documents()["scan.pdf"].sentence
    note = desk.notes_there()
    assert set(note) == {"scan.md"}
    archive.unlink()
    desk.journal.store.rows("UPDATE documents SET retry_at = NULL")
    desk.place()
    assert desk.states() == {"scan.pdf": "done"}
    assert (scans(desk.inbox), scans(archive)) == ({}, {"scan.pdf": "a scan"})
    assert desk.notes_there() == note  # not written a second time either


def test_a_link_is_not_moved_and_the_document_says_so(desk: Shelf, archive: Path) -> None:
    (desk.inbox / "scan.pdf").rename(desk.inbox / "really.pdf")
    (desk.inbox / "scan.pdf").symlink_to(desk.inbox / "really.pdf")
    desk.live()
    assert desk.states() == {"scan.pdf": "done", "really.pdf": "done"}
    assert "is a link" in desk.documents()["scan.pdf"].sentence


def test_an_archive_that_is_the_folder_itself_costs_no_scan(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "by another way").symlink_to(tmp_path / "inbox")
    with shelf(tmp_path, folder={"archive": tmp_path / "by another way"}) as desk:
        (desk.inbox / "scan.pdf").write_text("a scan")
        desk.live()
        desk.look()
        assert scans(desk.inbox) == {"scan.pdf": "a scan"}
        assert desk.states() == {"scan.pdf": "done"}


def test_drafts_in_anybodys_name_are_left_alone(desk: Shelf, tmp_path: Path) -> None:
    """What the drafts of documents 1 to 3 were once called, as somebody's own file and as a trap."""
    secret = tmp_path / "secret"
    secret.write_text("somebody's own")
    (desk.inbox / ".papertray-1.tmp").symlink_to(secret)
    (desk.inbox / ".papertray-2.tmp").write_text("mine")
    (desk.inbox / "another.pdf").write_text("another scan")
    desk.live()
    assert set(desk.states().values()) == {"done"}
    assert secret.read_text() == "somebody's own"
    assert (desk.inbox / ".papertray-1.tmp").is_symlink()
    assert (desk.inbox / ".papertray-2.tmp").read_text() == "mine"
