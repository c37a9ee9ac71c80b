"""A disk that is full while a note or the journal is written: nothing is half-written, nothing lost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.daemon.back_off import BackOff
from papertray.daemon.errors import DiskFull
from papertray.daemon.files import MeantFile, PrivateNames, copy_file
from papertray.engine.documents import Fingerprint
from tests.desks import draw, running, until
from tests.fakes import InstantReader, OneReader


@pytest.fixture(autouse=True)
def _tries_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for tries in ("notes.writer", "reading.journal_retry", "threads"):
        monkeypatch.setattr(f"papertray.daemon.{tries}._BACK_OFF", BackOff((0.2,)))
    monkeypatch.setattr("papertray.daemon.folders.watcher.TRY_AGAIN", 0.2)
    monkeypatch.setattr("papertray.daemon.reading.worker._NAP", 0.2)


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[Path]:
    """A file system of its own. Needs the right to mount one: on other machines this is not shown."""
    at.mkdir(parents=True)
    if sys.platform != "linux":
        pytest.skip("mounting a small disk is written for Linux")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "papertray-test", str(at)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk: full disks are NOT tested here")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(disk: Path) -> Path:
    """Take the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return ballast


def test_a_note_waits_for_room_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "notes", "256k") as disk,
        running(tmp_path / "inbox", folder={"notes": disk / "mirror"}) as desk,
    ):
        (disk / "mirror").mkdir()
        ballast = fill(disk)
        draw(tmp_path / "inbox" / "scan.png", "hello")
        until(lambda: desk.client.status().troubles, "the trouble")
        assert "is full" in desk.client.status().troubles[0].sentence
        assert list((disk / "mirror").iterdir()) == []
        assert desk.states() == {"scan.png": "writing"}
        ballast.unlink()
        until((disk / "mirror" / "scan.md").exists, "the note")
        desk.ends("scan.png")
        until(lambda: not desk.client.status().troubles, "the trouble's end")
        assert [path.name for path in (disk / "mirror").iterdir()] == ["scan.md"]


def test_a_source_that_its_archive_has_no_room_for_stays_and_nothing_half_moved_is_left(
    tmp_path: Path,
) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(bytes(1 << 20))
    meant = MeantFile(source, Fingerprint.of(source.stat()), "")
    with small_disk(tmp_path / "archive", "256k") as disk:
        with pytest.raises(DiskFull):
            copy_file(meant, disk / "scan.pdf", PrivateNames())
        assert list(disk.iterdir()) == []
    assert source.stat().st_size == 1 << 20


def test_a_full_journal_holds_the_work_up_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = InstantReader(batch=1)
    with small_disk(tmp_path / "home", "8m") as disk:
        monkeypatch.setenv("PAPERTRAY_HOME", str(disk))
        with running(tmp_path / "inbox", OneReader(reader)) as desk:
            draw(tmp_path / "inbox" / "first.png", "first")
            desk.ends("first.png")
            ballast = fill(disk)
            for number in range(3):
                draw(tmp_path / "inbox" / f"{number}.png", f"number {number}")
            until(lambda: desk.statuses[-1].troubles, "the trouble")
            assert "journal" in desk.statuses[-1].troubles[0].sentence
            ballast.unlink()
            assert set(desk.ends("0.png", "1.png", "2.png").values()) == {"done"}
            assert reader.read_pages <= 4 + 1
