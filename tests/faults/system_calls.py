"""Watch the calls by which files are changed, have one of them fail, or the process end after it.

Python's own functions of `os` are stood before, as a file system would: papertray's code knows nothing of it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CHANGING = (
    "open", "close", "read", "write", "fsync", "fchmod", "utime", "link", "rename", "replace", "unlink",
    "mkdir", "rmdir", "scandir", "listdir", "stat", "lstat", "fstat",
)  # fmt: skip


def name_of(place: object, folder: int | None = None) -> str:
    """A path, also of a descriptor, or of a name in a folder that is open."""
    if folder is not None:
        return str(Path(name_of(folder), os.fsdecode(place)))  # type: ignore[arg-type]
    if isinstance(place, int):
        return str(Path(f"/proc/self/fd/{place}").readlink())
    return os.fsdecode(place) if isinstance(place, (str, bytes, os.PathLike)) else str(place)


def watch_calls(
    monkeypatch: pytest.MonkeyPatch, *calls: str, before: Callable[[str], None] = lambda _path: None
) -> list[tuple[str, str]]:
    """What is called from now on, in order, with the path that it is about; `before` is called first."""
    made: list[tuple[str, str]] = []
    for call in calls:
        monkeypatch.setattr(os, call, _watched(call, getattr(os, call), made, before))
    return made


def _watched(
    call: str, real: Callable[..., Any], made: list[tuple[str, str]], before: Callable[[str], None]
) -> Callable[..., Any]:
    def watched(place: Any, *more: Any, **options: Any) -> Any:
        made.append((call, name_of(place, options.get("dir_fd", options.get("src_dir_fd")))))
        before(made[-1][1])
        return real(place, *more, **options)

    return watched
