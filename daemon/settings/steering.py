"""Change what papertray does by changing its settings file: device, model, watched folders.

The caller tells a running daemon to read the settings again.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from papertray.daemon.errors import FolderError, FolderMissing, SettingsError
from papertray.daemon.places import Places
from papertray.daemon.settings.edit import (
    check_content,
    with_folder,
    with_folder_values,
    with_server,
    with_value,
    without_folder,
    without_server,
    without_value,
)
from papertray.daemon.settings.file import read_text, save_text
from papertray.daemon.settings.sections import AUTO, DEVICE_NAMES, MODEL_NAMES
from papertray.engine.models.catalog import find_entry

CHOICES: Mapping[str, Sequence[str]] = {"device": DEVICE_NAMES, "model": MODEL_NAMES}


_CHANGING = threading.Lock()


def save_value(places: Places, key: str, written: str) -> None:
    """Have the settings file say this, once it is known to be acceptable."""
    _change_file(places, lambda content, path: with_value(content, path, key, written))


def remove_value(places: Places, key: str) -> None:
    """Have the settings file say nothing of this key, so that its default holds."""
    _change_file(places, lambda content, path: without_value(content, path, key))


def save_choice(places: Places, what: str, name: str) -> None:
    """Have the settings file say which device or model it shall be."""
    if what == "model" and name != AUTO:
        name = find_entry(name).name
    elif name not in CHOICES[what]:
        raise SettingsError(f"There is no {what} {name!r}.", f"There are {', '.join(CHOICES[what])}.")
    save_value(places, f"engine.{what}", name)


def add_server(places: Places, server: Mapping[str, Any]) -> None:
    """Have pages read there; one that stands in the settings with the same address is replaced."""
    _change_file(places, lambda content, path: with_server(content, path, server))


def remove_server(places: Places, number: int) -> None:
    _change_file(places, lambda content, path: without_server(content, path, number))


def require_folder(folder: Path) -> None:
    if not folder.exists():
        raise FolderMissing(folder)
    if not folder.is_dir():
        raise FolderError(f"{folder} is a file.", "Name the folder that holds it.")


def create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        require_folder(folder)
    except OSError as problem:
        raise FolderError(f"{folder} cannot be made: {problem.strerror}.", "Choose another place.") from None


def add_folder(
    places: Places, folder: Path, values: Mapping[str, Any], prepare: Callable[[Path], None] = require_folder
) -> None:
    """Watch one more folder. `prepare` makes sure that it is there, once it is known to be acceptable."""
    folder = full_path(folder)

    def with_this(content: str, path: Path) -> str:
        if folder in [other.path for other in check_content(content, path).folders]:
            raise FolderError(f"{folder} is watched already.", "Nothing was changed.")
        changed = with_folder(content, path, {"path": str(folder), **values})
        prepare(folder)
        for other in check_content(content, path).folders:
            if other.path.exists() and other.path.samefile(folder):
                raise FolderError(
                    f"{folder} is {other.path} under another name.", "That one is watched already."
                )
        return changed

    _change_file(places, with_this)


def remove_folder(places: Places, folder: Path) -> None:
    """Watch it no longer. Its files and notes stay as they are."""
    folder = full_path(folder)
    _change_file(
        places,
        lambda content, path: without_folder(content, path, _find_watched(folder, content, path)),
    )


def save_folder_values(places: Places, folder: Path, values: Mapping[str, Any]) -> None:
    """Have the settings file say this of a watched folder, and nothing of what is None."""
    folder = full_path(folder)
    _change_file(
        places,
        lambda content, path: with_folder_values(content, path, _find_watched(folder, content, path), values),
    )


def create_watched_folder(places: Places, folder: Path) -> None:
    """Make one that is watched and not there."""
    folder, path = full_path(folder), places.settings_file
    _find_watched(folder, read_text(path), path)
    create_folder(folder)


def _change_file(places: Places, change: Callable[[str, Path], str]) -> None:
    """Save what `change` makes of the settings file. One change after the other: none undoes another."""
    path = places.settings_file
    with _CHANGING:
        save_text(path, change(read_text(path), path))


def _find_watched(folder: Path, content: str, path: Path) -> int:
    """Which of the watched folders it is."""
    watched = [item.path for item in check_content(content, path).folders]
    if folder not in watched:
        raise SettingsError(
            f"{folder} is not watched.", f"Watched are: {', '.join(map(str, watched)) or 'none'}."
        )
    return watched.index(folder)


def full_path(folder: Path) -> Path:
    try:
        return Path(os.path.normpath(folder.expanduser().absolute()))
    except RuntimeError:
        raise FolderError(
            f"{folder} begins with a ~ that stands for no home places.", "Write it out."
        ) from None
