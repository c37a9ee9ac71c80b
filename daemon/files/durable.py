"""Have the disk keep what was written: what returned from here is there after a power cut.

Windows keeps its folders by itself and lets nobody ask for it.
"""

import errno
import os
import sys
from pathlib import Path

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


def flush_folder(folder: Path) -> None:
    """Which names the folder holds."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
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


def make_folder(folder: Path) -> None:
    """With all that is missing above it, each on the disk."""
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    for place in reversed(missing):
        try:
            place.mkdir(exist_ok=True)
        except FileExistsError as problem:  # no folder: another name for what goes into it would not help
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place)) from problem
        flush_folder(place.parent)
