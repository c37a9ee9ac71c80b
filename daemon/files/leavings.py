"""Tidy a folder of what a killed process of this installation left under its private names.

A draft is removed. A file of another's that was taken aside goes back to its name, or beside it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from papertray.daemon.files.drafts import place_new
from papertray.daemon.files.lengths import LONGEST_NAME, shorten_name
from papertray.daemon.files.names import DRAFT, TAKEN, PrivateNames
from papertray.daemon.files.problems import translate_disk_errors
from papertray.engine.beneath import OpenFolder, open_folder


def tidy_folder(folder: Path, names: PrivateNames, root: Path | None = None) -> None:
    """Only while no other process of this installation is at work there. Below `root` no link is followed."""
    with (
        translate_disk_errors(folder / "a note"),
        suppress(FileNotFoundError, NotADirectoryError),
        open_folder(root or folder, folder) as opened,
    ):
        for name in _own_leavings(opened, names):
            if name.endswith(DRAFT):
                opened.unlink(name)
            elif name.endswith(TAKEN):
                _empty(name, opened)


def put_back(room: OpenFolder, taken: str, folder: OpenFolder) -> None:
    """Without overwriting: what is in its place by now stays there."""
    for place in numbered_names(Path(taken)):
        try:
            _place(room, taken, folder, place.name)
        except FileExistsError:
            continue
        return


def numbered_names(place: Path) -> Iterator[Path]:
    """`scan.pdf`, `scan.2.pdf`, `scan.3.pdf`, for ever."""
    yield place
    stem, dot, suffix = place.name.rpartition(".")
    for number in count(2):
        ending = f".{number}.{suffix}" if dot else f".{number}"
        room = max(1, LONGEST_NAME - len(os.fsencode(ending)))
        yield place.with_name(f"{shorten_name(stem if dot else place.name, room)}{ending}")


def exists(folder: OpenFolder, name: str) -> bool:
    try:
        folder.lstat(name)
    except FileNotFoundError:
        return False
    return True


def _empty(name: str, folder: OpenFolder) -> None:
    room = folder.enter(name)
    try:
        for taken in room.names():
            put_back(room, taken, folder)
    finally:
        room.close()
    folder.rmdir(name)


def _place(room: OpenFolder, taken: str, folder: OpenFolder, name: str) -> None:
    if stat.S_ISDIR(room.lstat(taken).st_mode):  # a folder cannot be linked; nor does one replace a file
        if exists(folder, name):
            raise FileExistsError
        room.rename(taken, folder, name)
        return
    place_new(room, taken, folder, name)
    with suppress(FileNotFoundError):  # it is gone where there are no links
        room.unlink(taken)


def _own_leavings(folder: OpenFolder, names: PrivateNames) -> list[str]:
    try:
        return [name for name in folder.names() if names.is_own(name)]
    except PermissionError:
        return []  # into some folders one may put things but not look
