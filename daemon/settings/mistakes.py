"""Sentences for settings that are wrong: where each stands, what it says, what is allowed.

Reads pydantic's errors and the models, never a source: the layers say where a key was written.
"""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from papertray.daemon.settings.keys import SettingsModel, join_key, match_key, suggest_key
from papertray.daemon.settings.layers import Key, SettingsLayer


def describe_mistakes(problem: ValidationError, model: SettingsModel, layers: Sequence[SettingsLayer]) -> str:
    """One line for each wrong key."""
    by_key: dict[Key, list[ErrorDetails]] = {}
    for error in problem.errors():
        by_key.setdefault(_key_of(error, model), []).append(error)
    lines = []
    for key, errors in by_key.items():
        place, mistake = _place_of(key, layers), _describe_mistake(errors, model, key)
        lines.append(f"{place}: {mistake}" if place else mistake)
    return "\n".join(lines)


def describe_unknown_key(model: SettingsModel, key: Sequence[str | int]) -> str:
    meant = suggest_key(model, key)
    return f"there is no setting {join_key(key)}" + (f"; did you mean {meant}?" if meant else ".")


def begin_sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _place_of(key: Key, layers: Sequence[SettingsLayer]) -> str:
    """Where the strongest layer says it; a missing key has the place of the table it belongs in."""
    for part in (key, key[:-1]):
        for layer in reversed(layers):
            if part and layer.has(part):
                return layer.place_of(part)
    return ""


def _key_of(error: ErrorDetails, model: SettingsModel) -> Key:
    """pydantic adds the branches of a union to the place of an error; a person knows only the key."""
    if error["type"] == "extra_forbidden":
        return error["loc"]
    return match_key(model, error["loc"]).existing


def _describe_mistake(errors: Sequence[ErrorDetails], model: SettingsModel, key: Key) -> str:
    error = errors[0]
    if error["type"] == "extra_forbidden":
        return describe_unknown_key(model, key)
    if error["type"] == "missing":
        return f"{join_key(key[:-1])} needs a {key[-1]}."
    rules = " or ".join(_rule(error) for error in errors)
    return f"{join_key(key)} cannot be {error['input']!r}: {rules}." if key else f"{begin_sentence(rules)}."


def _rule(error: ErrorDetails) -> str:
    """What the value must be: in our own words where a validator of ours refused it."""
    own = error.get("ctx", {}).get("error")
    if own:
        return str(own)
    wanted = error["msg"].partition(", unable to parse")[0].replace("tuple", "list")
    return wanted.replace("Input should be", "it must be", 1)
