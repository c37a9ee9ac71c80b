"""Every setting in force, and which side said it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from papertray.daemon.places import Places
from papertray.daemon.settings import build_settings, setting_layers
from papertray.daemon.settings.layers import Key
from papertray.daemon.settings.words import dotted


@dataclass(frozen=True, slots=True)
class SettingRow:
    key: str
    value: Any
    source: str  # "default", "file", "environment" or "option"
    place: str = ""


def settings_in_force(places: Places) -> list[SettingRow]:
    sides = setting_layers(places)
    rows = []
    for key, value in _leaves(build_settings(sides).model_dump(mode="json")):
        side = next((side for side in reversed(sides) if side.says(key)), sides[0])
        rows.append(SettingRow(dotted(key), value, side.source, side.place(key)))
    return rows


def _leaves(value: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """The single settings; a list of plain values is one, a list of tables is not."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*key, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*key, number))
    else:
        yield key, value
