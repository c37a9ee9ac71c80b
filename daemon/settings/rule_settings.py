"""`[[rules]]`: for which documents something is done once their note stands, and what.

Values in, frozen values out; nothing is read, run or called here.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from papertray.daemon.settings.note_templates import FIELDS, require_template
from papertray.daemon.settings.sections import SettingsTable, require_http
from papertray.engine.server_address import ServerAddress

RULE_FIELDS = (*FIELDS, "id", "note")
"""What can stand in braces in the arguments of a command."""


def _require_expression(expression: str) -> str:
    import regex

    try:
        regex.compile(expression)
    except regex.error as problem:
        raise ValueError(f"it is no regular expression: {problem}") from None
    return expression


def _require_folder(folder: Path) -> Path:
    """A full path, or one below any watched folder."""
    if "\0" in str(folder):
        raise ValueError("it holds a zero character")
    try:
        return Path(os.path.normpath(folder.expanduser()))
    except RuntimeError:
        raise ValueError("its ~ stands for no home folder here") from None


def _require_move(move: str) -> str:
    """A full path or one below the watched folder, with fields in braces; "" is none."""
    if not move:
        return move
    require_template(move)
    tidy = _require_folder(Path(move))
    if ".." in tidy.parts or tidy == Path() or "{" in tidy.parts[0]:
        raise ValueError("it must be a folder: a full path, or one below the watched folder")
    return str(tidy)


def fixed_part(move: str) -> str:
    """The part of it that no document chooses."""
    parts = Path(move).parts
    return str(Path(*(part for place, part in enumerate(parts) if "{" not in "".join(parts[: place + 1]))))


def _require_command(command: tuple[str, ...]) -> tuple[str, ...]:
    """The program is named as it is: no document chooses what is run."""
    for place, part in enumerate(command):
        if "\0" in part or not (place or part.strip()):
            raise ValueError("it must begin with a program and hold no zero character")
        if place:
            require_template(part, RULE_FIELDS)
    return command


FilledText = Annotated[str, StringConstraints(min_length=1)]


class RuleSettings(SettingsTable):
    """All that is said must be so of a document. `seconds` is the time that a command has."""

    name: FilledText
    words: tuple[FilledText, ...] = ()
    regex: Annotated[str, AfterValidator(_require_expression)] = ""
    folder: Annotated[Path, AfterValidator(_require_folder)] | None = None
    source: str = ""
    min_pages: int | None = Field(default=None, ge=1)
    max_pages: int | None = Field(default=None, ge=1)
    doubtful: bool | None = None
    note_name: Annotated[str, AfterValidator(require_template)] = ""
    tags: tuple[Annotated[FilledText, AfterValidator(require_template)], ...] = ()
    move: Annotated[str, AfterValidator(_require_move)] = ""
    run: Annotated[tuple[str, ...], AfterValidator(_require_command)] = ()
    seconds: float = Field(default=60, gt=0, le=3600)
    webhook: Annotated[str, AfterValidator(require_http)] | None = None
    webhook_key_env: str = ""
    plain_http: bool = False

    @model_validator(mode="after")
    def _require_action(self) -> Self:
        if not (self.run or self.webhook or self.note_name or self.tags or self.move):
            raise ValueError("a rule needs something to do: note_name, tags, move, run or webhook")
        if self.webhook and not self.plain_http and ServerAddress(self.webhook, "").is_open_to_others:
            raise ValueError(
                "plain http can be read on its way: take https, or allow it with plain_http = true"
            )
        return self


def require_different_names(rules: Iterable[RuleSettings]) -> None:
    names = [rule.name for rule in rules]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"two rules have the name {doubled}")
