"""Files put in place whole or not at all, on one disk and from one disk to another."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from papertray.daemon.files import move_file

SCRATCH = ".scratch.tmp"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"a scan")
    return file


@pytest.fixture(params=["the same disk", "another disk"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    if request.param == "the same disk":
        yield tmp_path / "archive" / "2026"
        return
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_a_source_is_moved_as_it_is_and_leaves_nothing_beside(source: Path, archive: Path) -> None:
    was = source.stat().st_mtime_ns
    move_file(source, archive / "scan.pdf", SCRATCH)
    assert not source.exists()
    (moved,) = archive.iterdir()
    assert (moved.name, moved.read_bytes(), moved.stat().st_mtime_ns) == ("scan.pdf", b"a scan", was)


def test_a_file_in_the_place_is_never_overwritten_and_nothing_is_left_beside_it(
    source: Path, archive: Path
) -> None:
    archive.mkdir(parents=True, exist_ok=True)
    (archive / "scan.pdf").write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        move_file(source, archive / "scan.pdf", SCRATCH)
    assert source.read_bytes() == b"a scan"
    assert [(file.name, file.read_bytes()) for file in archive.iterdir()] == [("scan.pdf", b"another's")]
