"""What is written beside its place first: under a name that nobody foresees, for nobody else's eyes."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from papertray.daemon.files import PrivateNames, own_names, put_file, replace_quietly, tidy_folder
from tests.faults.system_calls import watch_calls

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")


def test_no_two_drafts_have_one_name() -> None:
    names = PrivateNames("0" * 32)
    assert len({names.draft() for _ in range(100)}) == 100


@posix
@pytest.mark.parametrize("over", [True, False])
def test_a_draft_that_lies_there_is_refused_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: bool
) -> None:
    """Even if somebody knew its name."""
    secret = tmp_path / "secret"
    secret.write_text("somebody's own")
    monkeypatch.setattr(PrivateNames, "draft", lambda _names: ".papertray-foreseen.tmp")
    (tmp_path / ".papertray-foreseen.tmp").symlink_to(secret)
    with pytest.raises(FileExistsError):
        put_file(b"a note", tmp_path / "note.md", over=over)
    replace_quietly(tmp_path / "status.json", "{}")
    assert secret.read_text() == "somebody's own"
    assert sorted(file.name for file in tmp_path.iterdir()) == [".papertray-foreseen.tmp", "secret"]


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o000, 0o666), (0o022, 0o644), (0o077, 0o600)])
def test_a_draft_is_its_owners_alone_and_a_note_what_the_umask_says(
    tmp_path: Path, umask: int, mode: int
) -> None:
    """In a process of its own: the umask is read at its start."""
    program = """
import os, sys
from pathlib import Path
from papertray.daemon.files import put_file, replace_quietly
folder, write, modes = Path(sys.argv[1]), os.write, set()
def look(descriptor, content):
    modes.add(os.fstat(descriptor).st_mode & 0o777)
    return write(descriptor, content)
os.write = look
put_file(b"a note", folder / "note.md", over=False)
replace_quietly(folder / "status.json", "{}")
os.write = write
print(*map(oct, modes), oct((folder / "note.md").stat().st_mode & 0o777),
    oct((folder / "status.json").stat().st_mode & 0o777))
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, umask=umask)
    assert said.stdout.split() == ["0o600", oct(mode), "0o600"]


def test_a_note_and_its_folders_are_on_the_disk_when_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = watch_calls(monkeypatch, "fsync", "link")
    put_file(b"a note", tmp_path / "2026" / "may" / "note.md", over=False)
    order = [(call, Path(path).name.partition("-")[0]) for call, path in calls]
    assert order == [
        ("fsync", tmp_path.name.partition("-")[0]),
        ("fsync", "2026"),
        ("fsync", ".papertray"),
        ("link", ".papertray"),
        ("fsync", "may"),
    ]


def test_what_a_killed_process_of_ours_left_is_tidied_and_nothing_else(tmp_path: Path) -> None:
    names, others = own_names(tmp_path / "mark"), PrivateNames("e" * 32)
    assert own_names(tmp_path / "mark") == names
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    stays = [".papertray-7.tmp", ".papertray-.tmp", PrivateNames().draft(), others.draft(), "scan.pdf"]
    for name in (*stays, names.draft()):
        (inbox / name).write_text(name)
    taken = inbox / names.taken()
    taken.mkdir()
    (taken / "scan.pdf").write_text("taken aside")
    (taken / "letter.pdf").write_text("taken aside")
    tidy_folder(inbox, names)
    tidy_folder(tmp_path / "no such folder", names)
    left = {file.name: file.read_text() for file in inbox.iterdir()}
    assert left == {name: name for name in stays} | {
        "scan.2.pdf": "taken aside",
        "letter.pdf": "taken aside",
    }


def test_a_mark_that_a_power_cut_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "mark").touch()
    names = own_names(tmp_path / "mark")
    assert len(names.owner) == 32
    assert names.is_own(names.draft())
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "mark").stat().st_mode) == 0o600


def test_a_file_in_the_place_of_a_folder_is_a_sentence(tmp_path: Path) -> None:
    from papertray.daemon.errors import NoteError

    (tmp_path / "notes").write_text("no folder")
    with pytest.raises(NoteError, match="cannot be written"):
        put_file(b"a note", tmp_path / "notes" / "note.md", over=False)


def test_a_folder_that_one_may_not_look_into_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its names cannot be flushed by themselves: then all disks are."""
    opened = os.open

    def refuse(path: str, flags: int, *mode: int, **options: int) -> int:
        if flags & getattr(os, "O_DIRECTORY", 0) and not flags & getattr(os, "O_PATH", 0):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *mode, **options)

    monkeypatch.setattr(os, "open", refuse)
    put_file(b"a note", tmp_path / "note.md", over=False)
    assert (tmp_path / "note.md").read_bytes() == b"a note"


def test_a_folder_that_cannot_be_looked_into_has_nothing_to_tidy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    tidy_folder(tmp_path, PrivateNames("f" * 32))
