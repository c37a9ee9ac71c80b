"""Windows: a task that starts papertray when its user logs on, and one for the tray.

No administrator is needed. A task has no environment: what must be carried stands before the command, where
`daemon.cli.__main__` takes it up.
"""

import re
from pathlib import PurePath, PureWindowsPath
from subprocess import list2cmdline
from typing import Any
from xml.etree import ElementTree

from papertray.daemon.client.running import is_running, read_status
from papertray.daemon.errors import ServiceError
from papertray.daemon.places import find_places
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import (
    CommandResult,
    CommandRunner,
    Plan,
    RemovePath,
    RunCommand,
    Step,
    WriteFile,
    unexplained_error,
)
from papertray.daemon.services.state import ServiceState

DAEMON, TRAY = "papertray", "papertray tray"
SCHEMA = "http://schemas.microsoft.com/windows/2004/02/mit/task"
COMMANDS = {DAEMON: "run", TRAY: "tray"}

SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "ExecutionTimeLimit": "PT0S",  # none; the default ends a task after three days
    "Priority": "6",  # the default, 7, would read from the disk after everything else
    "RestartOnFailure": {"Interval": "PT1M", "Count": "255"},
}


def task_xml(login: Login, name: str) -> str:
    """The task as Task Scheduler takes it, to be written as UTF-16."""
    program, *words = windowless_command(login.papertray)
    assignments = [f"{key}={value}" for key, value in login.environment.items() if key == "PAPERTRAY_HOME"]
    tree = {
        "RegistrationInfo": {"Description": "papertray: a Markdown note beside each scan"},
        "Triggers": {"LogonTrigger": {"Enabled": "true", "UserId": login.user}},
        "Principals": {
            "Principal": {
                "UserId": login.user,
                "LogonType": "InteractiveToken",
                "RunLevel": "LeastPrivilege",
            }
        },
        "Settings": SETTINGS,
        "Actions": {
            "Exec": {
                "Command": program,
                "Arguments": list2cmdline([*words, *assignments, COMMANDS[name]]),
                "WorkingDirectory": str(login.home),
            }
        },
    }
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": SCHEMA})
    _add_elements(root, tree)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def windowless_command(papertray: tuple[str, ...]) -> tuple[str, ...]:
    """The same without a console window: pythonw.exe for python.exe, papertrayw.exe in a bundle."""
    program = PureWindowsPath(papertray[0])
    if program.stem.lower().endswith("w"):
        return papertray
    return (str(program.with_name(f"{program.stem}w{program.suffix}")), *papertray[1:])


def install(login: Login, options: InstallOptions) -> Plan:
    names = (DAEMON, TRAY) if options.tray else (DAEMON,)
    return (
        *(step for name in names for step in _register_task(login, name)),
        *(RunCommand(("schtasks", "/Run", "/TN", name)) for name in names),
    )


def uninstall(login: Login) -> Plan:
    return tuple(
        step
        for name in (TRAY, DAEMON)
        for step in (
            RunCommand(("schtasks", "/End", "/TN", name), may_fail=True),
            RunCommand(("schtasks", "/Delete", "/TN", name, "/F"), may_fail=True),
            RemovePath(_xml_path(login, name)),
        )
    )


def start(_login: Login) -> Plan:
    return (RunCommand(("schtasks", "/Run", "/TN", DAEMON)),)


def stop(_login: Login) -> Plan:
    """At once: Task Scheduler knows no other way. The page in hand is read again at the next start."""
    return (RunCommand(("schtasks", "/End", "/TN", DAEMON)),)


def look(_login: Login, run: CommandRunner) -> ServiceState:
    """schtasks says in the language of this Windows whether a task runs; its XML and papertray do not."""
    result = run(("schtasks", "/Query", "/TN", DAEMON, "/XML", "ONE"))
    installed = result.code == 0
    here = find_places()
    switched_off = re.search(r"<Settings>(?:(?!</Settings>).)*<Enabled>\s*false", result.text, re.DOTALL)
    return ServiceState(
        system="Task Scheduler",
        path=f"\\{DAEMON}",
        installed=installed,
        enabled=installed and not switched_off,
        running=is_running(here),
        pid=read_status(here).pid or None,
    )


def explain(step: RunCommand, result: CommandResult) -> ServiceError:
    if step.command[1] in ("/Run", "/End"):
        return ServiceError(
            f"Task Scheduler did not take `{list2cmdline(step.command)}`: {result.text}",
            "`papertray service status` shows whether it is there; `papertray service install` makes it.",
        )
    if step.command[1] == "/Create":
        return ServiceError(
            f"Task Scheduler did not take papertray's task: {result.text}",
            "Where rules of your organisation forbid tasks, put a shortcut to `papertray run` into the folder"
            " that `shell:startup` opens.",
        )
    return unexplained_error(step, result)


def _register_task(login: Login, name: str) -> tuple[Step, ...]:
    file = _xml_path(login, name)
    return (
        WriteFile(file, task_xml(login, name), encoding="utf-16"),
        RunCommand(("schtasks", "/Create", "/TN", name, "/XML", str(file), "/F")),
        RemovePath(file),  # Task Scheduler keeps a copy of its own
    )


def _xml_path(login: Login, name: str) -> PurePath:
    return login.state / f"{name.replace(' ', '-')}-task.xml"


def _add_elements(node: ElementTree.Element, tree: dict[str, Any]) -> None:
    for name, content in tree.items():
        child = ElementTree.SubElement(node, name)
        if isinstance(content, dict):
            _add_elements(child, content)
        else:
            child.text = content
