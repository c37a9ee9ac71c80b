"""Move a file to where it is kept, also on another disk, so that at every moment it is whole on a disk.

First it is linked or copied, and that is flushed; only then it goes from where it was, by way of a private
folder in which nobody can replace it: so what is removed is what was copied, and nothing else.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from papertray.daemon.files.drafts import new_draft, place_new, write_all
from papertray.daemon.files.durable import flush_file, flush_folder, make_folder
from papertray.daemon.files.hashes import READ_ONLY, hash_blocks
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.problems import NO_LINKS, OTHER_DISK, translate_disk_errors
from papertray.daemon.files.removal import taken_aside
from papertray.engine.beneath import OpenFolder, open_folder
from papertray.engine.documents import Fingerprint


class _Replaced(Exception):
    """What lies there is not, or no longer, what is meant."""


@dataclass(frozen=True, slots=True)
class MeantFile:
    """A file as it was when it was read: only that one is ever moved. Below `root` no link leads to it."""

    path: Path
    fingerprint: Fingerprint
    sha256: str
    root: Path | None = None

    @property
    def name(self) -> str:
        return self.path.name

    def folder(self) -> AbstractContextManager[OpenFolder]:
        return open_folder(self.root or self.path.parent, self.path.parent)


def copy_file(source: MeantFile, target: Path, names: PrivateNames, root: Path | None = None) -> bool:
    """Have it at `target` too, on the disk; False when it is not there any more as it is meant.

    FileExistsError when `target` is taken. Below `root` no link is followed to it.
    """
    with translate_disk_errors(target), make_folder(target.parent, root) as kept:
        try:
            with source.folder() as folder, _opened(folder, source) as descriptor:
                if not _link(folder, source.name, kept, target.name, descriptor):
                    _copy(source, descriptor, kept, target.name, names)
        except (_Replaced, FileNotFoundError):
            return False
    return True


def remove_copied(source: MeantFile, copy: Path, names: PrivateNames, root: Path | None = None) -> bool:
    """Remove a file of which `copy` is whole and flushed; False when it is not the one that is meant."""
    with translate_disk_errors(source.path), open_folder(root or copy.parent, copy.parent) as kept:
        try:
            with source.folder() as folder:
                with _opened(folder, source) as descriptor:
                    meant = os.fstat(descriptor)
                _remove(folder, source.name, meant, Copy(kept, copy.name), names)
        except (_Replaced, FileNotFoundError):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the same bytes lie."""

    folder: OpenFolder
    name: str

    def info(self) -> os.stat_result:
        return self.folder.lstat(self.name)

    def still_there(self, info: os.stat_result) -> bool:
        """Not so when both paths led to one file, through a second mount: then it went with the source."""
        try:
            return os.path.samestat(self.info(), info)
        except FileNotFoundError:
            return False


@contextmanager
def _opened(folder: OpenFolder, source: MeantFile) -> Iterator[int]:
    descriptor = folder.open(source.name, READ_ONLY)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or not source.fingerprint.matches(info):
            raise _Replaced
        yield descriptor
    finally:
        os.close(descriptor)


def _link(folder: OpenFolder, name: str, kept: OpenFolder, target: str, descriptor: int) -> bool:
    """Whether both can share one file. What was linked is the file that is open, or nothing is."""
    try:
        folder.link(name, kept, target)
    except OSError as problem:
        if problem.errno in NO_LINKS | OTHER_DISK:
            return False
        raise
    if not os.path.samestat(kept.lstat(target), os.fstat(descriptor)):
        kept.unlink(target)
        raise _Replaced
    flush_file(descriptor)
    flush_folder(kept)
    return True


def _copy(source: MeantFile, descriptor: int, kept: OpenFolder, target: str, names: PrivateNames) -> None:
    with new_draft(kept, names, partial(_fill, source, descriptor)) as draft:
        if os.utime not in os.supports_fd:
            shutil.copystat(source.path, kept.path / draft)
        place_new(kept, draft, kept, target)
    flush_folder(kept)


def _fill(source: MeantFile, descriptor: int, draft: int) -> None:
    if hash_blocks(descriptor, partial(write_all, draft)) != source.sha256:
        raise _Replaced
    if os.utime in os.supports_fd:
        _copy_marks(descriptor, draft)
    flush_file(draft)


def _copy_marks(descriptor: int, draft: int) -> None:
    """What the system knows of a file besides its bytes: its rights, its times, what others noted of it."""
    info = os.fstat(descriptor)
    os.fchmod(draft, info.st_mode & 0o777)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(descriptor):
                os.setxattr(draft, name, os.getxattr(descriptor, name))
    os.utime(draft, ns=(info.st_atime_ns, info.st_mtime_ns))


def _remove(folder: OpenFolder, name: str, meant: os.stat_result, copy: Copy, names: PrivateNames) -> None:
    """Take the file aside, look whether it is the one that was copied, and only then remove it."""
    copied = copy.info()
    with taken_aside(folder, name, names) as room:
        if not _is_same(room.lstat(name), meant) or not copy.still_there(copied):
            raise _Replaced
        room.unlink(name)
    flush_folder(folder)


def _is_same(file: os.stat_result, meant: os.stat_result) -> bool:
    return os.path.samestat(file, meant) and Fingerprint.of(meant).matches(file)
