"""What is opened beneath a root, by descriptors and, as on Windows, by paths that are held and looked at."""

import os
import sys
from pathlib import Path

import pytest

from papertray.engine.beneath import FileBeneath, HeldFile, LinkInTheWay, NamedFile, folders, open_folder
from papertray.engine.beneath.folders import DescriptorFolder, PathFolder
from papertray.engine.beneath.sources import open_source
from papertray.engine.errors import DocumentGone, LeadsOutside, NotAFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")


@pytest.fixture(params=[DescriptorFolder, PathFolder])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A link itself, as a person may name one; beside it lies what must not be reached."""
    monkeypatch.setattr(folders, "WAY", request.param)
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "real" / "sub" / "scan.pdf").write_text("a scan")
    (tmp_path / "real" / "sub" / "page.pdf").write_text("a page")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "scan.pdf").write_text("a secret")
    (tmp_path / "root").symlink_to("real")
    return tmp_path / "root"


def content(root: Path, *names: str) -> str:
    with open_source(FileBeneath(root, root.joinpath(*names))) as descriptor:
        return os.read(descriptor, 100).decode()


def test_a_file_is_read_beneath_a_root_that_is_a_link(root: Path) -> None:
    assert content(root, "sub", "scan.pdf") == "a scan"


def test_a_link_to_a_file_beneath_the_root_stands_for_that_file(root: Path) -> None:
    (root / "relative.pdf").symlink_to("sub/scan.pdf")
    (root / "absolute.pdf").symlink_to(root / "sub" / "page.pdf")
    assert (content(root, "relative.pdf"), content(root, "absolute.pdf")) == ("a scan", "a page")
    with pytest.raises(LinkInTheWay):
        FileBeneath(root, root / "relative.pdf").open_itself()


def test_no_link_leads_out(root: Path) -> None:
    outside = root.with_name("outside")
    (root / "file.pdf").symlink_to(outside / "scan.pdf")
    (root / "folder").symlink_to(outside)
    (root / "chain").symlink_to("folder")
    for names in (("file.pdf",), ("folder", "scan.pdf"), ("chain", "scan.pdf")):
        with pytest.raises(LeadsOutside, match="is a link that leaves its folder"):
            content(root, *names)
    for place in (root / "folder", root / "chain", root / "sub" / ".." / ".." / "outside", outside):
        with pytest.raises(LinkInTheWay), open_folder(root, place):
            pass


def test_what_is_no_file_is_neither_read_nor_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.pdf")
    for name in ("pipe.pdf", "sub"):
        with pytest.raises(NotAFile):
            content(root, name)
    with pytest.raises(DocumentGone):
        content(root, "nowhere", "scan.pdf")
    with pytest.raises(DocumentGone):
        content(root, "sub", "scan.pdf", "below")


def test_what_is_written_anew_is_not_emptied_through_a_link(root: Path) -> None:
    secret = root.with_name("outside") / "scan.pdf"
    (root / "draft").symlink_to(secret)
    anew = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
    with open_folder(root, root) as folder:
        with pytest.raises(LinkInTheWay):
            folder.open("draft", anew)
        folder.unlink("draft")
        for text in (b"longer", b"short"):
            descriptor = folder.open("draft", anew)
            os.write(descriptor, text)
            os.close(descriptor)
    assert ((root / "draft").read_text(), secret.read_text()) == ("short", "a secret")


def test_a_folder_stays_the_one_that_was_opened(root: Path) -> None:
    if folders.WAY is not DescriptorFolder:
        pytest.skip("held by its path; only Windows can hold one")
    with open_folder(root, root / "sub") as folder:
        (root / "sub").rename(root / "moved")
        (root / "sub").symlink_to(root.with_name("outside"))
        os.close(folder.open("new", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        folder.unlink("scan.pdf")
    assert sorted(place.name for place in (root / "moved").iterdir()) == ["new", "page.pdf"]
    assert [place.name for place in root.with_name("outside").iterdir()] == ["scan.pdf"]


def test_a_file_that_a_person_names_is_followed_and_one_that_is_held_is_not_opened_again(
    root: Path,
) -> None:
    (root / "named.pdf").symlink_to(root.with_name("outside") / "scan.pdf")
    with open_source(NamedFile(root / "named.pdf")) as named:
        (root / "named.pdf").unlink()
        with open_source(HeldFile(root / "named.pdf", named)) as held:
            assert os.path.samestat(os.fstat(held), os.fstat(named))


def test_nothing_stays_open(root: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("open files cannot be counted here")
    (root / "link.pdf").symlink_to(root.with_name("outside") / "scan.pdf")
    before = len(list(Path("/proc/self/fd").iterdir()))
    content(root, "sub", "scan.pdf")
    for names in (("link.pdf",), ("sub",), ("sub", "none.pdf"), ("none", "none.pdf")):
        with pytest.raises((LeadsOutside, NotAFile, DocumentGone)):
            content(root, *names)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
