"""Start a daemon that outlives whoever starts it: the tray, a terminal."""

import subprocess
import sys

from papertray.engine.children.command import module_command

_NO_CONSOLE_OF_OURS = 0x0000_0008 | 0x0000_0200  # Windows: DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP


def start_daemon() -> None:
    """Begin `papertray run` for the same home; it tells its own log how it goes, and nobody else."""
    subprocess.Popen(
        [*module_command("papertray.daemon.cli"), "run"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_NO_CONSOLE_OF_OURS if sys.platform == "win32" else 0,
    )
