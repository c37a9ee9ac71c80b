"""Do what was chosen in the menu. Runs beside the icon, never in its loop.

What fails raises a PapertrayError.
"""

import webbrowser
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from papertray.daemon.opening import open_in_editor
from papertray.daemon.places import Places
from papertray.daemon.services.stopping import stop_daemon
from papertray.tray import starting
from papertray.tray.adding import add_chosen, add_clipboard, add_screen
from papertray.tray.daemon import Daemon
from papertray.tray.errors import FileGone
from papertray.tray.menu import MenuAction, MenuVerb

MORNING = time(7)


def run_action(action: MenuAction, here: Places, daemon: Daemon, now: datetime) -> None:
    """`now` is the local time, for "until tomorrow"."""
    if action.verb in ASK_DAEMON:
        ASK_DAEMON[action.verb](daemon, action.argument, now)
    else:
        DO_HERE[action.verb](here, action.argument)


def until_morning(now: datetime) -> float:
    """The seconds until tomorrow at seven, also where a clock is put forward or back in the night."""
    morning = datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)
    return morning.timestamp() - now.timestamp()


ASK_DAEMON: dict[MenuVerb, Callable[[Daemon, Any, datetime], object]] = {
    MenuVerb.DASHBOARD: lambda daemon, _nothing, _now: webbrowser.open(daemon.login_page().as_uri()),
    MenuVerb.ADD_FILES: lambda daemon, _nothing, _now: add_chosen(daemon),
    MenuVerb.ADD_CLIPBOARD: lambda daemon, _nothing, now: add_clipboard(daemon, now),
    MenuVerb.ADD_SCREEN: lambda daemon, _nothing, now: add_screen(daemon, now),
    MenuVerb.PAUSE: lambda daemon, seconds, _now: daemon.pause(seconds),
    MenuVerb.PAUSE_UNTIL_MORNING: lambda daemon, _nothing, now: daemon.pause(until_morning(now)),
    MenuVerb.RESUME: lambda daemon, _nothing, _now: daemon.resume(),
    MenuVerb.DEVICE: lambda daemon, name, _now: daemon.choose_device(name),
    MenuVerb.MODEL: lambda daemon, name, _now: daemon.choose_model(name),
    MenuVerb.DOWNLOAD: lambda daemon, name, _now: daemon.pull(name),
    MenuVerb.CANCEL_DOWNLOAD: lambda daemon, name, _now: daemon.cancel_pull(name),
    MenuVerb.RETRY_FAILED: lambda daemon, _nothing, _now: daemon.retry_failed(),
}


def _open(path: Path) -> None:
    """A file or a folder, with the program that the desktop has for it."""
    if not path.exists():
        raise FileGone(path)
    open_in_editor(path)


def _open_inbox(here: Places, _nothing: object) -> None:
    from papertray.daemon.settings import load_settings

    _open(load_settings(here).folders[0].path)


def _open_settings(here: Places, _nothing: object) -> None:
    from papertray.daemon.settings.file import write_default

    write_default(here)
    _open(here.settings_file)


DO_HERE: dict[MenuVerb, Callable[[Places, Any], object]] = {
    MenuVerb.INBOX: _open_inbox,
    MenuVerb.NOTE: lambda _here, note: _open(Path(note)),
    MenuVerb.SETTINGS: _open_settings,
    MenuVerb.LOGS: lambda here, _nothing: _open(here.log_file),
    MenuVerb.START: lambda here, _nothing: starting.start(here),
    MenuVerb.STOP: lambda here, _nothing: stop_daemon(here),
    MenuVerb.AT_LOGIN: lambda here, on: starting.set_at_login(here, on),
}
