"""Windows, for machines where nobody logs on: a true service, with an account of its own.

The account NT SERVICE\\papertray may do nothing but what it is granted here: change papertray's home and the
watched folders. The program must lie where every account may read, not in a profile. Needs an administrator,
the extra `windows-service`, and a PAPERTRAY_HOME: the account has no home that a person would look into.
"""

from pathlib import PurePath
from subprocess import list2cmdline
from typing import Any

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import (
    CommandResult,
    CommandRunner,
    MakeFolder,
    Plan,
    RunCommand,
    unexplained_error,
)
from papertray.daemon.services.state import ServiceState

NAME = "papertray"
ACCOUNT = f"NT SERVICE\\{NAME}"
HOST = "papertray.daemon.services.windows_host"
KEY = f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{NAME}"
HOME = "PAPERTRAY_HOME"
RESTARTS = "restart/5000/restart/30000/restart/60000"  # milliseconds after each end
ACCESS_DENIED, NO_SUCH_SERVICE, IS_RUNNING, IS_STOPPED = 5, 1060, 1056, 1062


def install(login: Login, options: InstallOptions) -> Plan:
    """The account exists once the service does, so it is granted its folders between making and starting."""
    home = login.environment.get(HOME)
    if not home:
        raise ServiceError(
            "A Windows service belongs to nobody's login, so it needs a place for its files.",
            "Set PAPERTRAY_HOME to a folder such as C:\\ProgramData\\papertray, choose the folders with"
            " `papertray folders add`, and try again.",
        )
    return (
        RunCommand(
            (
                "sc.exe",
                "create",
                NAME,
                "binPath=",
                _host_command(login),
                "obj=",
                ACCOUNT,
                "start=",
                "delayed-auto",
            )
        ),
        RunCommand(("sc.exe", "description", NAME, "A Markdown note beside each scan")),
        RunCommand(("sc.exe", "failure", NAME, "reset=", "86400", "actions=", RESTARTS)),
        RunCommand(("sc.exe", "failureflag", NAME, "1")),
        RunCommand(
            ("reg", "add", KEY, "/v", "Environment", "/t", "REG_MULTI_SZ", "/d", _environment(login), "/f")
        ),
        MakeFolder(PurePath(home)),
        _grant(home, "/T"),  # papertray's folders inherit nothing from the one they lie in
        *(_grant(str(folder)) for folder in options.folders),
        RunCommand(("sc.exe", "start", NAME)),
    )


def uninstall(_login: Login) -> Plan:
    return (
        RunCommand(("sc.exe", "stop", NAME), may_fail=True),
        RunCommand(("sc.exe", "delete", NAME)),
    )


def start(_login: Login) -> Plan:
    return (RunCommand(("sc.exe", "start", NAME)),)


def stop(_login: Login) -> Plan:
    return (RunCommand(("sc.exe", "stop", NAME)),)


def look(_login: Login, _run: CommandRunner) -> ServiceState:
    """By psutil: sc.exe answers in the language of this Windows."""
    service = query_service()
    return ServiceState(
        system="Windows service",
        path=KEY,
        installed=bool(service),
        enabled=service.get("start_type") == "automatic",
        running=service.get("status") == "running",
        pid=service.get("pid"),
    )


def query_service() -> dict[str, Any]:
    """What Windows knows of the service; nothing where it is not installed."""
    import psutil

    try:
        service: dict[str, Any] = psutil.win_service_get(NAME).as_dict()  # type: ignore[attr-defined]
    except (AttributeError, psutil.NoSuchProcess):  # not Windows; not installed
        return {}
    return service


def explain(step: RunCommand, result: CommandResult) -> ServiceError:
    if result.code == ACCESS_DENIED:
        return ServiceError(
            "Only an administrator may do this to a service.",
            "Open a terminal with “Run as administrator” and try again, or install without --as-service.",
        )
    sentence = {
        NO_SUCH_SERVICE: "papertray is not installed as a Windows service.",
        IS_RUNNING: "The service runs already.",
        IS_STOPPED: "The service does not run.",
    }.get(result.code)
    if sentence is None:
        return unexplained_error(step, result)
    return ServiceError(sentence, "See `papertray service status`.")


def _host_command(login: Login) -> str:
    """What Windows starts; a bundle is asked to be the module (`engine.children.command`).

    The python.exe of a virtual environment only starts another one, and Windows wants to hear from the very
    process that it started: that is why the base Python is named, and told its environment in `_environment`.
    """
    program, *words = login.papertray
    if not words:
        return list2cmdline([program, "--child", HOST])
    return list2cmdline([login.base_python or program, "-P", "-m", HOST])


def _environment(login: Login) -> str:
    program, *words = login.papertray
    assignments = [f"{HOME}={login.environment[HOME]}"]
    if words and login.base_python not in ("", program):
        assignments.append(f"__PYVENV_LAUNCHER__={program}")
    return "\\0".join(assignments)  # as `reg` separates them


def _grant(path: str, *options: str) -> RunCommand:
    return RunCommand(("icacls", path, "/grant", f"{ACCOUNT}:(OI)(CI)M", *options))  # M: change what is in it
