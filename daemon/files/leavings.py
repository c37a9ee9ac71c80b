"""Tidy a folder of what a killed process of this installation left under its private names.

A draft is removed. A file of another's that was taken aside goes back to its name, or beside it.
"""

import os
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from papertray.daemon.files.drafts import place_new
from papertray.daemon.files.names import DRAFT, TAKEN, PrivateNames
from papertray.daemon.files.problems import translate_disk_errors


def tidy_folder(folder: Path, names: PrivateNames) -> None:
    """Only while no other process of this installation is at work there."""
    with translate_disk_errors(folder / "a note"):
        for name in _own_leavings(folder, names):
            leaving = folder / name
            if name.endswith(DRAFT):
                leaving.unlink()
            elif name.endswith(TAKEN):
                for taken in list(leaving.iterdir()):
                    put_back(taken, folder / taken.name)
                leaving.rmdir()


def put_back(taken: Path, place: Path) -> None:
    """Without overwriting: what is in its place by now stays there."""
    for name in numbered_names(place):
        try:
            _place(taken, name)
        except FileExistsError:
            continue
        return


def numbered_names(place: Path) -> Iterator[Path]:
    """`scan.pdf`, `scan.2.pdf`, `scan.3.pdf`, for ever."""
    yield place
    stem, dot, suffix = place.name.rpartition(".")
    for number in count(2):
        yield place.with_name(f"{stem}.{number}.{suffix}" if dot else f"{place.name}.{number}")


def _place(taken: Path, name: Path) -> None:
    if stat.S_ISDIR(taken.lstat().st_mode):  # a folder cannot be linked; nor does one replace a file
        if os.path.lexists(name):
            raise FileExistsError
        taken.rename(name)
        return
    place_new(taken, name)
    taken.unlink(missing_ok=True)  # it is gone where there are no links


def _own_leavings(folder: Path, names: PrivateNames) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if names.is_own(entry.name)]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # into some folders one may put things but not look
