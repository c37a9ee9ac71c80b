"""A desktop on a screen that nobody sees: session bus, window manager, a bar with a place for icons.

Only what a person has: pictures of the screen, a mouse and a keyboard.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import IO

from PIL import Image, ImageChops, ImageGrab

from papertray.tray.desktop.backend import PLACES
from tests.desks import PATIENCE, until

OUTPUT = Path(__file__).parents[1] / "output"
SIZE = "1024x768"
Place = tuple[int, int, int, int]
LOST = subprocess.DEVNULL
BAR_SECONDS, TRIES = 5.0, 4

PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
    </property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """What shows icons, which of pystray's ways leads to it, and the button that opens a menu there."""

    command: str
    way: str
    button: int


TRAYER = Bar(
    "trayer --edge top --align right --widthtype pixel --width 40 --height 40 --SetDockType false",
    way="gtk",
    button=3,
)
XFCE = Bar("xfce4-panel --disable-wm-check", way="appindicator", button=1)


def missing(bar: Bar) -> str:
    """What is not here of all that such a desktop needs."""
    if sys.platform in ("win32", "darwin"):
        return "a screen that nobody sees"
    programs = ["Xvfb", "dbus-daemon", "openbox", "xdotool", "xprop", bar.command.split()[0]]
    absent = [program for program in programs if not which(program)]
    return ", ".join(absent) or ("" if _pygobject() else f"PyGObject for Python {sys.version_info[:2]}")


def _pygobject() -> bool:
    homes = [Path(place.format(*sys.version_info)) / "gi" for place in PLACES]
    built = f"_gi.{sys.implementation.cache_tag}-*.so"
    return bool(importlib.util.find_spec("gi")) or any(any(home.glob(built)) for home in homes)


@dataclass(frozen=True, slots=True)
class Desktop:
    environment: dict[str, str]
    bar: Bar

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.environment["DISPLAY"])

    def keep(self, name: str) -> None:
        OUTPUT.mkdir(exist_ok=True)
        self.picture().save(OUTPUT / f"tray-{self.bar.way}-{name.lower().replace(' ', '-')}.png")

    def until_changed(self, since: Image.Image, what: str, patience: float = PATIENCE) -> None:
        """Waits until the screen looks other than then, and no longer moves."""
        seen = [self.picture()]

        def still() -> bool:
            seen.append(self.picture())
            return seen[-1] == seen[-2] and ImageChops.difference(seen[-1], since).getbbox() is not None

        until(still, what, patience)

    def find(self, colour: tuple[int, ...]) -> Place | None:
        """Where something of this colour is."""
        bands = zip(self.picture().split(), colour, strict=True)
        apart = [band.point([255 * (value != wanted) for value in range(256)]) for band, wanted in bands]
        return ImageChops.invert(ImageChops.lighter(ImageChops.lighter(*apart[:2]), apart[2])).getbbox()

    def click(self, place: Place) -> None:
        middle = ((place[0] + place[2]) // 2, (place[1] + place[3]) // 2)
        self.tool("mousemove", *map(str, middle), "click", str(self.bar.button))

    def press(self, *keys: str) -> None:
        self.tool("key", "--delay", "60", *keys)

    def tool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=20)


@contextmanager
def desktop(bar: Bar, home: Path) -> Iterator[Desktop]:
    with ExitStack() as stack:
        screen = _began(
            stack,
            ("Xvfb", "-displayfd", "1", "-screen", "0", f"{SIZE}x24", "-noreset", "-nolisten", "tcp"),
            {},
        )
        environment = _environment(home) | {"DISPLAY": f":{_line(screen.stdout)}"}
        bus = _began(stack, ("dbus-daemon", "--session", "--nofork", "--print-address=1"), environment)
        environment["DBUS_SESSION_BUS_ADDRESS"] = _line(bus.stdout)
        here = Desktop(environment | {"PYSTRAY_BACKEND": bar.way}, bar)
        empty = here.picture()
        _began(stack, ("openbox",), environment)
        until(lambda: _managed(environment), "openbox")
        _show_bar(stack, here, empty)
        yield here


def _show_bar(stack: ExitStack, here: Desktop, empty: Image.Image) -> None:
    """trayer stays unseen now and then beside openbox; begun again, it shows."""
    for _ in range(TRIES):
        bar = _began(stack, here.bar.command.split(), here.environment)
        with suppress(AssertionError):
            here.until_changed(empty, "the bar", BAR_SECONDS)
            return
        _end(bar)
    raise AssertionError(f"{here.bar.command} shows nothing")


def _managed(environment: dict[str, str]) -> bool:
    """A bar that comes before the window manager may stay unseen."""
    told = subprocess.run(
        ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], env=environment, capture_output=True, check=False
    )
    return b"window id" in told.stdout


def _environment(home: Path) -> dict[str, str]:
    """Of the one outside, nothing that leads to a real desktop or a real service manager."""
    panel = home / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml" / "xfce4-panel.xml"
    panel.parent.mkdir(parents=True)
    panel.write_text(PANEL)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    strange = ("DISPLAY", "WAYLAND", "DBUS_", "XDG_", "GTK_", "GDK_", "DESKTOP_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    own = {"XDG_CONFIG_HOME": str(home / "config"), "XDG_RUNTIME_DIR": str(runtime)}
    return kept | own | {"NO_AT_BRIDGE": "1", "GTK_A11Y": "none", "GSETTINGS_BACKEND": "memory"}


def _began(stack: ExitStack, command: Sequence[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        command, env=environment or None, stdout=subprocess.PIPE, stderr=LOST, stdin=LOST, text=True
    )
    stack.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()
