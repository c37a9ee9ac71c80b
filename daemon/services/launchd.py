"""macOS: two LaunchAgents, one for papertray and one for its icon in the menu bar.

Only a login at the screen has the domain gui/UID; an agent ends with the login it belongs to.
"""

import plistlib
import re
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.login import Login, Wishes
from papertray.daemon.services.plan import Answer, Ask, Make, Plan, Remove, Run, Step, Write, unexplained
from papertray.daemon.services.state import Service

DAEMON, TRAY = "papertray.daemon", "papertray.tray"
NO_DOMAIN = (112, 113, 125)  # no such domain; no such service; a domain that cannot do it
BOOTING_OUT = 10  # tries: launchd answers before an agent that is leaving has left


def domain(login: Login) -> str:
    return f"gui/{login.number}"


def path_of(login: Login, label: str) -> PurePath:
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


def text_of(agent: dict[str, Any]) -> str:
    return plistlib.dumps(agent, sort_keys=True).decode()


def install(login: Login, wishes: Wishes) -> Plan:
    labels = (DAEMON, TRAY) if wishes.tray else (DAEMON,)
    return (
        Run(("launchctl", "print", domain(login))),
        Make(login.logs),
        *(step for label in labels for step in _installed(login, label)),
    )


def uninstall(login: Login) -> Plan:
    return tuple(
        step
        for label in (TRAY, DAEMON)
        for step in (
            Run(("launchctl", "bootout", f"{domain(login)}/{label}"), may_fail=True),
            Remove(path_of(login, label)),
        )
    )


def start(login: Login) -> Plan:
    return (Run(("launchctl", "kickstart", f"{domain(login)}/{DAEMON}")),)


def stop(login: Login) -> Plan:
    """With the signal that papertray ends well on; KeepAlive leaves alone what ended well. Fails when it does
    not run."""
    return (Run(("launchctl", "kill", "SIGTERM", f"{domain(login)}/{DAEMON}"), may_fail=True),)


def look(login: Login, ask: Ask) -> Service:
    path = path_of(login, DAEMON)
    answer = ask(("launchctl", "print", f"{domain(login)}/{DAEMON}"))
    loaded = answer.code == 0
    disabled = ask(("launchctl", "print-disabled", domain(login))).text
    pid = re.search(r"^\s*pid = (\d+)", answer.text, re.MULTILINE)
    return Service(
        system="launchd",
        path=str(path),
        installed=Path(path).exists(),
        enabled=Path(path).exists() and not re.search(rf'"{DAEMON}" => (disabled|true)', disabled),
        running=loaded and pid is not None,
        pid=int(pid[1]) if pid else None,
    )


def explain(step: Run, answer: Answer) -> ServiceError:
    if step.command[:2] == ("launchctl", "print") and answer.code in NO_DOMAIN:
        return ServiceError(
            "You are not logged in at this Mac's screen, and agents belong to such a login.",
            "Log in at the screen once and run this there; over ssh alone, start `papertray run` in tmux.",
        )
    if step.command[1] == "kickstart" and answer.code in NO_DOMAIN:
        return ServiceError(
            "papertray is not loaded as a service in this login.",
            "Run `papertray service install`.",
        )
    return unexplained(step, answer)


def _installed(login: Login, label: str) -> tuple[Step, ...]:
    """An agent of before is taken out first; `enable` undoes a `disable` of before."""
    target, path = f"{domain(login)}/{label}", path_of(login, label)
    return (
        Run(("launchctl", "bootout", target), may_fail=True),
        Write(path, text_of(AGENTS[label](login))),
        Run(("launchctl", "enable", target)),
        Run(("launchctl", "bootstrap", domain(login), str(path)), tries=BOOTING_OUT),
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
