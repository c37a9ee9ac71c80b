"""`--help` in the language of whoever asks: what commands, options and arguments say, translated in place.

Takes commands as click has them. Names of commands and options stay English.
"""

from typing import Any

from papertray.engine.language import translate_sentence


def help_paragraphs(text: str) -> list[str]:
    """Each on one line: what is looked up in a catalogue."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def translate_help(command: Any) -> Any:
    """The same command, with what it has below it."""
    for named in (command, *command.params):
        for name in ("help", "short_help", "rich_help_panel"):
            if isinstance(text := getattr(named, name, None), str):
                setattr(named, name, "\n\n".join(map(translate_sentence, help_paragraphs(text))))
    for below in getattr(command, "commands", {}).values():
        translate_help(below)
    return command
