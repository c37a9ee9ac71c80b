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
from papertray.daemon.settings.file import parse_file_layer, parse_toml
from papertray.daemon.settings.keys import join_key, key_exists, match_key, parse_key
from papertray.daemon.settings.layers import Key, has_key
from papertray.daemon.settings.mistakes import begin_sentence, describe_unknown_key
from papertray.daemon.settings.new_line import move_new_line


def check_content(content: str, path: Path) -> Settings:
    """What the text means by itself, defaults below it. Raises SettingsError naming line and key."""
    return build_settings((DEFAULTS, parse_file_layer(content, path)))


def with_value(content: str, path: Path, key: str, written: str) -> str:
    """The text with one key set. `written` is TOML where that fits (`3`, `["*.pdf"]`), else plain text."""
    parts = parse_key(key)
    if not key_exists(Settings, parts):
        raise SettingsError(
            begin_sentence(describe_unknown_key(Settings, parts)), "`papertray config show` lists them."
        )
    if match_key(Settings, parts).table:
        raise SettingsError(
            f"{key} holds several settings.", "Set one of them; `papertray config show` lists them."
        )
    problem: SettingsError | None = None
    for value in _possible_values(written):
        try:
            return _with_parsed_value(content, path, parts, value)
        except SettingsError as refused:
            problem = problem or refused
    assert problem
    raise problem


def with_folder_values(content: str, path: Path, number: int, values: Mapping[str, Any]) -> str:
    """The text with these settings of the watched folder of that number, and without those that are None."""
    for name, value in values.items():
        key: Key = ("folders", number, name)
        if not key_exists(Settings, key):
            raise SettingsError(begin_sentence(describe_unknown_key(Settings, key)), "Nothing was changed.")
        if value is not None:
            content = _with_parsed_value(content, path, key, value)
        elif has_key(parse_toml(content, path), key):
            content = without_value(content, path, join_key(key))
    return content


def _with_parsed_value(content: str, path: Path, key: Key, value: object) -> str:
    document = _parse_document(content, path)
    _set_value(document, key, value)
    return move_new_line(content, _require_right(document, path), key)


def without_value(content: str, path: Path, key: str) -> str:
    """The text with one key back at its default."""
    document, parts = _parse_document(content, path), parse_key(key)
    if not has_key(document.unwrap(), parts):
        raise SettingsError(
            f"{key} is not in {path}.", "`papertray config show` says where each value is from."
        )
    table: Any = document
    for part in parts[:-1]:
        table = table[part]
    del table[parts[-1]]
    check_content(document.as_string(), path)
    return document.as_string()


def with_folder(content: str, path: Path, folder: Mapping[str, Any]) -> str:
    """The text with one more watched folder."""
    document = _parse_document(content, path)
    folders = _folder_list(document)
    if isinstance(folders, AoT):
        folders.append(_table(folder).add(tomlkit.nl()))
    else:
        folders.append(dict(folder))
    return _require_right(document, path)


def without_folder(content: str, path: Path, number: int) -> str:
    """The text without the watched folder of that number, counted from 0."""
    document = _parse_document(content, path)
    folders = _folder_list(document)
    del folders[number]
    if not folders:
        document.remove("folders")  # an empty list of tables cannot be written; an empty list can
        document = tomlkit.parse("folders = []\n" + document.as_string())
    check_content(document.as_string(), path)
    return document.as_string()


def with_server(content: str, path: Path, server: Mapping[str, Any]) -> str:
    """The text with one more server that reads pages; one at the same address goes."""
    document = _parse_document(content, path)
    servers = _server_list(document)
    for number in reversed(range(len(servers))):
        if servers[number].get("url") == server["url"]:
            del servers[number]
    if isinstance(servers, AoT):
        servers.append(_table(server).add(tomlkit.nl()))
    else:
        servers.append(dict(server))
    return _require_right(document, path)


def without_server(content: str, path: Path, number: int) -> str:
    """The text without the server of that number, counted from 0."""
    document = _parse_document(content, path)
    servers = _server_list(document)
    del servers[number]
    if not servers:
        engine: Any = document["engine"]
        del engine["servers"]
    return _require_right(document, path)


def _server_list(document: TOMLDocument) -> AoT | Array:
    engine: Any = document.setdefault("engine", tomlkit.table())
    if not engine.get("servers"):
        engine.pop("servers", None)
        engine["servers"] = tomlkit.aot()
    servers: AoT | Array = engine["servers"]
    return servers


def _parse_document(content: str, path: Path) -> TOMLDocument:
    parse_toml(content, path)  # complains with the line
    return tomlkit.parse(content)


def _require_right(document: TOMLDocument, path: Path) -> str:
    """The changed text. What is wrong in it is told without a line: the text was never written."""
    changed = document.as_string()
    try:
        check_content(changed, path)
    except SettingsError as problem:
        mistakes = (
            line.partition(": ")[2] if line.startswith(str(path)) else line
            for line in problem.sentence.splitlines()
        )
        raise SettingsError("\n".join(mistakes), "Nothing was changed.") from None
    return changed


def _set_value(document: TOMLDocument, key: Key, value: object) -> None:
    table: Any = document
    for part in key[:-1]:
        if part == "folders":
            table = _folder_list(document)
        elif isinstance(part, int):
            table = _folder_table(table, part)
        else:
            table = table.setdefault(part, tomlkit.table())
        if not isinstance(table, Mapping | Sequence) or isinstance(table, str):
            raise SettingsError(
                f"{part} is not a table in the settings file.", "`papertray config edit` opens it."
            )
    table[key[-1]] = value


def _folder_table(folders: Sequence[Any], number: int) -> Any:
    if number >= len(folders):
        raise SettingsError(f"There is no folder {number}.", "`papertray folders list` shows their numbers.")
    return folders[number]


def _folder_list(document: TOMLDocument) -> AoT | Array:
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


def _possible_values(written: str) -> Iterator[object]:
    with contextlib.suppress(tomllib.TOMLDecodeError):
        yield tomllib.loads(f"value = {written}")["value"]
    yield written
