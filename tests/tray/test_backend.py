"""Where no icon can be shown, `papertray tray` says so in a sentence and ends with 14."""

import os
import subprocess
import sys

import pytest

from daemon.client import Client
from daemon.places import places

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")


def tray(**environment: str) -> "subprocess.CompletedProcess[str]":
    known = {
        name: value for name, value in os.environ.items() if "DISPLAY" not in name and "DBUS" not in name
    }
    return subprocess.run(
        [sys.executable, "-m", "daemon.cli", "tray"],
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


def test_where_no_icon_can_be_shown_no_daemon_is_started() -> None:
    tray()
    with Client(places()) as client:
        assert not client.running()


def test_the_tray_brings_neither_torch_nor_numpy() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, tray.main; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"torch", "numpy", "transformers", "onnxruntime"}.isdisjoint(told.stdout.split())
