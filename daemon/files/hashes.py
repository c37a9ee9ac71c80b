"""Which bytes a file holds. Nothing is changed; a link is not followed."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import ExitStack

from papertray.daemon.files.durable import flush_file, flush_folder
from papertray.engine.beneath import FileBeneath, open_folder
from papertray.engine.errors import NotAFile

READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place holds nobody up
_NOT_OURS = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO}
_BLOCK = 1 << 20


def read_file(file: FileBeneath, length: int = -1) -> bytes | None:
    """Its first bytes, or all; None when it is not there or cannot be read: it is not known to be ours."""
    try:
        with os.fdopen(file.open_itself(), "rb") as opened:
            return opened.read(length)
    except (OSError, NotAFile):
        return None


def sha256_of(file: FileBeneath) -> str | None:
    """None as `read_file` has it."""
    content = read_file(file)
    return None if content is None else hashlib.sha256(content).hexdigest()


def hash_blocks(descriptor: int, copy: Callable[[bytes], object] = len) -> str:
    """From where it stands to its end; `copy` gets every block on the way."""
    whole = hashlib.sha256()
    while block := os.read(descriptor, _BLOCK):
        whole.update(block)
        copy(block)
    return whole.hexdigest()


def is_whole_copy(file: FileBeneath, size: int, sha256: str) -> bool:
    """Whether these very bytes stand there; then they do so on the disk, after a power cut too."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(open_folder(file.root, file.path.parent))
            descriptor = folder.open(file.path.name, READ_ONLY)
        except OSError as problem:
            if problem.errno not in _NOT_OURS:
                raise
            return False
        stack.callback(os.close, descriptor)
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or info.st_size != size or hash_blocks(descriptor) != sha256:
            return False
        flush_file(descriptor)
        flush_folder(folder)
        return True
