"""Every setting in force, and which source said it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from papertray.daemon.places import Places
from papertray.daemon.settings import build_settings, read_layers
from papertray.daemon.settings.folder_sources import FolderSources
from papertray.daemon.settings.keys import join_key
from papertray.daemon.settings.layers import Key


@dataclass(frozen=True, slots=True)
class SettingRow:
    key: str
    value: Any
    source: str  # "default", "file", "environment", "option", "folder" or "general"
    place: str = ""  # which line or variable; of a folder's: which folder around it, or which general setting


def settings_in_force(places: Places) -> list[SettingRow]:
    layers = read_layers(places)
    settings = build_settings(layers)
    sources = FolderSources(settings, layers)
    rows = []
    for key, value in _single_settings(settings.model_dump(mode="json")):
        layer = next((layer for layer in reversed(layers) if layer.has(key)), layers[0])
        row = SettingRow(join_key(key), value, layer.source, layer.place_of(key))
        rows.append(_where_inherited(row, key, sources) if key[0] == "folders" else row)
    return rows


def _where_inherited(row: SettingRow, key: Key, sources: FolderSources) -> SettingRow:
    """Of a folder that does not say it itself."""
    match key:
        case (_, int(number), str(name)):
            source = sources.find(number, name)
            if source.kind == "folder":
                return replace(row, source="folder", place=source.place)
            if source.kind == "general":
                return replace(row, source="general", place=source.place)
    return row


def _single_settings(value: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """A list of plain values is one, a list of tables is not."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _single_settings(inner, (*key, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from _single_settings(inner, (*key, number))
    else:
        yield key, value
