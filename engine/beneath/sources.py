"""A file that is to be read: how one gets from what is known of it to a descriptor. Nothing is written.

Whatever is opened is an ordinary file: a pipe or a device in its place is neither read nor waited for.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from papertray.engine.beneath.folders import LinkInTheWay, open_folder
from papertray.engine.errors import DiskTrouble, DocumentGone, LeadsOutside, NotAFile, NotAllowed

_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place holds nobody up
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class Source(Protocol):
    """`path` is what a person calls it."""

    @property
    def path(self) -> Path: ...
    def open(self) -> int:
        """A descriptor of its own for whoever asks; OSError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a person named: links are followed, as everywhere."""

    path: Path

    def open(self) -> int:
        _require_file(self.path, self.path.stat())  # opening some devices does something
        return _checked(self.path, os.open(self.path, _READ))


@dataclass(frozen=True, slots=True)
class FileBeneath:
    """A file below `root`. A link there that leads to a file below it too stands for that file."""

    root: Path
    path: Path

    def open(self) -> int:
        try:
            return self.open_itself()
        except LinkInTheWay:
            root, target = (Path(os.path.realpath(path)) for path in (self.root, self.path))
            if not target.is_relative_to(root):
                raise
        return FileBeneath(root, target).open_itself()

    def open_itself(self) -> int:
        """Nor is a link taken that stays beneath the root."""
        with open_folder(self.root, self.path.parent) as folder:
            _require_file(self.path, folder.lstat(self.path.name))
            return _checked(self.path, folder.open(self.path.name, _READ))


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that is open already, and stays so as long as this is used."""

    path: Path
    descriptor: int

    def open(self) -> int:
        return os.dup(self.descriptor)


@contextmanager
def open_source(source: Source) -> Iterator[int]:
    """Its descriptor, for reading from the start; a DocumentError says why there is none."""
    with translate_problems(source.path):
        descriptor = source.open()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def translate_problems(path: Path) -> Iterator[None]:
    """What a system says when a document cannot be opened, in our words."""
    try:
        yield
    except LinkInTheWay as problem:
        raise LeadsOutside(path) from problem
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise DocumentGone(path) from problem
    except PermissionError as problem:
        raise NotAllowed(path) from problem
    except OSError as problem:
        raise DiskTrouble(path, problem.errno or 0) from problem


def _checked(path: Path, descriptor: int) -> int:
    try:
        _require_file(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _require_file(path: Path, info: os.stat_result) -> None:
    """A link is none either: whoever follows one has done so by then."""
    if stat.S_ISLNK(info.st_mode):
        raise LinkInTheWay(path)
    if not stat.S_ISREG(info.st_mode):
        raise NotAFile(path)
