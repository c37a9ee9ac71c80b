"""What installing, starting or removing a service comes down to: a list of steps, decided before any is done.

A plan is made without touching the machine, so that it can be shown first (`--dry-run`) and tested on any
system. `carry_out` is the only place that writes, removes and runs; it is given what runs commands.
"""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from papertray.daemon.errors import ServiceError

TIMEOUT = 90.0  # seconds for one command; systemd waits for papertray to be ready
NOT_FOUND = 127  # as shells answer it


@dataclass(frozen=True, slots=True)
class MakeFolder:
    """A folder that must be there."""

    folder: PurePath


@dataclass(frozen=True, slots=True)
class WriteFile:
    path: PurePath
    text: str
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class RemovePath:
    path: PurePath


@dataclass(frozen=True, slots=True)
class RunCommand:
    """`may_fail` where the wished state may hold already; `tries` where the system needs a moment."""

    command: tuple[str, ...]
    may_fail: bool = False
    tries: int = 1


Step = MakeFolder | WriteFile | RemovePath | RunCommand
Plan = tuple[Step, ...]


class CommandResult(NamedTuple):
    """A command's exit status, and all it said."""

    code: int
    text: str


CommandRunner = Callable[[Sequence[str]], CommandResult]
FailureExplainer = Callable[[RunCommand, CommandResult], ServiceError]


def carry_out(plan: Plan, run: CommandRunner, explain: FailureExplainer, pause: Callable[[], None]) -> None:
    """Every step in its order; the first that fails ends it, with a sentence."""
    for step in plan:
        if isinstance(step, RunCommand):
            _carry_out_command(step, run, explain, pause)
        else:
            _change_disk(step)


def run_command(command: Sequence[str]) -> CommandResult:
    """Run a command of this system."""
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except FileNotFoundError:
        return CommandResult(NOT_FOUND, f"{command[0]} is not installed")
    except subprocess.TimeoutExpired:
        return CommandResult(1, f"no answer within {TIMEOUT:.0f} s")
    return CommandResult(ended.returncode, ended.stdout.strip())


def unexplained_error(step: RunCommand, result: CommandResult) -> ServiceError:
    """For what no table of known causes explains: what was run, and what it answered."""
    cause = result.text.splitlines()[-1] if result.text else f"exit status {result.code}"
    return ServiceError(
        f"`{subprocess.list2cmdline(step.command)}` failed: {cause}.",
        "`papertray service install --dry-run` shows every step, so that you can try them by hand.",
    )


def plan_in_words(plan: Plan) -> Iterator[str]:
    for step in plan:
        match step:
            case MakeFolder(folder):
                yield f"Make the folder {folder}"
            case WriteFile(path, text, encoding):
                yield f"Write {path}" + (f" ({encoding})" if encoding != "utf-8" else "")
                yield from (f"    {line}".rstrip() for line in text.splitlines())
            case RemovePath(path):
                yield f"Remove {path}"
            case RunCommand(command, may_fail):
                yield f"Run {subprocess.list2cmdline(command)}" + (" (may fail)" if may_fail else "")


def plan_as_data(plan: Plan) -> list[dict[str, Any]]:
    """The same for programs."""
    return [_step_data(step) for step in plan]


def _step_data(step: Step) -> dict[str, Any]:
    match step:
        case MakeFolder(folder):
            return {"make": str(folder)}
        case WriteFile(path, text, encoding):
            return {"write": str(path), "text": text, "encoding": encoding}
        case RemovePath(path):
            return {"remove": str(path)}
        case RunCommand(command, may_fail):
            return {"run": list(command), "may_fail": may_fail}


def _carry_out_command(
    step: RunCommand, run: CommandRunner, explain: FailureExplainer, pause: Callable[[], None]
) -> None:
    result = run(step.command)
    for _ in range(step.tries - 1):
        if result.code == 0:
            return
        pause()
        result = run(step.command)
    if result.code != 0 and not step.may_fail:
        raise explain(step, result)


def _change_disk(step: MakeFolder | WriteFile | RemovePath) -> None:
    path = Path(step.folder if isinstance(step, MakeFolder) else step.path)
    try:
        match step:
            case MakeFolder():
                path.mkdir(parents=True, exist_ok=True)
            case WriteFile(_, text, encoding):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding=encoding, newline="\n")
            case RemovePath():
                path.unlink(missing_ok=True)
    except OSError as problem:
        raise ServiceError(
            f"{path} cannot be changed: {problem.strerror or problem}.", "Change its permissions."
        ) from problem
