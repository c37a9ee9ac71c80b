"""An open folder. What is done in it is done there, wherever its path may lead by then.

On POSIX systems it is a descriptor, and every call is relative to it. Windows has no such calls: there the
folder is held so that nobody can rename it or what is above it, and then its path is looked at once.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, Self

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_CLOEXEC", 0)
_MAY_BE_LINKS = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}  # what systems say of a link not to be followed


class LinkInTheWay(OSError):
    """Where a file or a folder should be there is a link, or something behind one."""

    def __init__(self, place: Path) -> None:
        super().__init__(errno.ELOOP, "a link is in the way", str(place))


class OpenFolder(Protocol):
    """All names are of what lies directly in it. `path` is where it was found, for sentences alone."""

    path: Path

    def close(self) -> None: ...
    def enter(self, name: str) -> Self: ...
    def open(self, name: str, flags: int, mode: int = 0o600) -> int: ...
    def lstat(self, name: str) -> os.stat_result: ...
    def link(self, name: str, to: Self, new: str) -> None: ...
    def rename(self, name: str, to: Self, new: str) -> None: ...
    def replace(self, name: str, to: Self, new: str) -> None: ...
    def unlink(self, name: str) -> None: ...
    def mkdir(self, name: str, mode: int = 0o777) -> None: ...
    def rmdir(self, name: str) -> None: ...
    def names(self) -> list[str]: ...
    def entries(self) -> Iterator["os.DirEntry[str]"]:
        """Each is to be asked before the next is taken; its `path` means nothing."""
        ...


class DescriptorFolder:
    """Needs no right to list the folder, where the system can do without."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def root(cls, path: Path) -> Self:
        """Followed where it leads: whoever named it may have named a link."""
        return cls(path, os.open(path, _FOLDER))

    def close(self) -> None:
        os.close(self._descriptor)

    def enter(self, name: str) -> Self:
        return type(self)(self.path / name, self.open(name, _FOLDER))

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        try:
            return os.open(name, flags | _NO_LINK, mode, dir_fd=self._descriptor)
        except OSError as problem:
            if problem.errno in _MAY_BE_LINKS and stat.S_ISLNK(self.lstat(name).st_mode):
                raise LinkInTheWay(self.path / name) from problem
            raise

    def lstat(self, name: str) -> os.stat_result:
        return os.lstat(name, dir_fd=self._descriptor)

    def link(self, name: str, to: Self, new: str) -> None:
        here, there = self._descriptor, to._descriptor
        os.link(name, new, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)

    def rename(self, name: str, to: Self, new: str) -> None:
        os.rename(name, new, src_dir_fd=self._descriptor, dst_dir_fd=to._descriptor)

    def replace(self, name: str, to: Self, new: str) -> None:
        os.replace(name, new, src_dir_fd=self._descriptor, dst_dir_fd=to._descriptor)

    def unlink(self, name: str) -> None:
        os.unlink(name, dir_fd=self._descriptor)

    def mkdir(self, name: str, mode: int = 0o777) -> None:
        os.mkdir(name, mode, dir_fd=self._descriptor)

    def rmdir(self, name: str) -> None:
        os.rmdir(name, dir_fd=self._descriptor)

    def names(self) -> list[str]:
        listing = self.open(".", os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            return os.listdir(listing)  # noqa: PTH208 - a descriptor
        finally:
            os.close(listing)

    def entries(self) -> Iterator["os.DirEntry[str]"]:
        listing = self.open(".", os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            with os.scandir(listing) as entries:
                yield from entries
        finally:
            os.close(listing)


class PathFolder:
    """By its path, which nobody can lead elsewhere while it is held."""

    def __init__(self, path: Path, real: Path) -> None:
        self.path = path
        self._real = real
        self._hold = _hold(real)
        if _plain(real) != _plain(Path(os.path.realpath(real, strict=True))):
            self.close()
            raise LinkInTheWay(path)

    @classmethod
    def root(cls, path: Path) -> Self:
        return cls(path, Path(os.path.realpath(path, strict=True)))

    def close(self) -> None:
        if self._hold is not None:
            _release(self._hold)
            self._hold = None

    def enter(self, name: str) -> Self:
        if _leads_elsewhere(self.lstat(name)):
            raise LinkInTheWay(self.path / name)
        if not stat.S_ISDIR(self.lstat(name).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self.path / name))
        return type(self)(self.path / name, self._real / name)

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        place = self._real / name
        if os.path.lexists(place) and _leads_elsewhere(place.lstat()):
            raise LinkInTheWay(self.path / name)
        descriptor = os.open(place, (flags | _NO_LINK) & ~os.O_TRUNC, mode)
        if not os.path.samestat(place.lstat(), os.fstat(descriptor)):  # a link that came just now
            os.close(descriptor)
            raise LinkInTheWay(self.path / name)
        if flags & os.O_TRUNC:
            os.ftruncate(descriptor, 0)
        return descriptor

    def lstat(self, name: str) -> os.stat_result:
        return (self._real / name).lstat()

    def link(self, name: str, to: Self, new: str) -> None:
        os.link(self._real / name, to._real / new)

    def rename(self, name: str, to: Self, new: str) -> None:
        os.rename(self._real / name, to._real / new)  # noqa: PTH104

    def replace(self, name: str, to: Self, new: str) -> None:
        (self._real / name).replace(to._real / new)

    def unlink(self, name: str) -> None:
        (self._real / name).unlink()

    def mkdir(self, name: str, mode: int = 0o777) -> None:
        (self._real / name).mkdir(mode)

    def rmdir(self, name: str) -> None:
        (self._real / name).rmdir()

    def names(self) -> list[str]:
        return [place.name for place in self._real.iterdir()]

    def entries(self) -> Iterator["os.DirEntry[str]"]:
        with os.scandir(self._real) as entries:
            yield from entries


WAY: type[DescriptorFolder] | type[PathFolder]
WAY = DescriptorFolder if {os.open, os.link, os.rename, os.unlink} <= os.supports_dir_fd else PathFolder
"""How this system opens a folder."""


@contextmanager
def open_folder(
    root: Path, folder: Path, make: Callable[[OpenFolder, str], None] | None = None
) -> Iterator[OpenFolder]:
    """`folder` is `root` or lies below it; every step to it must be a folder itself, and no link.

    `make` makes a step that is missing.
    """
    depth = len(root.parts)
    lies_below = folder.parts[:depth] == root.parts or folder.is_relative_to(root)  # the first is quick
    if not lies_below or ".." in folder.parts[depth:]:
        raise LinkInTheWay(folder)
    here: OpenFolder = WAY.root(root)
    try:
        for name in folder.parts[depth:]:
            above, here = here, _entered(here, name, make)
            above.close()
        yield here
    finally:
        here.close()


def _entered(here: OpenFolder, name: str, make: Callable[[OpenFolder, str], None] | None) -> OpenFolder:
    try:
        return here.enter(name)
    except FileNotFoundError:
        if make is None:
            raise
    make(here, name)
    return here.enter(name)


def _leads_elsewhere(info: os.stat_result) -> bool:
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(info.st_mode) or getattr(info, "st_reparse_tag", 0) == junction


def _plain(path: Path) -> str:
    return os.path.normcase(path).removeprefix("\\\\?\\")


if sys.platform == "win32":
    import _winapi

    _SHARE_READ_AND_WRITE = 0x1 | 0x2  # not: renaming and deleting
    _LIST = 0x1
    _A_FOLDER, _NOT_WHERE_IT_LEADS = 0x02000000, 0x00200000

    def _hold(folder: Path) -> int | None:
        flags = _A_FOLDER | _NOT_WHERE_IT_LEADS
        return _winapi.CreateFile(
            str(folder), _LIST, _SHARE_READ_AND_WRITE, 0, _winapi.OPEN_EXISTING, flags, 0
        )

    def _release(hold: int) -> None:
        _winapi.CloseHandle(hold)
else:

    def _hold(folder: Path) -> int | None:
        """Other systems hold no folder by its path, and need not: they have descriptors."""

    def _release(hold: int) -> None: ...
