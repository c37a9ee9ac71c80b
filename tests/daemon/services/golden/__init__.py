"""The plans of every system as text. `python -m tests.daemon.services.golden` writes them anew."""

from pathlib import Path

from papertray.daemon.services import System, launchd, systemd, windows_service, windows_task
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import plan_in_words
from tests.daemon.services.logins import FOLDER_OPTIONS, LINUX, MACOS, OPTIONS, SERVER, WINDOWS

HERE = Path(__file__).parent
CASES: dict[str, tuple[System, Login, InstallOptions]] = {
    "systemd": (systemd, LINUX, OPTIONS),
    "systemd-linger": (systemd, LINUX, InstallOptions(tray=False, linger=True)),
    "launchd": (launchd, MACOS, OPTIONS),
    "windows-task": (windows_task, WINDOWS, OPTIONS),
    "windows-service": (windows_service, SERVER, FOLDER_OPTIONS),
}


def plans_text(case: str) -> str:
    system, login, options = CASES[case]
    plans = {
        "install": system.install(login, options),
        "uninstall": system.uninstall(login),
        "start": system.start(login),
        "stop": system.stop(login),
    }
    return "\n".join(line for name, plan in plans.items() for line in (f"# {name}", *plan_in_words(plan), ""))


def file_of(case: str) -> Path:
    return HERE / f"{case}.txt"
