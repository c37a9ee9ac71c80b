"""Sentences for settings that are wrong: where each stands, what it says, what is allowed.

Reads pydantic's errors and the models, never a source: the layers say where a key was written.
"""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from papertray.daemon.settings.keys import SettingsModel, join_key, match_key, suggest_key
from papertray.daemon.settings.layers import Key, SettingsLayer
from papertray.engine.language import translatable


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
        needed = _NEEDED.get(str(key[-1]), f"a {key[-1]}")
        return f"{join_key(key[:-1])} needs {needed}."
    if not key:
        return f"{begin_sentence(' or '.join(map(_rule, errors)))}."
    if isinstance(error["input"], dict) and _own_rule(
        error
    ):  # of several values, none of which is wrong by itself
        return f"{join_key(key)} is not right: {_own_rule(error)}."
    own = [rule for rule in map(_own_rule, errors) if rule]
    if own and not all(rule.startswith(_MUST_BE) for rule in own):
        return f"{join_key(key)} cannot be {_quote_at(key, error)}: {' or '.join(map(_rule, errors))}."
    wanted = dict.fromkeys(_rule(error).removeprefix(_MUST_BE) for error in errors)
    return f"{join_key(key)} must be {' or '.join(wanted)}, not {_quote_at(key, error)}."


def _own_rule(error: ErrorDetails) -> str:
    """In our own words, where a validator of ours refused it."""
    return str(error.get("ctx", {}).get("error") or "")


def _rule(error: ErrorDetails) -> str:
    """What the value must be."""
    if own := _own_rule(error):
        return own
    limits = error.get("ctx", {})
    if error["type"] == "literal_error":
        return _MUST_BE + str(limits["expected"]).removeprefix("'', ").replace("'", "")
    said = _WANTED.get(error["type"])
    return _MUST_BE + (said.format(**limits) if said else error["msg"].removeprefix("Input should be "))


def _quote_at(key: Key, error: ErrorDetails) -> str:
    """What was written there, but for what may be a secret that was put into the wrong place."""
    return "what stands there" if key[-1] in _SECRET else _quote(error["input"])


def _quote(value: object) -> str:
    """As a person wrote it; a table or a list is not repeated in full."""
    if isinstance(value, bool):
        return f"«{str(value).lower()}»"
    text = str(value)
    return f"«{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}»"


_MUST_BE = "it must be "
_LONGEST = 60
_SECRET = ("key",)
_NEEDED = {"url": translatable("a url, or a command that starts it here")}
_WHOLE, _NUMBER, _YES_OR_NO = (
    translatable("a whole number"),
    translatable("a number"),
    translatable("true or false"),
)
_TEXT, _LIST, _TABLE = translatable("a text in quotes"), translatable("a list"), translatable("a table")
_WANTED = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_OR_NO),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), _TABLE),
    "string_type": _TEXT,
    "path_type": translatable("a path in quotes"),
    "finite_number": translatable("a number that is not infinite"),
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
}
"""What pydantic asks for, in the words of those who write settings."""

_SENTENCES = (  # as they are put together above: for those who read them in another language
    translatable("{key} must be {rule}, not {said}."),
    translatable("{key} must be more than {number}, not {said}."),
    translatable("{key} must be at least {number}, not {said}."),
    translatable("{key} must be less than {number}, not {said}."),
    translatable("{key} must be at most {number}, not {said}."),
    translatable("{key} cannot be {said}: {rule}."),
    translatable("{key} is not right: {rule}."),
    translatable("{key} needs {what}."),
    translatable("there is no setting {key}."),
    translatable("There is no setting {key}."),
    translatable("there is no setting {key}; did you mean {meant}?"),
    translatable("There is no setting {key}; did you mean {meant}?"),
    translatable("{folder} is watched twice."),
    translatable("The {word} folder {output} must not be the watched folder {path} or hold it."),
    translatable("{folder} lies in {output}, where papertray puts notes or archived files."),
    translatable("Two rules have the name {name}."),
)
