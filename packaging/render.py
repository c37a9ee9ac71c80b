"""Write examples of what `papertray service install` writes, for people and distributors to read.

`python packaging/render.py` renews them; papertray itself never reads them. Paths are those of a papertray
in /opt/papertray (C:\\papertray) for a person called ada.
"""

import sys
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from papertray.daemon.services import launchd, systemd, windows_task
from papertray.daemon.services.login import Login, start_command

HERE = Path(__file__).parent


def example(home: PurePath, python: str, user: str) -> Login:
    state = home / "papertray"
    words = start_command(python, frozen=False)
    return Login(
        home, user, 1000, words, home / ".config", state, logs=home / "Library" / "Logs" / "papertray"
    )


LINUX = example(PurePosixPath("/home/ada"), "/opt/papertray/bin/python3", "ada")
MACOS = example(PurePosixPath("/Users/ada"), "/opt/papertray/bin/python3", "ada")
WINDOWS = example(PureWindowsPath("C:/Users/ada"), "C:\\papertray\\Scripts\\python.exe", "OFFICE\\ada")


@dataclass(frozen=True)
class Example:
    place: str
    text: str
    encoding: str = "utf-8"


EXAMPLES = (
    Example("linux/papertray.service", systemd.unit_text(LINUX)),
    Example("linux/papertray-tray.desktop", systemd.autostart_text(LINUX)),
    Example("macos/papertray.daemon.plist", launchd.plist_text(launchd.daemon_agent(MACOS))),
    Example("macos/papertray.tray.plist", launchd.plist_text(launchd.tray_agent(MACOS))),
    Example("windows/papertray.xml", windows_task.task_xml(WINDOWS, windows_task.DAEMON), "utf-16"),
    Example("windows/papertray-tray.xml", windows_task.task_xml(WINDOWS, windows_task.TRAY), "utf-16"),
)


def write(folder: Path) -> None:
    for one in EXAMPLES:
        path = folder / one.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.text, encoding=one.encoding, newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else HERE)
