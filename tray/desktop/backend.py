"""Find what draws the icon on this desktop, or say why there can be none.

pystray chooses between several ways as it is imported, and fails in as many: hence imported here, and late.
"""

import importlib.util
import os
import sys
from importlib import import_module
from pathlib import Path
from shutil import which
from types import ModuleType
from typing import Any

from papertray.tray.errors import NoTray

PLACES = (  # where distributions keep PyGObject
    "/usr/lib/python3/dist-packages",
    "/usr/lib64/python{0}.{1}/site-packages",
    "/usr/lib/python{0}.{1}/site-packages",
)
INSTALL_COMMANDS = {  # what draws the icon, in the words of each distribution's own tool
    "apt": "sudo apt install python3-gi gir1.2-gtk-3.0 gir1.2-ayatanaappindicator3-0.1",
    "dnf": "sudo dnf install python3-gobject gtk3 libayatana-appindicator-gtk3",
    "pacman": "sudo pacman -S python-gobject gtk3 libayatana-appindicator",
}


def find_backend() -> ModuleType:
    """pystray, able to show an icon; else NoTray is raised."""
    if sys.platform not in ("win32", "darwin"):
        _add_pygobject()
        _check_desktop()
    try:
        pystray = import_module("pystray")
    except ModuleNotFoundError as problem:
        if problem.name != "pystray":
            raise
        raise NoTray("pystray is not installed.", "`pip install 'papertray[tray]'` brings it.") from None
    except Exception as problem:  # of Xlib, GLib, GTK or Python, whichever was tried last
        advice = advise_packages() if _on_wayland() and not importlib.util.find_spec("gi") else ""
        raise NoTray(f"the desktop cannot be reached ({type(problem).__name__}).", advice) from None
    if pystray.Icon.__module__.endswith("_gtk") and _on_wayland():
        raise NoTray("Wayland shows icons through AppIndicator only, which was not found.", advise_packages())
    return pystray


def backend_hint(pystray: ModuleType) -> str:
    """What a person must know where the icon was handed over and may yet stay unseen, or without a menu."""
    if not pystray.Icon.HAS_MENU:
        return f"The icon shows how it goes, but has no menu here. {advise_packages()}"
    if "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "") and not _host_is_there():
        return (
            "GNOME shows no icons by itself: the extension AppIndicator and KStatusNotifierItem Support adds"
            " them. papertray's appears as soon as it is on."
        )
    return ""


def advise_packages(places: tuple[str, ...] = PLACES) -> str:
    """What to install, so that an icon with a menu can be shown."""
    if _pygobject(places, built_for="") and not (_pygobject(places) or importlib.util.find_spec("gi")):
        return (
            "This system's PyGObject is made for another Python than papertray's."
            " Use the system's Python, or build one: docs/tray.md tells how."
        )
    command = next((line for tool, line in INSTALL_COMMANDS.items() if which(tool)), "")
    return f"Run `{command}`." if command else "Install PyGObject, GTK 3 and Ayatana AppIndicator."


def _add_pygobject() -> None:
    """Distributions keep PyGObject with their own Python; a virtual environment does not see it.

    That one package is taken in, if it was built for this Python, and nothing else of theirs.
    """
    if importlib.util.find_spec("gi") or not (home := _pygobject(PLACES)):
        return
    spec = importlib.util.spec_from_file_location(
        "gi", home / "__init__.py", submodule_search_locations=[str(home)]
    )
    if spec and spec.loader:
        sys.modules["gi"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["gi"])


def _pygobject(places: tuple[str, ...], built_for: str = sys.implementation.cache_tag or "") -> Path | None:
    """Where it is, built for this Python; with an empty `built_for`, for any."""
    homes = (Path(place.format(*sys.version_info)) / "gi" for place in places)
    return next((home for home in homes if any(home.glob(f"_gi.{built_for}*.so"))), None)


def _check_desktop() -> None:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoTray("there is no screen.")
    if importlib.util.find_spec("gi") and _session_bus() is None:
        raise NoTray("there is no session bus (D-Bus).", "Start it from within your desktop session.")


def _on_wayland() -> bool:
    return bool(os.environ.get("WAYLAND_DISPLAY")) and os.environ.get("GDK_BACKEND") != "x11"


def _session_bus() -> Any:
    """GLib's connection to it, or None."""
    gio, glib = _library("Gio"), _library("GLib")
    try:
        return gio.bus_get_sync(gio.BusType.SESSION, None)
    except glib.Error:
        return None


def _library(name: str) -> ModuleType:
    import_module("gi").require_version(name, "2.0")
    return import_module(f"gi.repository.{name}")


def _host_is_there() -> bool:
    """Whether something on this desktop shows icons of the kind that AppIndicator gives."""
    bus = _session_bus()
    if bus is None:
        return False
    bus_itself = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner")
    name = _library("GLib").Variant("(s)", ("org.kde.StatusNotifierWatcher",))
    return bool(bus.call_sync(*bus_itself, name, None, 0, 1000, None).unpack()[0])
