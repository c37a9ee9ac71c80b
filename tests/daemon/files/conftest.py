"""A scan, and a folder for it on the same disk or on another."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.files import MeantFile
from papertray.engine.documents import Fingerprint
from tests.disks import other_disk

SCAN = b"a scan"


@pytest.fixture
def source(tmp_path: Path) -> MeantFile:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return meant_file(inbox / "scan.pdf", SCAN)


def meant_file(path: Path, content: bytes) -> MeantFile:
    path.write_bytes(content)
    return MeantFile(path, Fingerprint.of(path.stat()), hashlib.sha256(content).hexdigest())


@pytest.fixture(params=["the same disk", "another disk"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    if request.param == "the same disk":
        yield tmp_path / "archive"
        return
    with other_disk(tmp_path) as folder:
        yield folder / "archive"
