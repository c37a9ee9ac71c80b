"""Where no icon can be shown, `papertray tray` says so in a sentence and ends with 14."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.tray.desktop.backend import advise_packages

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")


def tray(**environment: str) -> "subprocess.CompletedProcess[str]":
    known = {
        name: value for name, value in os.environ.items() if "DISPLAY" not in name and "DBUS" not in name
    }
    return subprocess.run(
        [sys.executable, "-m", "papertray.daemon.cli", "tray"],
        env=known | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":4711"},
        {"DISPLAY": ":4711", "PYSTRAY_BACKEND": "xorg"},
        {"DISPLAY": ":4711", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"},
        {"WAYLAND_DISPLAY": "wayland-9", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"},
    ],
    ids=["no screen", "screen gone", "screen gone, xorg", "no bus", "no wayland"],
)
def test_without_a_desktop_it_says_what_else_to_use(environment: dict[str, str]) -> None:
    ended = tray(**environment)
    assert ended.stderr.startswith("papertray: No icon can be shown: ")
    assert "`papertray open`" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 14


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("apt", "Run `sudo apt install python3-gi gir1.2-gtk-3.0 gir1.2-ayatanaappindicator3-0.1`."),
        ("dnf", "Run `sudo dnf install python3-gobject gtk3 libayatana-appindicator-gtk3`."),
        ("other", "Install PyGObject, GTK 3 and Ayatana AppIndicator."),
    ],
)
def test_what_draws_the_icon_is_named_in_this_distributions_words(
    tool: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / tool).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert advise_packages(places=()) == said


@pytest.mark.skipif(bool(importlib.util.find_spec("gi")), reason="this Python has a PyGObject of its own")
def test_a_pygobject_for_another_python_is_told_apart_from_none(tmp_path: Path) -> None:
    (tmp_path / "gi").mkdir()
    (tmp_path / "gi" / "_gi.cpython-39-x86_64-linux-gnu.so").touch()
    assert "another Python" in advise_packages(places=(str(tmp_path),))


def test_where_no_icon_can_be_shown_no_daemon_is_started() -> None:
    tray()
    with Client(find_places()) as client:
        assert not client.running()


def test_the_tray_brings_neither_torch_nor_numpy() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, papertray.tray.main; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"torch", "numpy", "transformers", "onnxruntime"}.isdisjoint(told.stdout.split())
