"""The command line itself: what it lists, what it imports, how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from papertray.daemon.cli.command_table import COMMANDS, Command
from papertray.daemon.cli.program import run_guarded
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.places import find_places
from tests.daemon.cli.conftest import Papertray

MAIN = "import sys; sys.argv[0] = 'papertray'; from papertray.daemon.cli import main; main()"
HEAVY = ("torch", "transformers", "numpy", "PIL", "onnxruntime", "rapidocr", "pypdfium2", "httpx")


def process(*words: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", MAIN, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, timeout=60)


def test_help_lists_every_command_with_its_sentence(
    papertray: Papertray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    result = papertray("--help")
    assert result.code == 0
    for row in COMMANDS:
        assert any(row.name in line and row.help in line for line in result.out.splitlines()), row.name


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_listed_command_can_be_asked_for_help(row: Command, papertray: Papertray) -> None:
    result = papertray(row.name, "--help")
    assert result.code == 0
    assert "--install-completion" not in result.out


def test_the_help_of_a_command_says_more_than_the_list(papertray: Papertray) -> None:
    assert "given back" in papertray("run", "--help").out


def test_a_variable_that_is_no_setting_is_told_in_a_plain_line() -> None:
    output = process("config", "show", env={**os.environ, "PAPERTRAY_RESCANN": "5"}).stderr
    assert output.startswith("papertray: The variable PAPERTRAY_RESCANN is no setting and is ignored.")
    assert output.count("\n") == 1


def test_the_version_is_the_installed_one(papertray: Papertray) -> None:
    from importlib.metadata import version

    assert papertray("--version").out == f"papertray {version('papertray')}\n"


@pytest.mark.parametrize("word", ["--help", "status", "list", "--version"])
def test_a_quick_command_imports_nothing_heavy(word: str) -> None:
    watched = MAIN.replace("import main; ", "import main; import atexit; atexit.register(tell); ")
    tell = "def tell():\n    import sys; print(*sys.modules, file=sys.stderr)\n"
    done = subprocess.run(
        [sys.executable, "-c", tell + watched, word], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert "papertray.daemon.cli" in loaded
    assert not loaded & {*HEAVY, "pydantic_settings", "papertray.daemon.settings"}


def test_a_known_error_is_one_line_and_its_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise DaemonNotRunning

    assert run_guarded(command) == DaemonNotRunning.exit_code
    output = capsys.readouterr()
    assert output.err == "papertray: papertray is not running. Start it with `papertray run`.\n"
    assert not output.out


def test_an_error_cannot_carry_an_escape_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from papertray.engine.errors import DocumentError

    def command() -> None:
        raise DocumentError("a\x1b[2J.pdf is empty.")

    run_guarded(command)
    assert "\x1b" not in capsys.readouterr().err


def test_an_unexpected_error_ends_with_70_and_leaves_its_traceback_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def command() -> None:
        raise ZeroDivisionError("seven")

    assert run_guarded(command) == 70
    output = capsys.readouterr().err
    assert "ZeroDivisionError: seven" in output
    assert str(find_places().log_file) in output
    assert "Traceback" not in output
    assert "Traceback" in find_places().log_file.read_text(encoding="utf-8")


def test_an_unknown_command_is_a_usage_error(papertray: Papertray) -> None:
    assert papertray("raed").code == 2


def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nowhere:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "doctor"],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert not done.stderr
    assert done.returncode == 1


def test_a_console_of_another_encoding_gets_utf8(tmp_path: Path) -> None:
    done = process(
        "status", env={**os.environ, "PYTHONIOENCODING": "cp1252", "PAPERTRAY_HOME": str(tmp_path / "发票")}
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_command_names(shell: str) -> None:
    words = {"COMP_WORDS": "papertray re", "COMP_CWORD": "1"}  # bash
    words |= {"_TYPER_COMPLETE_ARGS": "papertray re", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}  # the others
    done = process(env={**os.environ, **words, "_PAPERTRAY_COMPLETE": f"complete_{shell}"})
    assert {"read", "resume", "retry"} <= set(re.findall(r"\w+", done.stdout))
    assert "status" not in done.stdout


def test_the_terminal_speaks_the_language_of_the_setting_but_json_does_not() -> None:
    environment = {**os.environ, "PAPERTRAY_LANGUAGE": "lt"}
    problem, answer = (process(*words, env=environment) for words in (("show", "3"), ("status", "--json")))
    assert problem.stderr == "papertray: Dokumento 3 nėra. Numerius rodo `papertray list`.\n"
    assert json.loads(answer.stdout)["activity"] == "stopped"
