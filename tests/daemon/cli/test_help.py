"""`--help` in another language: what commands and options say, not what they are called."""

from collections.abc import Iterator

import pytest

from papertray.daemon.cli.command_table import COMMANDS, LazyGroup, load_command
from papertray.daemon.cli.help import help_paragraphs
from papertray.engine.language import speak


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    speak("de")
    yield
    speak("en")


def test_help_is_in_the_language_of_whoever_asks() -> None:
    listed = LazyGroup(name="papertray").commands
    assert listed["status"].help == "Sagen, wie es steht."
    pause, folders = load_command("pause"), load_command("folders")
    assert (pause.name, pause.params[0].opts) == ("pause", ["--for"])
    assert pause.params[0].help == "Etwa 90s, 15m, 1h oder 2d; sonst bis `resume`."
    assert folders.commands["add"].help == "Einen weiteren Ordner beobachten."
    shown = [param.help for param in load_command("export").params]
    assert any(text.startswith("Welche von pdf, ") for text in shown)


def test_every_command_says_something_else_than_english() -> None:
    said = {row.help: LazyGroup(name="papertray").commands[row.name].help for row in COMMANDS}
    assert [english for english, german in said.items() if english == german] == []
    assert help_paragraphs("One\nline.\n\n  Another. ") == ["One line.", "Another."]
