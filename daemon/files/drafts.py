"""Write a file beside its place under a private name, and put it there whole.

A draft is its owner's alone while it is written, and whoever foresaw its name finds it refused, not followed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from papertray.daemon.files.durable import flush_file, flush_folder, make_folder
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.problems import NO_LINKS, translate_disk_errors
from papertray.engine.beneath import OpenFolder, open_folder

_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY
_PRIVATE = 0o600
_UMASK = os.umask(0o077)  # cannot be asked for without being changed: so once, before there are threads
os.umask(_UMASK)


def put_file(
    content: bytes,
    target: Path,
    names: PrivateNames | None = None,
    *,
    over: bool,
    root: Path | None = None,
    mtime_ns: int | None = None,
) -> None:
    """Write `content` to `target`, as readable as the umask lets every new file be.

    Below `root` no link is followed. Without `over`, FileExistsError if something is there already.
    `mtime_ns` is the time from which it shall be, where that is not now.
    """
    fill = partial(_fill_public, content, mtime_ns)
    with translate_disk_errors(target), make_folder(target.parent, root) as folder:
        with new_draft(folder, names or PrivateNames(), fill) as draft:
            if over:
                folder.replace(draft, folder, target.name)
            else:
                place_new(folder, draft, folder, target.name)
        flush_folder(folder)


def replace_quietly(target: Path, text: str) -> None:
    """Put one of our own small files in place, for our eyes; when there is no room, the old one stays."""
    fill = partial(write_all, content=text.encode())
    with (
        suppress(OSError),
        open_folder(target.parent, target.parent) as folder,
        new_draft(folder, PrivateNames(), fill) as draft,
    ):
        folder.replace(draft, folder, target.name)


@contextmanager
def new_draft(folder: OpenFolder, names: PrivateNames, fill: Callable[[int], None]) -> Iterator[str]:
    """The name of a file in the folder that `fill` has written; none is left at the end."""
    draft = names.draft()
    descriptor = folder.open(draft, _NEW, _PRIVATE)
    try:
        try:
            fill(descriptor)
        finally:
            os.close(descriptor)
        yield draft
    finally:
        with suppress(FileNotFoundError):
            folder.unlink(draft)


def write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def place_new(here: OpenFolder, draft: str, there: OpenFolder, name: str) -> None:
    """A hard link never overwrites. Where there are none, an empty file holds the place for an instant."""
    try:
        here.link(draft, there, name)
    except OSError as problem:
        if problem.errno not in NO_LINKS:
            raise
        os.close(there.open(name, _NEW, _PRIVATE))
        here.replace(draft, there, name)


def _fill_public(content: bytes, mtime_ns: int | None, descriptor: int) -> None:
    write_all(descriptor, content)
    if mtime_ns is not None and os.utime in os.supports_fd:
        os.utime(descriptor, ns=(mtime_ns, mtime_ns))
    make_public(descriptor)


def make_public(descriptor: int) -> None:
    """As readable as the umask lets every new file be; and on the disk."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o666 & ~_UMASK)
    flush_file(descriptor)
