"""Which bytes a file holds. Nothing is changed; a link is not followed."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from papertray.daemon.files.durable import flush_file, flush_folder

READ_ONLY = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place holds nobody up
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_NOT_OURS = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO}
_BLOCK = 1 << 20


def sha256_of(file: Path) -> str | None:
    """None when there is no such file, or it cannot be read: not known to be ours."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def hash_blocks(descriptor: int, copy: Callable[[bytes], object] = len) -> str:
    """From where it stands to its end; `copy` gets every block on the way."""
    whole = hashlib.sha256()
    while block := os.read(descriptor, _BLOCK):
        whole.update(block)
        copy(block)
    return whole.hexdigest()


def is_whole_copy(file: Path, size: int, sha256: str) -> bool:
    """Whether these very bytes stand there; then they do so on the disk, after a power cut too."""
    try:
        descriptor = os.open(file, READ_ONLY)
    except OSError as problem:
        if problem.errno not in _NOT_OURS:
            raise
        return False
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or info.st_size != size or hash_blocks(descriptor) != sha256:
            return False
        flush_file(descriptor)
    finally:
        os.close(descriptor)
    flush_folder(file.parent)
    return True
