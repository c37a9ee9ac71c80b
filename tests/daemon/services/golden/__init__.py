"""The plans of every system as text. `python -m tests.daemon.services.golden` writes them anew."""

from pathlib import Path

from papertray.daemon.services import System, launchd, systemd, windows_service, windows_task
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import plan_in_words
from tests.daemon.services.logins import FOLDERS, LINUX, MACOS, SERVER, WINDOWS, WISHES

HERE = Path(__file__).parent
CASES: dict[str, tuple[System, Login, InstallOptions]] = {
    "systemd": (systemd, LINUX, WISHES),
    "systemd-linger": (systemd, LINUX, InstallOptions(tray=False, linger=True)),
    "launchd": (launchd, MACOS, WISHES),
    "windows-task": (windows_task, WINDOWS, WISHES),
    "windows-service": (windows_service, SERVER, FOLDERS),
}


def told(case: str) -> str:
    system, login, wishes = CASES[case]
    plans = {
        "install": system.install(login, wishes),
        "uninstall": system.uninstall(login),
        "start": system.start(login),
        "stop": system.stop(login),
    }
    return "\n".join(line for name, plan in plans.items() for line in (f"# {name}", *plan_in_words(plan), ""))


def file_of(case: str) -> Path:
    return HERE / f"{case}.txt"
