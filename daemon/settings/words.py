"""Which settings there are, and sentences for those that are wrong.

Reads the models, never a value's source: the layers say where a key was written.
"""

import difflib
import typing
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from papertray.daemon.settings.layers import Key, Layer

Model = type[BaseModel]


def dotted(key: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in key)


def section(model: Model, name: str) -> Model | None:
    """The model behind a key that holds a table, or a list of tables."""
    kind = model.model_fields[name].annotation
    kinds = (kind, *typing.get_args(kind))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def is_list_setting(model: Model, name: str) -> bool:
    return typing.get_origin(model.model_fields[name].annotation) is tuple


def keys(model: Model, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key there is, tables included; of a list of tables, those of its first."""
    for name in model.model_fields:
        here = (*before, name)
        yield here
        inner = section(model, name)
        if inner:
            yield from keys(inner, (*here, "0") if is_list_setting(model, name) else here)


class Reach(NamedTuple):
    """How far a key is known: the known beginning, and what its next part would have to be found in."""

    known: Key
    inside: Model | None  # the model of the next part; None after a plain value
    numbered: bool  # the next part would have to be the number of an item


def reach(model: Model, key: Sequence[str | int]) -> Reach:
    known: list[str | int] = []
    inside: Model | None = model
    numbered = False
    for part in key:
        if numbered != str(part).isdecimal():
            break
        if numbered:
            numbered = False
        elif inside is None or part not in inside.model_fields:
            break
        else:
            numbered, inside = is_list_setting(inside, str(part)), section(inside, str(part))
        known.append(part)
    return Reach(tuple(known), inside, numbered)


def exists(model: Model, key: Sequence[str | int]) -> bool:
    return len(reach(model, key).known) == len(key)


def nearest(model: Model, key: Sequence[str | int]) -> str:
    """The real key a typo most likely meant, or nothing."""
    known, inside, numbered = reach(model, key)
    wrong = str(key[len(known)]) if len(known) < len(key) else ""
    close = difflib.get_close_matches(wrong, inside.model_fields if inside else (), n=1)
    if close:
        meant = (*known, "0", close[0]) if numbered else (*known, close[0])
        whole = (*meant, *key[len(known) + 1 :])
        return dotted(whole if exists(model, whole) else meant)
    everything = {name[-1]: dotted(name) for name in reversed(tuple(keys(model)))}
    leaf = difflib.get_close_matches(str(key[-1]), everything, n=1, cutoff=0.75)
    return everything[leaf[0]] if leaf else ""


def no_such_key(model: Model, key: Sequence[str | int]) -> str:
    meant = nearest(model, key)
    return f"there is no setting {dotted(key)}" + (f"; did you mean {meant}?" if meant else ".")


def sentences(problem: ValidationError, model: Model, layers: Sequence[Layer]) -> str:
    """One line for each wrong key: where it stands, what it says, what is allowed."""
    wrong: dict[Key, list[ErrorDetails]] = {}
    for error in problem.errors():
        wrong.setdefault(_key(error, model), []).append(error)
    lines = []
    for key, errors in wrong.items():
        place = _place(key, layers)
        lines.append(
            f"{place}: {_complaint(errors, model, key)}" if place else _complaint(errors, model, key)
        )
    return "\n".join(lines)


def _place(key: Key, layers: Sequence[Layer]) -> str:
    """Where the strongest side wrote it; a missing key has the place of the table it belongs in."""
    for part in (key, key[:-1]):
        for layer in reversed(layers):
            if part and layer.says(part):
                return layer.place(part)
    return ""


def _key(error: ErrorDetails, model: Model) -> Key:
    """pydantic adds the branches of a union to the place of an error; a person knows only the key."""
    if error["type"] == "extra_forbidden":
        return error["loc"]
    return reach(model, error["loc"]).known


def _complaint(errors: Sequence[ErrorDetails], model: Model, key: Key) -> str:
    error = errors[0]
    if error["type"] == "extra_forbidden":
        return no_such_key(model, key)
    if error["type"] == "missing":
        return f"{dotted(key[:-1])} needs a {key[-1]}."
    rules = " or ".join(_rule(error) for error in errors)
    return (
        f"{dotted(key)} cannot be {error['input']!r}: {rules}." if key else f"{rules[:1].upper()}{rules[1:]}."
    )


def _rule(error: ErrorDetails) -> str:
    own = error.get("ctx", {}).get("error")
    if own:
        return str(own)
    wanted = error["msg"].partition(", unable to parse")[0].replace("tuple", "list")
    return wanted.replace("Input should be", "it must be", 1)
