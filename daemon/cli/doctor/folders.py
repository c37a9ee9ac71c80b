"""Checks of folders: papertray's own, those it watches, and the disks that they are on."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.cli.screen import printable_name
from papertray.daemon.places import Places

LOW_SPACE = 500_000_000
INOTIFY = Path("/proc/sys/fs/inotify/max_user_watches")


def check_own_folders(places: Places) -> Iterator[Finding]:
    for path in (places.config, places.state, places.logs, places.cache):
        if path.exists():
            yield _check_access("own folder", path, os.W_OK | os.X_OK)


def check_folders(places: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    for folder in load_settings(places).folders:
        yield _check_access("folder", folder.path, os.R_OK | os.X_OK)
        if folder.notes == "beside":
            yield _check_access("notes", folder.path, os.W_OK | os.X_OK)
        else:  # it is made for the first note
            yield _check_access("notes", _nearest_existing(folder.notes), os.W_OK | os.X_OK)


def check_watches(places: Places) -> Iterator[Finding]:
    """Linux counts watched directories for each user; beyond its limit new files are seen late."""
    from papertray.daemon.settings import load_settings

    if not INOTIFY.exists():
        return
    limit = int(INOTIFY.read_text())
    folders = load_settings(places).folders
    needed = sum(_count_directories(folder.path) for folder in folders if folder.recursive)
    if needed < limit / 2:
        yield Finding("watches", "good", f"{needed} of {limit} directories are watched.")
        return
    yield Finding(
        "watches",
        "look",
        f"The folders hold {needed} directories and this system watches at most {limit}.",
        f"Raise it: `sudo sysctl fs.inotify.max_user_watches={max(524288, 2 * needed)}`.",
    )


def check_space(places: Places) -> Iterator[Finding]:
    from papertray.daemon.settings import load_settings

    paths = [places.state, *(folder.path for folder in load_settings(places).folders)]
    for path in {_nearest_existing(path) for path in paths}:
        free = shutil.disk_usage(path).free
        size, place = f"{free / 1e9:.1f}", printable_name(path)
        enough = free > LOW_SPACE
        yield Finding(
            "space",
            "good" if enough else "bad",
            f"{size} GB are free at {place}.",
            "" if enough else "Make room.",
        )


def _check_access(about: str, path: Path, mode: int) -> Finding:
    writes, name = bool(mode & os.W_OK), printable_name(path)
    if not path.is_dir():
        return Finding(about, "bad", f"{name} is not there.", "Make it; `papertray` makes the inbox.")
    if not os.access(path, mode):
        return Finding(
            about,
            "bad",
            f"{name} cannot be written to." if writes else f"{name} cannot be read.",
            "Change its permissions.",
        )
    return Finding(about, "good", f"{name} can be written to." if writes else f"{name} can be read.")


def _count_directories(root: Path) -> int:
    return sum(1 for _ in os.walk(root))


def _nearest_existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return path if path.exists() else _nearest_existing(path.parent)
