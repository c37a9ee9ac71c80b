"""Change the settings file by key, as a person would by hand: comments stay, and nothing wrong is written.

Takes and gives the file's text; the caller saves it.
"""

import contextlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Array, Table

from papertray.daemon.errors import SettingsError
from papertray.daemon.settings import DEFAULTS, Settings, build_settings
from papertray.daemon.settings import file as settings_file
from papertray.daemon.settings.layers import says
from papertray.daemon.settings.words import exists, no_such_key, reach


def check_content(content: str, path: Path) -> Settings:
    """What the text means by itself, defaults below it. Raises SettingsError naming line and key."""
    return build_settings((DEFAULTS, settings_file.parse_layer(content, path)))


def with_value(content: str, path: Path, key: str, written: str) -> str:
    """The text with one key set. `written` is TOML where that fits (`3`, `["*.pdf"]`), else plain text."""
    parts = key.split(".")
    if not exists(Settings, parts):
        raise SettingsError(_sentence(no_such_key(Settings, parts)), "`papertray config show` lists them.")
    if reach(Settings, parts).inside:
        raise SettingsError(
            f"{key} holds several settings.", "Set one of them; `papertray config show` lists them."
        )
    problem: SettingsError | None = None
    for value in _readings(written):
        changed = _set(_document(content, path), parts, value).as_string()
        try:
            check_content(changed, path)
        except SettingsError as refused:
            problem = problem or refused
        else:
            return changed
    assert problem
    raise SettingsError(_without_place(problem.sentence, path), "Nothing was changed.")


def without_value(content: str, path: Path, key: str) -> str:
    """The text with one key back at its default."""
    document = _document(content, path)
    parts = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
    if not says(document.unwrap(), parts):
        raise SettingsError(
            f"{key} is not in {path}.", "`papertray config show` says where each value is from."
        )
    inside: Any = document
    for part in parts[:-1]:
        inside = inside[part]
    del inside[parts[-1]]
    check_content(document.as_string(), path)
    return document.as_string()


def with_folder(content: str, path: Path, folder: Mapping[str, Any]) -> str:
    document = _document(content, path)
    folders = _folders(document)
    if isinstance(folders, AoT):
        folders.append(_table(folder).add(tomlkit.nl()))
    else:
        folders.append(dict(folder))
    changed = document.as_string()
    try:
        check_content(changed, path)
    except SettingsError as refused:
        raise SettingsError(_without_place(refused.sentence, path), "Nothing was changed.") from None
    return changed


def without_folder(content: str, path: Path, number: int) -> str:
    document = _document(content, path)
    folders = _folders(document)
    del folders[number]
    if not folders:
        document.remove("folders")  # an empty list of tables cannot be written; an empty list can
        document = tomlkit.parse("folders = []\n" + document.as_string())
    check_content(document.as_string(), path)
    return document.as_string()


def _document(content: str, path: Path) -> TOMLDocument:
    settings_file.parse_toml(content, path)  # complains with the line
    return tomlkit.parse(content)


def _set(document: TOMLDocument, parts: Sequence[str], value: object) -> TOMLDocument:
    inside: Any = document
    for part in parts[:-1]:
        if part == "folders":
            inside = _folders(document)
        elif isinstance(inside, Sequence):
            inside = _item(inside, part)
        else:
            inside = inside.setdefault(part, tomlkit.table())
        if not isinstance(inside, Mapping | Sequence) or isinstance(inside, str):
            raise SettingsError(
                f"{part} is not a table in the settings file.", "`papertray config edit` opens it."
            )
    inside[parts[-1]] = value
    return document


def _item(folders: Sequence[Any], number: str) -> Any:
    if int(number) >= len(folders):
        raise SettingsError(f"There is no folder {number}.", "`papertray folders list` shows their numbers.")
    return folders[int(number)]


def _folders(document: TOMLDocument) -> AoT | Array:
    """The folders as the file holds them; a file that speaks of none watches the inbox, which stays."""
    if not document.get("folders"):
        implied = DEFAULTS.values["folders"] if "folders" not in document else []
        document.pop("folders", None)
        document["folders"] = tomlkit.aot()
        for folder in implied:
            document["folders"].append(_table(folder))
    folders: AoT | Array = document["folders"]
    return folders


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    table.update(values)
    return table


def _readings(written: str) -> Iterator[object]:
    with contextlib.suppress(tomllib.TOMLDecodeError):
        yield tomllib.loads(f"value = {written}")["value"]
    yield written


def _without_place(sentence: str, path: Path) -> str:
    """The line of a text that was never written helps nobody."""
    lines = [
        line.partition(": ")[2] if line.startswith(str(path)) else line for line in sentence.splitlines()
    ]
    return "\n".join(lines)


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
