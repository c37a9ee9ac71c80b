"""Whose login papertray starts with, and how it is started: all that a plan is made from."""

import getpass
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from papertray.daemon.places import Places

CARRIED_VARIABLES = ("PAPERTRAY_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
"""What decides where papertray keeps its files; a service does not see what a shell has set."""


@dataclass(frozen=True, slots=True)
class Login:
    """`papertray` are the words that start it: a command like `run` follows them."""

    home: PurePath
    user: str
    number: int
    papertray: tuple[str, ...]
    config: PurePath  # where this system's own files for a login lie
    state: PurePath  # papertray's own folders
    logs: PurePath
    environment: Mapping[str, str] = field(default_factory=dict)
    base_python: str = ""  # the one a virtual environment was made from


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """What a person chose for the installation."""

    tray: bool = True
    linger: bool = False
    folders: tuple[PurePath, ...] = ()  # which a service with an account of its own must be let into


def current_login(places: Places) -> Login:
    """The one of this process."""
    home = Path.home()
    domain = os.environ.get("USERDOMAIN")
    user = getpass.getuser()
    return Login(
        home=home,
        user=f"{domain}\\{user}" if domain and sys.platform == "win32" else user,
        number=os.getuid() if sys.platform != "win32" else 0,
        papertray=start_command(),
        config=Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config"),
        state=places.state,
        logs=places.logs,
        environment={name: _absolute(value) for name in CARRIED_VARIABLES if (value := os.environ.get(name))},
        base_python=getattr(sys, "_base_executable", ""),
    )


def start_command(
    executable: str = sys.executable, frozen: bool = getattr(sys, "frozen", False)
) -> tuple[str, ...]:
    """The environment's own Python, not the script `papertray` beside it: the script finds its Python through
    a first line that systems cut at 127 letters, and Windows needs the Python that opens no window.
    -P: a folder named like a module, in the home folder that services start in, must not hide that module.
    """
    return (executable,) if frozen else (executable, "-P", "-m", "papertray.daemon.cli")


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
