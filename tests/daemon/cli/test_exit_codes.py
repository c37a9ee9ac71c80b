"""The README's table of exit codes is made from `ExitCode`, and every error has its code there."""

import os
from collections.abc import Iterator
from pathlib import Path

import papertray.daemon.errors
import papertray.tray.errors  # noqa: F401  # with the line above, all errors there are
from papertray.engine.errors import PapertrayError
from papertray.engine.exit_codes import ExitCode

README = Path(__file__).parents[3] / "README.md"
RENEW = "RENEW_README=1 .venv/bin/pytest tests/daemon/cli/test_exit_codes.py"
BEGIN, END = "<!-- exit codes, made from engine/exit_codes.py -->\n", "<!-- end of exit codes -->\n"
OF_NO_ERROR = {ExitCode.OK, ExitCode.NOT_UNDERSTOOD, ExitCode.FAULT}


def table() -> str:
    rows = [f"| {code.value} | {code.sentence} |" for code in ExitCode]
    return "\n".join(("", "| Code | What it means |", "|-----:|---------------|", *rows, "", ""))


def family(root: type[PapertrayError]) -> Iterator[type[PapertrayError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


def test_the_readme_lists_every_exit_code_with_its_sentence() -> None:
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    listed, after = rest.split(END)
    if os.environ.get("RENEW_README"):
        README.write_text(before + BEGIN + table() + END + after, encoding="utf-8", newline="\n")
        listed = table()
    assert listed == table(), f"The exit codes have changed. To keep what they are now: {RENEW}"


def test_every_error_names_an_exit_code_and_every_exit_code_is_named() -> None:
    codes = {error: error.exit_code for error in family(PapertrayError)}
    assert [error for error, code in codes.items() if not isinstance(code, ExitCode)] == []
    assert set(ExitCode) == OF_NO_ERROR.union(codes.values())


def test_a_code_of_another_version_is_a_failure() -> None:
    assert ExitCode.from_number(8) is ExitCode.NO_SUCH_DOCUMENT
    assert ExitCode.from_number(999) is ExitCode.FAILED
