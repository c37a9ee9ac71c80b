"""The README's table of exit codes is what the program does."""

import re
from collections.abc import Iterator
from pathlib import Path

import papertray.daemon.errors
import papertray.engine.errors
import papertray.tray.errors
from papertray.daemon.cli.program import UNEXPECTED
from papertray.engine.errors import PapertrayError

README = Path(__file__).parents[3] / "README.md"
OURS = {papertray.daemon.errors.__name__, papertray.engine.errors.__name__, papertray.tray.errors.__name__}
BY_TYPER = {0, 2}


def family(root: type[PapertrayError]) -> Iterator[type[PapertrayError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


def test_the_readme_lists_every_exit_code_and_no_other() -> None:
    listed = {
        int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    }
    used = {error.exit_code for error in family(PapertrayError) if error.__module__ in OURS}
    assert listed == used | BY_TYPER | {UNEXPECTED}
