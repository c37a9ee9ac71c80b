"""Have the disk keep what was written: what returned from here is there after a power cut.

Windows keeps its folders by itself and lets nobody ask for it.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from papertray.engine.beneath import OpenFolder, open_folder

_CANNOT = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}  # some shares flush no folders


def flush_file(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # its fsync stops at the disk's own cache
        except OSError:
            os.fsync(descriptor)  # a share knows no other
    elif sys.platform == "win32":
        try:
            os.fsync(descriptor)
        except OSError as problem:
            if problem.errno != errno.EBADF:  # opened for reading alone: nothing of ours to be flushed
                raise
    else:
        os.fsync(descriptor)


def flush_folder(folder: OpenFolder) -> None:
    """Which names the folder holds."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        descriptor = folder.open(".", os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        os.sync()  # a folder into which one may put things but not look: flush all disks instead
        return
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in _CANNOT:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def make_folder(folder: Path, root: Path | None = None) -> Iterator[OpenFolder]:
    """With all that is missing above it, each on the disk; below the root no link leads to it.

    Without a root, the folder is one that a person named, like everything above it.
    """
    root = root or folder
    there = next(place for place in (root, *root.parents) if place.is_dir())
    if there != root:
        with open_folder(there, root, make=_make):
            pass
    with open_folder(root, folder, make=_make) as opened:
        yield opened


def _make(above: OpenFolder, name: str) -> None:
    with suppress(FileExistsError):  # another was quicker
        above.mkdir(name)
    flush_folder(above)
