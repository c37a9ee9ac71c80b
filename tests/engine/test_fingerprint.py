"""Whether a path still leads to the file that was seen there."""

import os
from pathlib import Path

from papertray.engine.documents import Fingerprint


def test_a_file_that_was_only_read_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"one")
    before = Fingerprint.of(file.stat())
    file.read_bytes()
    assert before.matches(file.stat())


def test_a_file_rewritten_at_the_same_size_is_another(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"one")
    before = Fingerprint.of(file.stat())
    file.write_bytes(b"two")
    os.utime(file, ns=(0, before.mtime_ns + 1))
    assert not before.matches(file.stat())


def test_another_file_of_the_same_size_and_time_is_another_unless_the_inode_is_not_kept(
    tmp_path: Path,
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(name.encode())
        os.utime(tmp_path / name, ns=(0, 1))
    one, two = (tmp_path / "one").stat(), (tmp_path / "two").stat()
    assert not Fingerprint.of(one).matches(two)
    assert Fingerprint(one.st_size, one.st_mtime_ns).matches(two)
