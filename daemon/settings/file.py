"""The settings file: read with line numbers, changed with its comments kept, replaced in one step.

Takes and gives TOML text; what the keys mean is not known here.
"""

import contextlib
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places
from papertray.daemon.settings.layers import Key, SettingsLayer, has_key
from papertray.daemon.settings.template import TEMPLATE


def file_layer(path: Path) -> SettingsLayer:
    return parse_file_layer(read_text(path), path)


def parse_file_layer(content: str, path: Path) -> SettingsLayer:
    return SettingsLayer(
        "file", parse_toml(content, path), lambda key: f"{path}, line {line_of(content, key)}"
    )


def read_text(path: Path) -> str:
    """What the file says; nothing where there is none. A byte-order mark (Notepad's) is no fault."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text.", "Save it again as UTF-8.") from None
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.strerror}.", "Check its permissions.") from None


def parse_toml(content: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as problem:
        what, _, place = str(problem).partition(" (at ")
        line = re.search(r"\d+", place)
        where = f"{path}, line {line.group()}" if line else f"{path}, at the end"
        raise SettingsError(
            f"{where}: this is not TOML: {what}.", "`papertray config edit` opens it."
        ) from None


def line_of(content: str, key: Key) -> int:
    """The line a key begins on; for a key that is missing, the line of the table it belongs in.

    The key is there after some line and was not before. A value over several lines is there only after its
    last one, so what counts is the line after the text last made sense.
    """
    lines = content.splitlines(keepends=True)
    for length in range(len(key), 0, -1):
        begins = 1
        for number in range(1, len(lines) + 1):
            with contextlib.suppress(tomllib.TOMLDecodeError):
                if has_key(tomllib.loads("".join(lines[:number])), key[:length]):
                    return begins
                begins = number + 1
    return 1


def save_text(path: Path, content: str) -> None:
    """Put the text in place in one step. A linked settings file stays a link."""
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "wb", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as draft:
            draft.write(content.encode())
            draft.flush()
            os.fsync(draft.fileno())
        if target.exists():
            Path(draft.name).chmod(target.stat().st_mode & 0o777)
        Path(draft.name).replace(target)
    except OSError as problem:
        raise SettingsError(
            f"{path} cannot be written: {problem.strerror}.", "Nothing was changed."
        ) from None


def write_default(places: Places) -> None:
    """Give a new user a file to edit; one that is there is left alone."""
    if not places.settings_file.exists():
        save_text(places.settings_file, TEMPLATE)
