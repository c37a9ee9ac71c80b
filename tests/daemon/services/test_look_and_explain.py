"""How a service stands and what went wrong, from what each system answers."""

import re
from collections.abc import Sequence

import pytest

from papertray.daemon.services import System, launchd, systemd, windows_service, windows_task
from papertray.daemon.services.plan import NOT_FOUND, CommandResult, CommandRunner, RunCommand
from papertray.daemon.services.state import ServiceState, state_in_words
from tests.daemon.services.logins import LINUX, MACOS, WINDOWS

SHOWN = """LoadState=loaded
ActiveState=active
UnitFileState=enabled
MainPID=4711
StatusText=is idle · 3 done"""

PRINTED = """gui/501/papertray.daemon = {
	active count = 1
	path = /Users/ada/Library/LaunchAgents/papertray.daemon.plist
	state = running
	pid = 815
}"""


def answering(code: int, text: str) -> CommandRunner:
    def run(_command: Sequence[str]) -> CommandResult:
        return CommandResult(code, text)

    return run


def test_systemd_tells_that_it_runs_and_what_it_does() -> None:
    path = "/home/ada/.config/systemd/user/papertray.service"
    assert systemd.look(LINUX, answering(0, SHOWN)) == ServiceState(
        "systemd", path, installed=True, enabled=True, running=True, pid=4711, says="is idle · 3 done"
    )


def test_systemd_tells_that_there_is_no_such_unit() -> None:
    answer = "LoadState=not-found\nActiveState=inactive\nUnitFileState=\nMainPID=0\nStatusText="
    state = systemd.look(LINUX, answering(0, answer))
    assert state == ServiceState("systemd", state.path, installed=False)
    assert "service install" in state_in_words(state)


def test_launchd_tells_the_process() -> None:
    state = launchd.look(MACOS, answering(0, PRINTED))
    assert state.running
    assert state.pid == 815


def test_launchd_without_the_agent_tells_that_nothing_runs() -> None:
    state = launchd.look(MACOS, answering(113, "Could not find service"))
    assert state == ServiceState("launchd", state.path, installed=False)


def test_a_task_is_there_and_on_unless_its_xml_says_otherwise() -> None:
    task = windows_task.task_xml(WINDOWS, windows_task.DAEMON)
    assert windows_task.look(WINDOWS, answering(0, task)).enabled
    off = task.replace("<Settings>", "<Settings>\n<Enabled>false</Enabled>")
    state = windows_task.look(WINDOWS, answering(0, off))
    assert state.installed
    assert not state.enabled
    assert not windows_task.look(WINDOWS, answering(1, "ERROR: no such task")).installed


def test_a_windows_service_is_not_installed_where_there_is_no_windows() -> None:
    assert not windows_service.look(WINDOWS, answering(0, "")).installed


def test_the_state_in_words_names_the_process_and_the_unit() -> None:
    sentence = state_in_words(systemd.look(LINUX, answering(0, SHOWN)))
    assert "starts at login and runs now (process 4711)" in sentence
    assert "papertray.service" in sentence


NO_BUS = "Failed to connect to bus: No medium found"
EXPLAINED: list[tuple[System, tuple[str, ...], CommandResult, str]] = [
    (
        systemd,
        ("systemctl", "--user"),
        CommandResult(NOT_FOUND, ""),
        "not run by systemd.*papertray run.*services.md",
    ),
    (
        systemd,
        ("systemctl",),
        CommandResult(1, "System has not been booted with systemd as init system"),
        "WSL",
    ),
    (systemd, ("systemctl",), CommandResult(1, "$XDG_RUNTIME_DIR not set"), "no user bus.*enable-linger"),
    (
        systemd,
        ("systemctl", "restart", systemd.NAME),
        CommandResult(1, "Job failed"),
        "did not start.*papertray logs",
    ),
    (
        systemd,
        ("systemctl", "enable"),
        CommandResult(1, "Read-only file system"),
        "failed: Read-only file system",
    ),
    (
        launchd,
        ("launchctl", "print", "gui/501"),
        CommandResult(125, ""),
        "not logged in at this Mac's screen",
    ),
    (launchd, ("launchctl", "kickstart"), CommandResult(113, ""), "not loaded.*service install"),
    (
        launchd,
        ("launchctl", "bootstrap"),
        CommandResult(5, "Input/output error"),
        "failed: Input/output error",
    ),
    (
        windows_task,
        ("schtasks", "/Create"),
        CommandResult(1, "Access is denied."),
        "Access is denied.*shell:startup",
    ),
    (windows_task, ("schtasks", "/Run"), CommandResult(1, "no such task"), "no such task.*service install"),
    (windows_service, ("sc.exe", "create"), CommandResult(5, ""), "administrator"),
    (windows_service, ("sc.exe", "start"), CommandResult(1056, ""), "runs already"),
    (windows_service, ("sc.exe", "start"), CommandResult(1053, "no response"), "failed: no response"),
]


@pytest.mark.parametrize(("kind", "command", "answer", "sentence"), EXPLAINED)
def test_what_went_wrong_is_said_with_what_to_do(
    kind: System, command: tuple[str, ...], answer: CommandResult, sentence: str
) -> None:
    assert re.search(sentence, str(kind.explain(RunCommand(command), answer)))


def test_a_missing_bus_means_another_thing_where_systemd_does_not_run_at_all() -> None:
    step = RunCommand(("systemctl", "--user", "show-environment"))
    assert "su or sudo" in str(systemd.explain(step, CommandResult(1, NO_BUS), booted=True))
    assert "not run by systemd" in str(systemd.explain(step, CommandResult(1, NO_BUS), booted=False))
