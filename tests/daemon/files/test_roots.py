"""Where files lie that are written and moved, on systems with and without folders that can be opened."""

import sys
from pathlib import Path

import pytest

from papertray.daemon.errors import NoteError
from papertray.daemon.files import (
    MeantFile,
    PrivateNames,
    Roots,
    copy_file,
    put_file,
    remove_copied,
    tidy_folder,
)
from papertray.engine.beneath import folders
from papertray.engine.beneath.folders import DescriptorFolder, PathFolder
from tests.daemon.files.conftest import SCAN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")

NAMES = PrivateNames("f" * 32)


def test_the_outermost_place_that_holds_a_file_is_its_root() -> None:
    inbox, mirror, once = Path("/inbox"), Path("/mirror"), Path("/once watched")
    roots = Roots([inbox / "archive", inbox, mirror])
    assert roots.root_of(inbox / "archive" / "2026" / "scan.pdf", inbox / "archive") == inbox
    assert roots.root_of(inbox / "archive", inbox) == inbox
    assert roots.root_of(mirror / "a" / "scan.md", inbox) == mirror
    assert roots.root_of(once / "a" / "scan.pdf", once) == once
    assert roots.root_of(Path("/elsewhere/a/scan.md"), inbox) == Path("/elsewhere/a")


@pytest.mark.parametrize("way", [DescriptorFolder, PathFolder])
def test_files_are_written_moved_and_tidied_by_descriptors_and_by_paths(
    source: MeantFile, archive: Path, monkeypatch: pytest.MonkeyPatch, way: type
) -> None:
    monkeypatch.setattr(folders, "WAY", way)
    inbox = source.path.parent
    for over in (False, True):
        put_file(b"a note", inbox / "sub" / "note.md", NAMES, over=over, root=inbox)
    with pytest.raises(FileExistsError):
        put_file(b"a note", inbox / "sub" / "note.md", NAMES, over=False, root=inbox)
    (inbox / NAMES.draft()).touch()
    taken = inbox / NAMES.taken()
    taken.mkdir()
    (taken / "scan.pdf").write_text("taken aside")
    tidy_folder(inbox, NAMES)
    assert copy_file(source, archive / "scan.pdf", NAMES)
    assert remove_copied(source, archive / "scan.pdf", NAMES)
    assert (archive / "scan.pdf").read_bytes() == SCAN
    left = {place.name: place.read_text() for place in inbox.rglob("*") if place.is_file()}
    assert left == {"note.md": "a note", "scan.2.pdf": "taken aside"}
    (inbox / "linked").symlink_to(archive)
    with pytest.raises(NoteError, match="linked is a link"):
        put_file(b"a note", inbox / "linked" / "note.md", NAMES, over=True, root=inbox)
