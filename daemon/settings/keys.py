"""Which settings there are: their keys, as the models have them, and the key that a typo likely meant."""

import difflib
import typing
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from papertray.daemon.settings.layers import Key

SettingsModel = type[BaseModel]


def parse_key(text: str) -> Key:
    """`folders.0.settle` in its parts; a number is one of a list's items."""
    return tuple(int(part) if part.isdecimal() else part for part in text.split("."))


def join_key(key: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in key)


def table_model(model: SettingsModel, name: str) -> SettingsModel | None:
    """The model behind a key that holds a table, or a list of tables; None for a plain value."""
    kind = model.model_fields[name].annotation
    kinds = (kind, *typing.get_args(kind))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def is_list_setting(model: SettingsModel, name: str) -> bool:
    return typing.get_origin(model.model_fields[name].annotation) is tuple


def all_keys(model: SettingsModel, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key there is, tables included; of a list of tables, those of its first."""
    for name in model.model_fields:
        key = (*before, name)
        yield key
        table = table_model(model, name)
        if table:
            yield from all_keys(table, (*key, "0") if is_list_setting(model, name) else key)


class KeyMatch(NamedTuple):
    """How much of a key there is: the parts that exist, and what the next part would have to be found in."""

    existing: Key
    table: SettingsModel | None  # the model of the next part; None after a plain value
    numbered: bool  # the next part would have to be the number of an item


def match_key(model: SettingsModel, key: Sequence[str | int]) -> KeyMatch:
    existing: list[str | int] = []
    table: SettingsModel | None = model
    numbered = False
    for part in key:
        if numbered != str(part).isdecimal():
            break
        if numbered:
            numbered = False
        elif table is None or part not in table.model_fields:
            break
        else:
            numbered, table = is_list_setting(table, str(part)), table_model(table, str(part))
        existing.append(part)
    return KeyMatch(tuple(existing), table, numbered)


def key_exists(model: SettingsModel, key: Sequence[str | int]) -> bool:
    return len(match_key(model, key).existing) == len(key)


def suggest_key(model: SettingsModel, key: Sequence[str | int]) -> str:
    """The real key a typo most likely meant, or nothing."""
    existing, table, numbered = match_key(model, key)
    wrong = str(key[len(existing)]) if len(existing) < len(key) else ""
    close = difflib.get_close_matches(wrong, table.model_fields if table else (), n=1)
    if close:
        meant = (*existing, "0", close[0]) if numbered else (*existing, close[0])
        whole = (*meant, *key[len(existing) + 1 :])
        return join_key(whole if key_exists(model, whole) else meant)
    names = [*all_keys(model)]
    what_holds_for_all_last = (
        *(name for name in reversed(names) if "0" in name),
        *(name for name in reversed(names) if "0" not in name),
    )
    by_last_part = {name[-1]: join_key(name) for name in what_holds_for_all_last}
    alike = difflib.get_close_matches(str(key[-1]), by_last_part, n=1, cutoff=0.75)
    return by_last_part[alike[0]] if alike else ""
