"""What is wrong with a command that somebody typed, in our sentences, not the parser's.

Takes what Typer raises; gives an error like all others.
"""

import re
from collections.abc import Mapping
from typing import Any

from typer.exceptions import TyperException

from papertray.engine.errors import PapertrayError
from papertray.engine.exit_codes import ExitCode
from papertray.engine.language import translatable

_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.?(?: Did you mean (?P<near>.*)\?)?", re.DOTALL)
_TOO_MUCH = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)", re.DOTALL)
_VALUE = re.compile(r"Option '(?P<option>.*)' (?P<lacks>requires an argument|does not take a value)\.")

_RULES: Mapping[str, str] = {  # by pydantic's kind of mistake
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


class CommandError(PapertrayError):
    """A command was not understood."""

    exit_code = ExitCode.NOT_UNDERSTOOD


def explain_misuse(problem: TyperException) -> CommandError:
    return _explain(problem, getattr(getattr(problem, "ctx", None), "command_path", "papertray"))


def _explain(problem: Any, command: str) -> CommandError:
    message, more = problem.message, translatable(f"`{command} --help` tells more.")
    if found := _COMMAND.fullmatch(message):
        words, name = (found["near"] or "").replace("'", ""), found["name"]
        meant = translatable(f"Did you mean {words}?")
        advice = meant if words else translatable(f"`{command} --help` lists them.")
        return CommandError(f"There is no command {name}.", advice)
    if found := _TOO_MUCH.fullmatch(message):
        words = found["words"]
        return CommandError(f"`{command}` does not take {words}.", more)
    if found := _VALUE.fullmatch(message):
        option = found["option"]
        needs = found["lacks"].startswith("requires")
        return CommandError(f"{option} needs a value." if needs else f"{option} takes no value.", more)
    if option := getattr(problem, "option_name", ""):
        words = ", ".join(sorted(problem.possibilities or ()))
        advice = translatable(f"Did you mean {words}?") if words else more
        return CommandError(f"`{command}` has no option {option}.", advice)
    if (param := getattr(problem, "param", None)) is None:
        return CommandError(message, "")
    name = param.get_error_hint().replace("'", "")
    if hasattr(problem, "param_type"):
        return CommandError(f"`{command}` needs to know {name}.", more)
    return CommandError(_describe_value(name, problem), "")


def _describe_value(key: str, problem: Any) -> str:
    """One that cannot be; a parser of ours has said it in a sentence already."""
    errors = getattr(problem.__cause__, "errors", None)
    if errors is None:
        return str(problem.message)
    error = errors()[0]
    said, about = f"«{error['input']}»", error.get("ctx", {})
    if rule := _RULES.get(error["type"]):
        return f"{key} must be {rule}, not {said}."
    if bound := _BOUNDS.get(error["type"]):
        number, least = about[bound[0]], bound[1]
        match least:
            case "more than":
                return f"{key} must be more than {number}, not {said}."
            case "at least":
                return f"{key} must be at least {number}, not {said}."
            case "less than":
                return f"{key} must be less than {number}, not {said}."
        return f"{key} must be at most {number}, not {said}."
    if found := re.search(r"is not one of (.*?)\.?$", error["msg"]):
        rule = found[1].replace("'", "")
        return translatable(f"{key} must be one of {rule}, not {said}.")
    if "does not match the format" in error["msg"]:
        return translatable(f"{key} must be a day like 2026-05-31, not {said}.")
    return f"{key}: {error['msg']}."
