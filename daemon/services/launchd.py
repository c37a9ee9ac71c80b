"""macOS: two LaunchAgents, one for papertray and one for its icon in the menu bar.

Only a login at the screen has the domain gui/UID; an agent ends with the login it belongs to.
"""

import plistlib
import re
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import (
    CommandResult,
    CommandRunner,
    MakeFolder,
    Plan,
    RemovePath,
    RunCommand,
    Step,
    WriteFile,
    unexplained_error,
)
from papertray.daemon.services.state import ServiceState

DAEMON, TRAY = "papertray.daemon", "papertray.tray"
NO_DOMAIN = (112, 113, 125)  # no such domain; no such service; a domain that cannot do it
BOOTSTRAP_TRIES = 10  # launchd answers before an agent that is leaving has left


def gui_domain(login: Login) -> str:
    return f"gui/{login.number}"


def agent_path(login: Login, label: str) -> PurePath:
    return login.home / "Library" / "LaunchAgents" / f"{label}.plist"


def daemon_agent(login: Login) -> dict[str, Any]:
    return _agent(login, DAEMON, "run") | {
        "KeepAlive": {"Crashed": True, "SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ExitTimeOut": 10,
        "ProcessType": "Standard",  # "Background" would read on the slow cores alone
        "StandardErrorPath": str(login.logs / "service.log"),
    }


def tray_agent(login: Login) -> dict[str, Any]:
    return _agent(login, TRAY, "tray") | {
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }


AGENTS: dict[str, Callable[[Login], dict[str, Any]]] = {DAEMON: daemon_agent, TRAY: tray_agent}


def plist_text(agent: dict[str, Any]) -> str:
    return plistlib.dumps(agent, sort_keys=True).decode()


def install(login: Login, options: InstallOptions) -> Plan:
    labels = (DAEMON, TRAY) if options.tray else (DAEMON,)
    return (
        RunCommand(("launchctl", "print", gui_domain(login))),
        MakeFolder(login.logs),
        *(step for label in labels for step in _install_agent(login, label)),
    )


def uninstall(login: Login) -> Plan:
    return tuple(
        step
        for label in (TRAY, DAEMON)
        for step in (
            RunCommand(("launchctl", "bootout", f"{gui_domain(login)}/{label}"), may_fail=True),
            RemovePath(agent_path(login, label)),
        )
    )


def start(login: Login) -> Plan:
    return (RunCommand(("launchctl", "kickstart", f"{gui_domain(login)}/{DAEMON}")),)


def stop(login: Login) -> Plan:
    """With the signal that papertray ends well on; KeepAlive leaves alone what ended well. Fails when it does
    not run."""
    return (RunCommand(("launchctl", "kill", "SIGTERM", f"{gui_domain(login)}/{DAEMON}"), may_fail=True),)


def look(login: Login, run: CommandRunner) -> ServiceState:
    path = agent_path(login, DAEMON)
    printed = run(("launchctl", "print", f"{gui_domain(login)}/{DAEMON}"))
    loaded = printed.code == 0
    disabled = run(("launchctl", "print-disabled", gui_domain(login))).text
    pid = re.search(r"^\s*pid = (\d+)", printed.text, re.MULTILINE)
    return ServiceState(
        system="launchd",
        path=str(path),
        installed=Path(path).exists(),
        enabled=Path(path).exists() and not re.search(rf'"{DAEMON}" => (disabled|true)', disabled),
        running=loaded and pid is not None,
        pid=int(pid[1]) if pid else None,
    )


def explain(step: RunCommand, result: CommandResult) -> ServiceError:
    if step.command[:2] == ("launchctl", "print") and result.code in NO_DOMAIN:
        return ServiceError(
            "You are not logged in at this Mac's screen, and agents belong to such a login.",
            "Log in at the screen once and run this there; over ssh alone, start `papertray run` in tmux.",
        )
    if step.command[1] == "kickstart" and result.code in NO_DOMAIN:
        return ServiceError(
            "papertray is not loaded as a service in this login.",
            "Run `papertray service install`.",
        )
    return unexplained_error(step, result)


def _install_agent(login: Login, label: str) -> tuple[Step, ...]:
    """An agent of before is taken out first; `enable` undoes a `disable` of before."""
    target, path = f"{gui_domain(login)}/{label}", agent_path(login, label)
    return (
        RunCommand(("launchctl", "bootout", target), may_fail=True),
        WriteFile(path, plist_text(AGENTS[label](login))),
        RunCommand(("launchctl", "enable", target)),
        RunCommand(("launchctl", "bootstrap", gui_domain(login), str(path)), tries=BOOTSTRAP_TRIES),
    )


def _agent(login: Login, label: str, command: str) -> dict[str, Any]:
    agent: dict[str, Any] = {
        "Label": label,
        "ProgramArguments": [*login.papertray, command],
        "RunAtLoad": True,
        "Umask": 0o077,
    }
    if login.environment:
        agent["EnvironmentVariables"] = dict(login.environment)
    return agent
