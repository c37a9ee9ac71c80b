"""Find what draws the icon on this desktop, or say why there can be none.

pystray chooses between several ways as it is imported, and fails in as many: hence imported here, and late.
"""

import importlib.util
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tray.errors import NoTray

PLACES = (  # where distributions keep PyGObject
    "/usr/lib/python3/dist-packages",
    "/usr/lib64/python{0}.{1}/site-packages",
    "/usr/lib/python{0}.{1}/site-packages",
)
DRAWN_BY = "Install python3-gi, gir1.2-gtk-3.0 and gir1.2-ayatanaappindicator3-0.1, or their like."


def backend() -> ModuleType:
    """pystray, able to show an icon; else NoTray is raised."""
    if sys.platform not in ("win32", "darwin"):
        _lend_pygobject()
        _check_desktop()
    try:
        pystray = import_module("pystray")
    except ModuleNotFoundError as problem:
        if problem.name != "pystray":
            raise
        raise NoTray("pystray is not installed.", "`pip install 'papertray[tray]'` brings it.") from None
    except Exception as problem:  # of Xlib, GLib, GTK or Python, whichever was tried last
        raise NoTray(f"the desktop cannot be reached ({type(problem).__name__}).") from None
    if pystray.Icon.__module__.endswith("_gtk") and _on_wayland():
        raise NoTray("Wayland shows icons through AppIndicator only, which was not found.", DRAWN_BY)
    return pystray


def hint(pystray: ModuleType) -> str:
    """What a person must know where the icon was handed over and may yet stay unseen, or without a menu."""
    if not pystray.Icon.HAS_MENU:
        return f"The icon shows how it goes, but has no menu here. {DRAWN_BY}"
    if "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "") and not _host_is_there():
        return (
            "GNOME shows no icons by itself: the extension AppIndicator and KStatusNotifierItem Support adds"
            " them. papertray's appears as soon as it is on."
        )
    return ""


def _lend_pygobject() -> None:
    """Distributions keep PyGObject with their own Python; a virtual environment does not see it.

    That one package is taken in, if it was built for this Python, and nothing else of theirs.
    """
    if importlib.util.find_spec("gi"):
        return
    for place in PLACES:
        home = Path(place.format(*sys.version_info)) / "gi"
        if any(home.glob(f"_gi.{sys.implementation.cache_tag}-*.so")):
            spec = importlib.util.spec_from_file_location(
                "gi", home / "__init__.py", submodule_search_locations=[str(home)]
            )
            if spec and spec.loader:
                sys.modules["gi"] = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(sys.modules["gi"])
                return


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
