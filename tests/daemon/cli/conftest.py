"""A command line to talk to."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from papertray.daemon.cli.program import app, run_guarded


@dataclass(frozen=True)
class CommandResult:
    code: int
    out: str
    err: str


Papertray = Callable[..., CommandResult]


@pytest.fixture
def papertray(capsys: pytest.CaptureFixture[str]) -> Papertray:
    """Run a command as `main` does, in this process."""

    def run(*words: object) -> CommandResult:
        code = run_guarded(lambda: app([str(word) for word in words], prog_name="papertray"))
        output = capsys.readouterr()
        return CommandResult(code, output.out, output.err)

    return run
