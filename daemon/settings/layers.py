"""Layers of settings: what one source says (defaults, file, environment, options), and how they are merged.

Plain dictionaries in and out; nothing is validated here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Key = tuple[str | int, ...]


def _no_place(_key: Key) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class SettingsLayer:
    """What one source says. `place_of` tells a person where it says a key: a line of the file, a variable."""

    source: str  # "default", "file", "environment", "option"
    values: Mapping[str, Any]
    place_of: Callable[[Key], str] = _no_place

    def has(self, key: Key) -> bool:
        return has_key(self.values, key)


def has_key(value: Any, key: Key) -> bool:
    """Whether this key is there; a number finds its item in a list, or under its name in a table."""
    for part in key:
        if isinstance(value, Mapping) and str(part) in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return False
    return True


def merge_layers(layers: Iterable[SettingsLayer]) -> dict[str, Any]:
    """One table of values; of two layers that say the same key, the later one wins."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merge(merged, layer.values)
    return merged


def nest_options(options: Mapping[str, object]) -> dict[str, Any]:
    """`engine__device="cpu"` as tables; an option that was not given (None) says nothing."""
    tables: dict[str, Any] = {}
    for name, value in options.items():
        if value is not None:
            tables = _merge(tables, _nest(name.split("__"), value))
    return tables


def _merge(below: Any, above: Any) -> Any:
    """Tables are merged key by key; `{"0": …}` changes one item of a list; everything else replaces."""
    if isinstance(below, list) and isinstance(above, Mapping) and all(key.isdecimal() for key in above):
        items = dict(enumerate(below))
        for key, value in above.items():
            items[int(key)] = _merge(items.get(int(key), {}), value)
        return [items[number] for number in sorted(items)]
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: _merge(below.get(key), value) for key, value in above.items()}}
    return above


def _nest(parts: list[str], value: object) -> dict[str, object]:
    head, *rest = parts
    return {head: _nest(rest, value) if rest else value}
