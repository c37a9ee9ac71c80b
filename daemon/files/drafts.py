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

_NEW = (
    os.O_CREAT
    | os.O_EXCL
    | os.O_WRONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_PRIVATE = 0o600
_UMASK = os.umask(0o077)  # cannot be asked for without being changed: so once, before there are threads
os.umask(_UMASK)


def put_file(content: bytes, target: Path, names: PrivateNames | None = None, *, over: bool) -> None:
    """Write `content` to `target`, as readable as the umask lets every new file be.

    Without `over`, FileExistsError if something is there already.
    """
    with translate_disk_errors(target):
        make_folder(target.parent)
        with new_draft(target.parent, names or PrivateNames(), partial(_fill_public, content)) as draft:
            if over:
                draft.replace(target)
            else:
                place_new(draft, target)
        flush_folder(target.parent)


def replace_quietly(target: Path, text: str) -> None:
    """Put one of our own small files in place, for our eyes; when there is no room, the old one stays."""
    fill = partial(write_all, content=text.encode())
    with suppress(OSError), new_draft(target.parent, PrivateNames(), fill) as draft:
        draft.replace(target)


@contextmanager
def new_draft(folder: Path, names: PrivateNames, fill: Callable[[int], None]) -> Iterator[Path]:
    """A file that `fill` has written; none is left at the end."""
    draft = folder / names.draft()
    descriptor = os.open(draft, _NEW, _PRIVATE)
    try:
        try:
            fill(descriptor)
        finally:
            os.close(descriptor)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def place_new(draft: Path, target: Path) -> None:
    """A hard link never overwrites. Where there are none, an empty file holds the place for an instant."""
    try:
        os.link(draft, target)
    except OSError as problem:
        if problem.errno not in NO_LINKS:
            raise
        os.close(os.open(target, _NEW, _PRIVATE))
        draft.replace(target)


def _fill_public(content: bytes, descriptor: int) -> None:
    write_all(descriptor, content)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o666 & ~_UMASK)
    flush_file(descriptor)
