"""What the system says when a file cannot be put in place, in our words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papertray.daemon.errors import DiskFull, NoteError
from papertray.engine.beneath import LinkInTheWay

NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What a file system answers that has no hard links, or none for this file."""
OTHER_DISK = {errno.EXDEV}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def translate_disk_errors(target: Path) -> Iterator[None]:
    """FileExistsError stays what it is: the caller takes another name."""
    try:
        yield
    except FileExistsError:
        raise
    except LinkInTheWay as problem:
        raise NoteError(
            f"{target.name} is not written to {target.parent}: {problem.filename} is a link.",
            "Put what it leads to in its place, or name that in the settings; it is tried again.",
        ) from problem
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise DiskFull(target.parent) from problem
        raise NoteError(
            f"{target.name} cannot be written to {target.parent}: {problem.strerror}.",
            "Give papertray the right to write there; a watched folder's notes are tried again.",
        ) from problem
