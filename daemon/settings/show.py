"""Every setting in force, and which source said it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from papertray.daemon.places import Places
from papertray.daemon.settings import build_settings, read_layers
from papertray.daemon.settings.keys import join_key
from papertray.daemon.settings.layers import Key


@dataclass(frozen=True, slots=True)
class SettingRow:
    key: str
    value: Any
    source: str  # "default", "file", "environment" or "option"
    place: str = ""


def settings_in_force(places: Places) -> list[SettingRow]:
    layers = read_layers(places)
    rows = []
    for key, value in _single_settings(build_settings(layers).model_dump(mode="json")):
        layer = next((layer for layer in reversed(layers) if layer.has(key)), layers[0])
        rows.append(SettingRow(join_key(key), value, layer.source, layer.place_of(key)))
    return rows


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
