"""Move a file to where it is kept, also on another disk, so that at every moment it is whole on a disk.

First it is linked or copied, and that is flushed; only then it goes from where it was, by way of a private
folder in which nobody can replace it: so what is removed is what was copied, and nothing else.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from papertray.daemon.files.drafts import new_draft, place_new, write_all
from papertray.daemon.files.durable import flush_file, flush_folder, make_folder
from papertray.daemon.files.hashes import READ_ONLY, hash_blocks
from papertray.daemon.files.leavings import put_back
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.problems import NO_LINKS, OTHER_DISK, translate_disk_errors
from papertray.engine.documents import Fingerprint


class _Replaced(Exception):
    """What lies there is not, or no longer, what is meant."""


@dataclass(frozen=True, slots=True)
class MeantFile:
    """A file as it was when it was read: only that one is ever moved."""

    path: Path
    fingerprint: Fingerprint
    sha256: str


def copy_file(source: MeantFile, target: Path, names: PrivateNames) -> bool:
    """Have it at `target` too, on the disk; False when it is not there any more as it is meant.

    FileExistsError when `target` is taken.
    """
    with translate_disk_errors(target):
        make_folder(target.parent)
        try:
            with _opened(source) as descriptor:
                if not _link(source.path, target, descriptor):
                    _copy(source, descriptor, target, names)
        except (_Replaced, FileNotFoundError):
            return False
    return True


def remove_copied(source: MeantFile, copy: Path, names: PrivateNames) -> bool:
    """Remove a file of which `copy` is whole and flushed; False when it is not the one that is meant."""
    with translate_disk_errors(source.path):
        try:
            with _opened(source) as descriptor:
                meant = os.fstat(descriptor)
            _remove(source.path, meant, copy, names)  # Windows renames no file that is open
        except (_Replaced, FileNotFoundError):
            return False
    return True


@contextmanager
def _opened(source: MeantFile) -> Iterator[int]:
    descriptor = os.open(source.path, READ_ONLY)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or not source.fingerprint.matches(info):
            raise _Replaced
        yield descriptor
    finally:
        os.close(descriptor)


def _link(source: Path, target: Path, descriptor: int) -> bool:
    """Whether both can share one file. What was linked is the file that is open, or nothing is."""
    try:
        os.link(source, target)
    except OSError as problem:
        if problem.errno in NO_LINKS | OTHER_DISK:
            return False
        raise
    if not os.path.samestat(target.lstat(), os.fstat(descriptor)):
        target.unlink()
        raise _Replaced
    flush_file(descriptor)
    flush_folder(target.parent)
    return True


def _copy(source: MeantFile, descriptor: int, target: Path, names: PrivateNames) -> None:
    with new_draft(target.parent, names, partial(_fill, source, descriptor)) as draft:
        if os.utime not in os.supports_fd:
            shutil.copystat(source.path, draft)
        place_new(draft, target)
    flush_folder(target.parent)


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


def _remove(source: Path, meant: os.stat_result, copy: Path, names: PrivateNames) -> None:
    """Take the file aside, look whether it is the one that was copied, and only then remove it."""
    copied = copy.lstat()
    room = source.with_name(names.taken())
    room.mkdir(mode=0o700)
    taken = room / source.name
    try:
        source.rename(taken)
        try:
            if not _is_same(taken.lstat(), meant) or not _still_there(copy, copied):
                raise _Replaced
            taken.unlink()
        finally:
            if os.path.lexists(taken):
                put_back(taken, source)
    finally:
        room.rmdir()
    flush_folder(source.parent)


def _is_same(file: os.stat_result, meant: os.stat_result) -> bool:
    return os.path.samestat(file, meant) and Fingerprint.of(meant).matches(file)


def _still_there(copy: Path, copied: os.stat_result) -> bool:
    """Not so when both paths led to one file, through a second mount: then it went with the source."""
    try:
        return os.path.samestat(copy.lstat(), copied)
    except FileNotFoundError:
        return False
