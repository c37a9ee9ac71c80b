"""Doing what a plan says: in order, up to the first failure, which is explained."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.plan import (
    CommandResult,
    MakeFolder,
    RemovePath,
    RunCommand,
    Step,
    WriteFile,
    carry_out,
    run_command,
    unexplained_error,
)


class Machine:
    """Answers each command with the next of its answers, then with success."""

    def __init__(self, **answers: list[CommandResult]) -> None:
        self.commands: list[str] = []
        self.pauses = 0
        self._answers = answers

    def run(self, command: Sequence[str]) -> CommandResult:
        self.commands.append(" ".join(command))
        waiting = self._answers.get(command[0])
        return waiting.pop(0) if waiting else CommandResult(0, "")

    def pause(self) -> None:
        self.pauses += 1

    def carry_out(self, *plan: Step) -> None:
        carry_out(plan, self.run, unexplained_error, self.pause)


FAILED = CommandResult(1, "first line\nno such thing")


def test_steps_are_done_in_their_order(tmp_path: Path) -> None:
    unit, machine = tmp_path / "deep" / "unit", Machine()
    machine.carry_out(
        MakeFolder(tmp_path / "logs"),
        WriteFile(unit, "a\nb\n"),
        RunCommand(("reload",)),
        RunCommand(("start", "it")),
    )
    assert unit.read_bytes() == b"a\nb\n"
    assert (tmp_path / "logs").is_dir()
    assert machine.commands == ["reload", "start it"]
    machine.carry_out(RemovePath(unit), RemovePath(unit))
    assert not unit.exists()


def test_a_failed_step_ends_the_plan_with_what_the_command_said(tmp_path: Path) -> None:
    machine = Machine(start=[FAILED])
    with pytest.raises(ServiceError, match=r"`start it` failed: no such thing\..*by hand"):
        machine.carry_out(RunCommand(("start", "it")), WriteFile(tmp_path / "unit", ""))
    assert not (tmp_path / "unit").exists()


def test_a_step_that_may_fail_stops_nothing() -> None:
    machine = Machine(stop=[FAILED])
    machine.carry_out(RunCommand(("stop",), may_fail=True), RunCommand(("remove",)))
    assert machine.commands == ["stop", "remove"]


def test_a_step_is_tried_as_often_as_it_may_be() -> None:
    machine = Machine(bootstrap=[FAILED, FAILED])
    machine.carry_out(RunCommand(("bootstrap",), tries=3))
    assert (len(machine.commands), machine.pauses) == (3, 2)
    with pytest.raises(ServiceError):
        Machine(bootstrap=[FAILED] * 3).carry_out(RunCommand(("bootstrap",), tries=3))


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match=r"cannot be changed: .*permissions"):
        Machine().carry_out(WriteFile(tmp_path / "file" / "unit", ""))


def test_a_task_file_is_utf_16_with_its_mark(tmp_path: Path) -> None:
    Machine().carry_out(WriteFile(tmp_path / "task.xml", "<é/>\n", encoding="utf-16"))
    assert (tmp_path / "task.xml").read_bytes() in (
        "<é/>\n".encode("utf-16"),
        b"\xfe\xff" + "<é/>\n".encode("utf-16-be"),
    )


def test_a_command_that_is_not_there_is_an_answer() -> None:
    assert run_command(("no-such-command-of-papertray",)).code == 127
