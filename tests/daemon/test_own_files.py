"""papertray's own files: nobody else's to read, and said in a sentence where they cannot be written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.daemon.cli.program import run_guarded
from papertray.daemon.errors import OwnFolderUnusable
from papertray.daemon.logs import start_logging
from papertray.daemon.places import find_places, make_private
from papertray.daemon.start import hold_lock
from tests.daemon.test_logs import clean as clean  # the log of the process, as it was before
from tests.desks import draw, running, until
from tests.faults.test_full_disks import small_disk


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_own_files_are_the_owners_alone_whatever_umask_and_folder_say(tmp_path: Path) -> None:
    here = find_places()
    with umask(0):
        here.state.mkdir(parents=True, mode=0o755)
        start_logging(here.log_file, "INFO")
        with running(tmp_path / "inbox", api={"port": 0}) as desk:
            draw(tmp_path / "inbox" / "scan.png", "hello")
            desk.note("scan.md")
            until(here.runtime.exists, "the API")
            at_work = {**modes(here.state), **modes(here.logs)}
    assert {"journal.sqlite3", "journal.sqlite3-wal", "runtime.json", "papertray.log"} <= at_work.keys()
    assert {name: mode for name, mode in at_work.items() if mode != 0o600} == {}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_what_was_readable_by_others_is_not_any_more(tmp_path: Path) -> None:
    here = find_places()
    here.make()
    for file in (here.journal, here.log_file):
        file.touch(0o644)
        file.chmod(0o644)
    start_logging(here.log_file, "INFO")
    with running(tmp_path / "inbox"):
        assert {**modes(here.state), **modes(here.logs)}["journal.sqlite3"] == 0o600
        assert modes(here.logs) == {"papertray.log": 0o600}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_the_folders_that_are_made_are_the_owners_alone(own_home: Path) -> None:
    with umask(0):
        find_places().make()
    made = [own_home / "papertray", *(own_home / "papertray").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o700}


def test_making_a_file_private_does_not_open_one_that_is_there(tmp_path: Path) -> None:
    """Its locks would be gone with the closing."""
    import sqlite3

    file = tmp_path / "a.sqlite3"
    with sqlite3.connect(file, isolation_level=None) as held:
        held.execute("CREATE TABLE a (b)")
        held.execute("BEGIN EXCLUSIVE")
        make_private(file)
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN EXCLUSIVE')"
        blocked = subprocess.run(
            [sys.executable, "-c", other, str(file)], capture_output=True, text=True, check=False
        )
        held.execute("ROLLBACK")
    held.close()
    assert "locked" in blocked.stderr


def test_a_state_folder_that_cannot_be_made_is_said_in_a_sentence(own_home: Path) -> None:
    (own_home / "papertray").mkdir()
    (own_home / "papertray" / "state").write_text("a file stands here")
    with pytest.raises(OwnFolderUnusable, match=r"cannot write its own files into .*state"):
        find_places().make()
    assert run_guarded(find_places().make) == 15


def test_a_read_only_state_folder_is_said_in_a_sentence(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        monkeypatch.setenv("PAPERTRAY_HOME", str(disk / "papertray"))
        find_places().make()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(OwnFolderUnusable, match="Read-only"), hold_lock(find_places()):
            pass
        with pytest.raises(OwnFolderUnusable, match="Read-only"):
            start_logging(find_places().log_file, "INFO")
        environment = {**os.environ, "PAPERTRAY_HOME": str(disk / "papertray"), "HOME": str(own_home)}
        for command in ("run", "list", "pause"):
            process = subprocess.run(
                [sys.executable, "-m", "papertray.daemon.cli", command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert process.returncode not in {0, 1, 70}, (command, process.stderr)
            assert "should not have happened" not in process.stderr


def test_nothing_says_where_the_api_is_after_a_stop(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", api={"port": 0}):
        until(find_places().runtime.exists, "the API")
    assert not find_places().runtime.exists()
