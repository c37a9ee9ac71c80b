"""A command line to talk to, and a model hub on this machine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from papertray.daemon.cli.program import app, run_guarded
from tests.hub.models import repositories
from tests.hub.server import LocalHub, local_hub


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


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with local_hub(repositories()) as running_hub:
        monkeypatch.setenv("HF_ENDPOINT", running_hub.address)
        yield running_hub
