"""What becomes of files in watched folders: real folders, real events, a clock turned by hand."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loguru import logger

from papertray.daemon.errors import DiskFull
from papertray.daemon.folders import FolderWatcher
from papertray.daemon.records import FoundFile
from papertray.daemon.settings import FolderSettings
from tests.daemon.folders.folder_desk import DEADLINE, PNG, Deaf, Desk

Open = Callable[..., Desk]


@pytest.fixture
def desk() -> Iterator[Open]:
    """Watch folders; the watching ends with the test."""
    desks: list[Desk] = []

    def open_desk(*folders: FolderSettings, **options: object) -> Desk:
        desks.append(Desk(*folders, **options))  # type: ignore[arg-type]
        return desks[-1]

    yield open_desk
    for each in desks:
        each.close()


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(message.record["message"]), level="INFO")
    yield lines
    logger.remove(sink)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_a_dropped_file_is_found_by_its_event_alone(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    (found,) = here.found
    info = (root / "scan.png").stat()
    assert (found.folder, found.path) == (root, root / "scan.png")
    assert found.fingerprint.matches(info)


def test_a_file_that_lay_there_before_is_found(desk: Open, root: Path) -> None:
    (root / "scan.pdf").write_bytes(b"%PDF-1.7")
    here = desk(FolderSettings(path=root))
    here.until(here.has("scan.pdf"))


def test_a_file_whose_event_was_lost_is_found_by_the_next_rescan(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root), rescan=60, make_observer=Deaf)
    here.until(here.watching())
    (root / "scan.png").write_bytes(PNG)
    here.pass_by(30)
    assert here.found == []
    here.until(here.has("scan.png"))


def test_a_file_still_growing_is_not_opened_and_is_spoken_of_after_a_minute(
    desk: Open, root: Path, log: list[str]
) -> None:
    here = desk(FolderSettings(path=root), rescan=0.5)
    here.until(here.watching())
    with (root / "slow.pdf").open("wb") as scanner:
        for _ in range(140):
            scanner.write(b"%PDF-1.7 and more")
            scanner.flush()
            here.turn()
        assert here.found == []
        assert [trouble.sentence for trouble in here.folders.troubles()] == ["slow.pdf is still growing."]
        assert sum("still growing" in line for line in log) == 1
    here.until(here.has("slow.pdf"))
    assert here.folders.troubles() == ()


def test_a_file_without_events_is_looked_at_again_before_it_is_given(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root), make_observer=Deaf)
    (root / "scan.png").write_bytes(PNG)
    here.until(here.watching())
    for size in range(20):
        (root / "scan.png").write_bytes(PNG + b"x" * size)
        here.turn(1.0)
    assert here.questions == [1]  # by the first look; it was never thought still, so never opened
    here.until(here.has("scan.png"))
    assert here.found[0].fingerprint.size == len(PNG) + 19


def test_a_changed_file_is_found_again_and_an_unchanged_one_is_not(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    (root / "scan.png").write_bytes(PNG + b"more")
    here.until(here.has("scan.png", "scan.png"))
    here.rescan()
    here.pass_by(10)
    assert len(here.found) == 2


def test_a_file_moved_into_place_is_found_once_under_its_last_name(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    (root / "scan.pdf.part").write_bytes(b"%PDF-1.7")
    (root / "scan.pdf.part").rename(root / "scan.pdf")
    here.until(here.has("scan.pdf"))
    here.pass_by(10)
    assert here.names() == ["scan.pdf"]


def test_a_folder_moved_in_brings_all_its_files(desk: Open, root: Path, tmp_path: Path) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    (tmp_path / "away" / "deep").mkdir(parents=True)
    for place in ("a.png", "deep/b.png"):
        (tmp_path / "away" / place).write_bytes(PNG)
    (tmp_path / "away").rename(root / "batch")
    here.until(here.has("a.png", "b.png"))


def test_a_file_deleted_while_it_settles_is_forgotten(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root), rescan=5)
    (root / "scan.png").write_bytes(PNG)
    here.turn()
    (root / "scan.png").unlink()
    here.pass_by(20)
    assert here.found == []


def test_an_empty_file_is_given_late_and_again_once_it_is_filled(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    (root / "scan.pdf").touch()
    here.pass_by(8)
    assert here.found == []
    here.until(here.has("scan.pdf"))
    (root / "scan.pdf").write_bytes(b"%PDF-1.7")
    here.until(here.has("scan.pdf", "scan.pdf"))
    assert [file.fingerprint.size for file in here.found] == [0, 8]


def test_a_burst_is_handed_over_in_bulk(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    for number in range(1000):
        (root / f"{number}.png").write_bytes(PNG)
    here.until(lambda: len(here.found) == 1000)
    assert len(here.batches) < 50


@pytest.mark.timeout(120)
def test_more_files_at_once_than_the_system_keeps_events_are_all_found(desk: Open, root: Path) -> None:
    """Linux drops what goes beyond 16,384."""
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    for number in range(20_000):
        (root / f"{number}.png").write_bytes(PNG)
    here.until(lambda: len(here.known) == 20_000)
    assert len(here.found) == 20_000


def test_known_files_cost_one_question_for_all_and_are_not_opened(desk: Open, root: Path) -> None:
    for number in range(500):
        (root / f"{number}.png").write_bytes(PNG)
    here = desk(FolderSettings(path=root))
    here.until(lambda: len(here.found) == 500)
    here.questions.clear()
    here.rescan()
    here.pass_by(5)
    assert here.questions == [500]


@pytest.mark.parametrize("suffix", [".txt", ".mp3", ""])
def test_a_file_that_is_no_document_is_none_of_our_business(
    desk: Open, root: Path, suffix: str, log: list[str]
) -> None:
    (root / f"letter{suffix}").write_bytes(b"Dear Sir")
    (root / "scan.png").write_bytes(PNG)
    here = desk(FolderSettings(path=root))
    here.until(here.has("scan.png"))
    here.questions.clear()
    for _ in range(3):
        here.rescan()
        here.pass_by(5)
    assert here.questions == [1, 1, 1]
    assert here.folders.troubles() == ()
    assert not any("letter" in line for line in log)


def test_a_document_under_a_strange_name_is_found_by_its_content(desk: Open, root: Path) -> None:
    (root / "scan0001").write_bytes(b"%PDF-1.7")
    (root / "photo.txt").write_bytes(PNG)
    (root / "broken.PDF").write_bytes(b"no pdf at all, but called one")
    here = desk(FolderSettings(path=root))
    here.until(here.has("scan0001", "photo.txt", "broken.PDF"))


def test_what_papertray_wrote_is_never_taken_in(desk: Open, root: Path, tmp_path: Path) -> None:
    folders = ("scan.assets", "done", "notes", "mine.assets")
    for name in folders:
        (root / name).mkdir()
        (root / name / f"{name}.png").write_bytes(PNG)
    (root / "own.png").write_bytes(PNG)
    own = {root / "scan.assets", root / "own.png"}
    here = desk(
        FolderSettings(path=root, archive=root / "done", notes=root / "notes"), is_own=own.__contains__
    )
    here.until(here.has("mine.assets.png"))
    for name in folders:
        (root / name / "late.png").write_bytes(PNG)
    here.until(here.has("late.png", "mine.assets.png"))
    here.rescan()
    here.pass_by(10)
    assert here.names() == ["late.png", "mine.assets.png"]
    assert {file.path.parent.name for file in here.found} == {"mine.assets"}


def test_a_file_below_two_roots_belongs_to_the_nearer_one(desk: Open, root: Path) -> None:
    (root / "inner" / "deep").mkdir(parents=True)
    here = desk(FolderSettings(path=root), FolderSettings(path=root / "inner"))
    here.until(lambda: here.watching(number=0)() and here.watching(number=1)())
    for place in ("a.png", "inner/b.png", "inner/deep/c.png"):
        (root / place).write_bytes(PNG)
    here.until(here.has("a.png", "b.png", "c.png"))
    here.rescan()
    here.pass_by(10)
    assert {file.path.name: file.folder for file in here.found} == {
        "a.png": root,
        "b.png": root / "inner",
        "c.png": root / "inner",
    }
    assert len(here.found) == 3


NAMES = [
    "with blank.png",
    'it\'s "quoted".png',
    "line\nbreak.png",
    "📄 emoji.png",
    "Müll.png",  # composed
    "Mu\u0308ll.png",  # decomposed
    "-rf.png",
    "a" * 251 + ".png",
    "{brace} {0}.png",
    os.fsdecode(b"latin-\xe9.png"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse some of these names")
@pytest.mark.parametrize("by", ["event", "rescan"])
def test_every_name_a_file_can_have_is_found(desk: Open, root: Path, by: str) -> None:
    here = (
        desk(FolderSettings(path=root), make_observer=Deaf)
        if by == "rescan"
        else desk(FolderSettings(path=root))
    )
    here.until(here.watching())
    for name in NAMES:
        (root / name).write_bytes(PNG)
    if by == "rescan":
        here.rescan()
    here.until(here.has(*NAMES))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_sockets_and_leaving_links_are_left_alone_with_one_log_line_each(
    desk: Open, root: Path, tmp_path: Path, log: list[str]
) -> None:
    (tmp_path / "outside.png").write_bytes(PNG)
    (root / "leaves.png").symlink_to(tmp_path / "outside.png")
    (root / "dangles.png").symlink_to(root / "nothing.png")
    (root / "loop.png").symlink_to(root / "loop.png")
    (root / "round").symlink_to(root)
    (root / "away").symlink_to(tmp_path)
    (root / "inside.png").write_bytes(PNG)
    (root / "link.png").symlink_to(root / "inside.png")
    os.mkfifo(root / "pipe.png")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(root / "socket.png"))
        here = desk(FolderSettings(path=root))
        here.until(here.has("inside.png", "link.png"))
        os.mkfifo(root / "late.png")
        for _ in range(3):
            here.rescan()
            here.pass_by(5)
    told = sorted(line for line in log if "left alone" in line)
    assert told == sorted(
        [
            f"{root / 'away'} is left alone: it is a link that leaves the folder",
            f"{root / 'leaves.png'} is left alone: it is a link that leaves the folder",
            f"{root / 'dangles.png'} is left alone: it is a link to nothing",
            f"{root / 'loop.png'} is left alone: it is a link to nothing",
            f"{root / 'pipe.png'} is left alone: it is a pipe",
            f"{root / 'late.png'} is left alone: it is a pipe",
            f"{root / 'socket.png'} is left alone: it is a socket",
        ]
    )
    assert here.names() == ["inside.png", "link.png"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_put_in_the_place_of_a_settled_file_blocks_nothing(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root), is_own=lambda path: path.exists() and swap(path))

    def swap(path: Path) -> bool:
        if path.name == "scan.png" and path.is_file():
            path.unlink()
            os.mkfifo(path)
        return False

    (root / "scan.png").write_bytes(PNG)
    (root / "zz.png").write_bytes(PNG)
    here.until(here.has("zz.png"))


def test_what_cannot_be_handed_over_is_offered_again(desk: Open, root: Path, log: list[str]) -> None:
    here = desk(FolderSettings(path=root))
    here.refuses = DiskFull(root)
    (root / "scan.png").write_bytes(PNG)
    here.until(lambda: any("is full" in line for line in log))
    here.refuses = None
    here.until(here.has("scan.png"))


def test_an_unforeseen_fault_is_logged_and_the_watching_goes_on(
    desk: Open, root: Path, log: list[str]
) -> None:
    faults = [ZeroDivisionError()]

    def own(path: Path) -> bool:
        if faults:
            raise faults.pop()
        return False

    (root / "scan.png").write_bytes(PNG)
    here = desk(FolderSettings(path=root), is_own=own)
    here.until(here.has("scan.png"))
    assert f"Looking at {root} failed" in log


def test_a_fault_that_stays_does_not_fill_the_log(desk: Open, root: Path, log: list[str]) -> None:
    def own(path: Path) -> bool:
        raise ZeroDivisionError

    for number in range(100):
        (root / f"{number}.png").write_bytes(PNG)
    here = desk(FolderSettings(path=root), is_own=own)
    here.pass_by(60)
    assert 2 <= sum("failed" in line for line in log) <= 7


def test_the_thread_finds_files_and_ends_when_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.folders.watcher.CHECK", 1e6)  # nothing else ends its sleep
    arrived, stop, got = threading.Event(), threading.Event(), list[FoundFile]()

    def found(files: list[FoundFile]) -> None:
        got.extend(files)
        arrived.set()

    folders = FolderWatcher(
        [FolderSettings(path=root, settle=0.05)],
        rescan=300,
        is_own=lambda path: False,
        find_unknown=lambda files: [file for file in files if file not in got],
        take_in=found,
    )
    thread = threading.Thread(target=folders.run, args=(stop,))
    thread.start()
    end = time.monotonic() + DEADLINE
    while folders.status()[0].watch != "native" and time.monotonic() < end:
        stop.wait(0.01)
    (root / "scan.png").write_bytes(PNG)
    try:
        assert arrived.wait(DEADLINE)
    finally:
        stop.set()
        folders.end()
        thread.join(5)
    assert not thread.is_alive()
    assert [file.path.name for file in got] == ["scan.png"]
