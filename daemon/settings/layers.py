"""Layers of settings: what one side says (defaults, file, environment, options), and how they are merged.

Plain dictionaries in and out; nothing is validated here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Key = tuple[str | int, ...]


def nowhere(_: Key) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One side's word. `place` tells a person where a key was said: a line of the file, a variable."""

    source: str  # "default", "file", "environment", "option"
    values: Mapping[str, Any]
    place: Callable[[Key], str] = nowhere

    def says(self, key: Key) -> bool:
        return says(self.values, key)


def says(value: Any, key: Key) -> bool:
    """Whether this key is there; a number finds its item in a list, or under its name in a table."""
    for part in key:
        if isinstance(value, Mapping) and str(part) in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return False
    return True


def merge_layers(layers: Iterable[Layer]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for layer in layers:
        result = _over(result, layer.values)
    return result


def _over(below: Any, above: Any) -> Any:
    """Tables are merged key by key; `{"0": …}` changes one item of a list; everything else replaces."""
    if isinstance(below, list) and isinstance(above, Mapping) and all(key.isdecimal() for key in above):
        items = dict(enumerate(below))
        for key, value in above.items():
            items[int(key)] = _over(items.get(int(key), {}), value)
        return [items[number] for number in sorted(items)]
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}
    return above


def nest(options: Mapping[str, object]) -> dict[str, Any]:
    """`engine__device="cpu"` as tables; an option that was not given (None) says nothing."""
    result: dict[str, Any] = {}
    for name, value in options.items():
        if value is not None:
            result = _over(result, _table(name.split("__"), value))
    return result


def _table(parts: list[str], value: object) -> dict[str, object]:
    head, *rest = parts
    return {head: _table(rest, value) if rest else value}
