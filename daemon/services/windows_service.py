"""Windows, for machines where nobody logs on: a true service, with an account of its own.

The account NT SERVICE\\papertray may do nothing but what it is granted here: change papertray's home and the
watched folders. The program must lie where every account may read, not in a profile. Needs an administrator,
the extra `windows-service`, and a PAPERTRAY_HOME: the account has no home that a person would look into.
"""

from pathlib import PurePath
from subprocess import list2cmdline
from typing import Any

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.login import Login, Wishes
from papertray.daemon.services.plan import Answer, Ask, Make, Plan, Run, unexplained
from papertray.daemon.services.state import Service

NAME = "papertray"
ACCOUNT = f"NT SERVICE\\{NAME}"
HOST = "papertray.daemon.services.windows_host"
KEY = f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{NAME}"
HOME = "PAPERTRAY_HOME"
AGAIN = "restart/5000/restart/30000/restart/60000"  # milliseconds, after the first end, the second, any other
ACCESS_DENIED, NO_SUCH_SERVICE, IS_RUNNING, IS_STOPPED = 5, 1060, 1056, 1062


def install(login: Login, wishes: Wishes) -> Plan:
    """The account exists once the service does, so it is granted its folders between making and starting."""
    home = login.environment.get(HOME)
    if not home:
        raise ServiceError(
            "A Windows service belongs to nobody's login, so it needs a place for its files.",
            "Set PAPERTRAY_HOME to a folder such as C:\\ProgramData\\papertray, choose the folders with"
            " `papertray folders add`, and try again.",
        )
    return (
        Run(("sc.exe", "create", NAME, "binPath=", _host(login), "obj=", ACCOUNT, "start=", "delayed-auto")),
        Run(("sc.exe", "description", NAME, "A Markdown note beside each scan")),
        Run(("sc.exe", "failure", NAME, "reset=", "86400", "actions=", AGAIN)),
        Run(("sc.exe", "failureflag", NAME, "1")),
        Run(("reg", "add", KEY, "/v", "Environment", "/t", "REG_MULTI_SZ", "/d", _environment(login), "/f")),
        Make(PurePath(home)),
        _grant(home, "/T"),  # papertray's folders inherit nothing from the one they lie in
        *(_grant(str(folder)) for folder in wishes.folders),
        Run(("sc.exe", "start", NAME)),
    )


def uninstall(_login: Login) -> Plan:
    return (
        Run(("sc.exe", "stop", NAME), may_fail=True),
        Run(("sc.exe", "delete", NAME)),
    )


def start(_login: Login) -> Plan:
    return (Run(("sc.exe", "start", NAME)),)


def stop(_login: Login) -> Plan:
    return (Run(("sc.exe", "stop", NAME)),)


def look(_login: Login, _ask: Ask) -> Service:
    """By psutil: sc.exe answers in the language of this Windows."""
    found = known()
    return Service(
        system="Windows service",
        path=KEY,
        installed=bool(found),
        enabled=found.get("start_type") == "automatic",
        running=found.get("status") == "running",
        pid=found.get("pid"),
    )


def known() -> dict[str, Any]:
    """What Windows knows of the service; nothing where it is not installed."""
    import psutil

    try:
        service: dict[str, Any] = psutil.win_service_get(NAME).as_dict()  # type: ignore[attr-defined]
    except (AttributeError, psutil.NoSuchProcess):  # not Windows; not installed
        return {}
    return service


def explain(step: Run, answer: Answer) -> ServiceError:
    if answer.code == ACCESS_DENIED:
        return ServiceError(
            "Only an administrator may do this to a service.",
            "Open a terminal with “Run as administrator” and try again, or install without --as-service.",
        )
    sentence = {
        NO_SUCH_SERVICE: "papertray is not installed as a Windows service.",
        IS_RUNNING: "The service runs already.",
        IS_STOPPED: "The service does not run.",
    }.get(answer.code)
    if sentence is None:
        return unexplained(step, answer)
    return ServiceError(sentence, "See `papertray service status`.")


def _host(login: Login) -> str:
    """What Windows starts; a bundle is asked to be the module (`engine.children.own_process`).

    The python.exe of a virtual environment only starts another one, and Windows wants to hear from the very
    process that it started: that is why the base Python is named, and told its environment in `_environment`.
    """
    program, *words = login.papertray
    if not words:
        return list2cmdline([program, "--child", HOST])
    return list2cmdline([login.base_python or program, "-P", "-m", HOST])


def _environment(login: Login) -> str:
    program, *words = login.papertray
    lent = [f"{HOME}={login.environment[HOME]}"]
    if words and login.base_python not in ("", program):
        lent.append(f"__PYVENV_LAUNCHER__={program}")
    return "\\0".join(lent)  # as `reg` separates them


def _grant(path: str, *options: str) -> Run:
    return Run(("icacls", path, "/grant", f"{ACCOUNT}:(OI)(CI)M", *options))  # M: change what is in it
