"""A file goes to where it is kept, on one disk or from one to another: whole, flushed, the one meant."""

import os
from pathlib import Path

import pytest

from papertray.daemon.errors import NoteError
from papertray.daemon.files import MeantFile, PrivateNames, copy_file, remove_copied
from tests.daemon.files.conftest import SCAN
from tests.faults.system_calls import watch_calls

NAMES = PrivateNames("f" * 32)


def test_a_file_is_moved_as_it_is_and_leaves_nothing_beside(source: MeantFile, archive: Path) -> None:
    source.path.chmod(0o640)
    was = source.path.stat()
    assert copy_file(source, archive / "scan.pdf", NAMES)
    assert remove_copied(source, archive / "scan.pdf", NAMES)
    assert list(source.path.parent.iterdir()) == []
    (moved,) = archive.iterdir()
    now = moved.stat()
    assert (moved.name, moved.read_bytes()) == ("scan.pdf", SCAN)
    assert (now.st_mtime_ns, now.st_mode) == (was.st_mtime_ns, was.st_mode)


def test_a_file_in_the_place_is_never_overwritten_and_nothing_is_left_beside_it(
    source: MeantFile, archive: Path
) -> None:
    archive.mkdir()
    (archive / "scan.pdf").write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        copy_file(source, archive / "scan.pdf", NAMES)
    assert source.path.read_bytes() == SCAN
    assert [(file.name, file.read_bytes()) for file in archive.iterdir()] == [("scan.pdf", b"another's")]


def test_the_copy_is_on_the_disk_with_its_name_before_the_source_goes(
    source: MeantFile, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an image of the disk shows that is taken at any moment: `tests/faults/test_power_cuts.py`."""
    calls = watch_calls(monkeypatch, "fsync", "link", "rename", "unlink")
    copy_file(source, archive / "scan.pdf", NAMES)
    remove_copied(source, archive / "scan.pdf", NAMES)
    order = [(call, Path(path).name) for call, path in calls]
    taken = order.index(("rename", "scan.pdf"))
    assert ("fsync", "archive") in order[:taken]
    assert [call for call, name in order[:taken] if name != "archive"].count("fsync") >= 1  # the bytes
    assert order[-1] == ("fsync", "inbox")


def test_a_file_that_changed_since_is_not_moved(source: MeantFile, archive: Path) -> None:
    source.path.write_bytes(b"another scan")
    assert not copy_file(source, archive / "scan.pdf", NAMES)
    assert source.path.read_bytes() == b"another scan"
    assert list(archive.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_followed(
    source: MeantFile, archive: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    source.path.rename(secret)
    source.path.symlink_to(secret)
    with pytest.raises(NoteError, match="is a link"):
        copy_file(source, archive / "scan.pdf", NAMES)
    assert secret.read_bytes() == SCAN
    assert list(archive.iterdir()) == []


@pytest.mark.parametrize("moment", ["open", "fsync", "mkdir", "rename", "unlink"])
def test_a_file_that_replaces_the_source_at_any_moment_is_never_removed(
    source: MeantFile, archive: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another one is moved over it just before each of these calls, the last moment that there is."""

    replaced = []

    def replace(_path: str) -> None:
        if source.path.exists() and not replaced:
            replaced.append(source.path.with_name("newer.pdf"))
            replaced[0].write_bytes(b"a newer scan")
            replaced[0].replace(source.path)

    archive.mkdir()
    watch_calls(monkeypatch, moment, before=replace)
    if copy_file(source, archive / "scan.pdf", NAMES):
        remove_copied(source, archive / "scan.pdf", NAMES)
    monkeypatch.undo()
    inbox = {file.name: file.read_bytes() for file in source.path.parent.iterdir()}
    assert inbox == ({"scan.pdf": b"a newer scan"} if replaced else {})
    assert b"a newer scan" not in [file.read_bytes() for file in archive.iterdir()]


def test_what_comes_into_the_place_while_a_file_is_looked_at_stays(
    source: MeantFile, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken aside it turns out to be another's; by then a third one bears its name: both are kept."""
    copy_file(source, archive / "scan.pdf", NAMES)

    def replace_twice(_path: str) -> None:
        monkeypatch.undo()
        other = source.path.with_name("other")
        other.write_bytes(b"the second")
        other.replace(source.path)
        rename = os.rename

        def and_the_third(a: str, b: str, **options: int) -> None:
            rename(a, b, **options)
            monkeypatch.undo()
            source.path.write_bytes(b"the third")

        monkeypatch.setattr(os, "rename", and_the_third)

    watch_calls(monkeypatch, "mkdir", before=replace_twice)
    assert not remove_copied(source, archive / "scan.pdf", NAMES)
    left = {file.name: file.read_bytes() for file in source.path.parent.iterdir()}
    assert left == {"scan.pdf": b"the third", "scan.2.pdf": b"the second"}


def test_a_copy_that_went_with_its_source_was_the_source(source: MeantFile, tmp_path: Path) -> None:
    """One share mounted twice: what looks like the copy is the only file there is."""
    mounted_again = tmp_path / "mounted again"
    mounted_again.symlink_to(source.path.parent)
    assert not remove_copied(source, mounted_again / "scan.pdf", NAMES)
    assert source.path.read_bytes() == SCAN
    assert [file.name for file in source.path.parent.iterdir()] == ["scan.pdf"]
