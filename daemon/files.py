"""Put files in place whole or not at all, and never over a file of somebody else's."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papertray.daemon.errors import DiskFull, NoteError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def put_file(content: bytes, target: Path, scratch: str, *, over: bool) -> None:
    """Write `content` to `target`. Without `over`, FileExistsError if something is there already."""
    with _translate_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(scratch)
        try:
            _write(draft, content)
            if over:
                draft.replace(target)
            else:
                _place_new(draft, target)
            _sync_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)


def move_file(source: Path, target: Path, scratch: str) -> None:
    """Move a file without ever overwriting one, also to another disk."""
    with _translate_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError as problem:
            if problem.errno not in _NO_LINKS | {errno.EXDEV}:
                raise
            draft = target.with_name(scratch)
            try:
                shutil.copy2(source, draft)
                _place_new(draft, target)
            finally:
                draft.unlink(missing_ok=True)
        source.unlink()


def replace_quietly(target: Path, text: str) -> None:
    """Put one of our own small files in place; when there is no room, the old one stays."""
    draft = target.with_name(f".{target.name}.tmp")
    with contextlib.suppress(OSError):
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)


def sha256_of(file: Path) -> str | None:
    """None when there is no such file, or it cannot be read: not known to be ours."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def _write(draft: Path, content: bytes) -> None:
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _place_new(draft: Path, target: Path) -> None:
    """A hard link never overwrites. Where there are none, an empty file holds the place for an instant."""
    try:
        os.link(draft, target)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        draft.replace(target)


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextmanager
def _translate_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise DiskFull(target.parent) from problem
        raise NoteError(
            f"{target.name} cannot be written to {target.parent}: {problem.strerror}.",
            "Give papertray the right to write there; it tries again by itself.",
        ) from problem
