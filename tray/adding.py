"""Add to the inbox what a person chooses: files, what is on the clipboard, a part of the screen.

The daemon puts it in place: over nothing, under its name.
"""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from papertray.engine.language import translate
from papertray.tray.daemon import Daemon
from papertray.tray.desktop.tools import CHOOSE, CUT, PASTE, Command, choose_files, find_tool, take_picture
from papertray.tray.view import TrayView


def first_view() -> TrayView:
    """What is known before a daemon answers: what this desktop has tools for."""
    return TrayView(
        can_choose_files=find_tool(CHOOSE) is not None,
        can_paste=find_tool(PASTE) is not None,
        can_cut_screen=find_tool(CUT) is not None,
    )


def add_chosen(daemon: Daemon) -> None:
    if command := find_tool(CHOOSE):
        for file in choose_files(command):
            daemon.add(file)


def add_clipboard(daemon: Daemon, now: datetime) -> None:
    _add_picture(daemon, PASTE, f"{translate('Clipboard')} {now:%Y-%m-%d %H.%M.%S}.png")


def add_screen(daemon: Daemon, now: datetime) -> None:
    _add_picture(daemon, CUT, f"{translate('Screen')} {now:%Y-%m-%d %H.%M.%S}.png")


def _add_picture(daemon: Daemon, tools: Mapping[str, Sequence[Command]], name: str) -> None:
    if command := find_tool(tools):
        with tempfile.TemporaryDirectory(prefix="papertray-") as folder:
            take_picture(command, Path(folder) / name)
            daemon.add(Path(folder) / name)
