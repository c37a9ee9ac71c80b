"""`papertray tray`: put icon, daemon and menu together, and stay until someone quits.

Quitting never stops the reading. There is one icon for each home.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import ModuleType

import filelock
from loguru import logger

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.errors import PapertrayError, SettingsError
from papertray.daemon.language import speak_language_of
from papertray.daemon.logs import start_logging as start_log
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.threads import GuardedThread
from papertray.engine.language import translate, translate_sentence
from papertray.tray.actions import run_action
from papertray.tray.adding import first_view
from papertray.tray.desktop.backend import backend_hint, find_backend
from papertray.tray.desktop.icon import TrayIcon
from papertray.tray.errors import TrayRunning
from papertray.tray.face.bar import detect_bar
from papertray.tray.follow import follow_daemon
from papertray.tray.menu import MenuAction
from papertray.tray.news import Notification, NotificationReporter, failure_notification
from papertray.tray.starting import at_login, start_where_none_runs


def main() -> None:
    here = find_places()
    speak_language_of(here)
    with _hold_lock(here):
        pystray = find_backend()
        if hint := backend_hint(pystray):
            print(translate_sentence(hint), file=sys.stderr)  # noqa: T201
        start_log(here.logs / "tray.log", "INFO")
        start_where_none_runs(here)
        _show(here, pystray)


def _show(here: Places, pystray: ModuleType) -> None:
    daemon, stop = ApiClient(here), threading.Event()
    with ThreadPoolExecutor(1, "menu") as beside:

        def choose(action: MenuAction) -> None:
            beside.submit(_run, partial(run_action, action, here, daemon, datetime.now()), icon.notify)

        icon = TrayIcon(pystray, detect_bar(_settings(here).tray.bar), choose, time.monotonic, _do_later)
        reporter = NotificationReporter(icon.show, icon.notify, lambda: _settings(here).notify)
        login = partial(at_login, here)
        follow = partial(follow_daemon, daemon, reporter.report, login, stop.wait, first_view())
        thread = GuardedThread("following the daemon", follow, stop)
        if sys.platform not in ("win32", "darwin"):  # there the loop of the icon lets no handler run
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda _number, _frame: icon.stop())
        icon.run(thread.start)
        stop.set()


def _do_later(seconds: float, deed: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, deed)
    timer.daemon = True
    timer.start()


def _run(action: Callable[[], None], notify: Callable[[Notification], None]) -> None:
    """What goes wrong is told in a notification."""
    try:
        action()
    except PapertrayError as problem:
        notify(failure_notification(problem))
    except Exception as fault:
        logger.exception("what was chosen in the menu failed")
        more = translate("{fault}; the log says more.", fault=type(fault).__name__)
        notify(Notification(translate("This should not have happened"), more))


def _settings(here: Places) -> Settings:
    """Those of the file; a mistake in it is the daemon's to tell."""
    try:
        return load_settings(here)
    except SettingsError:
        return Settings()


@contextmanager
def _hold_lock(here: Places) -> Iterator[None]:
    here.make()
    lock = filelock.FileLock(here.state / "tray.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise TrayRunning from None
    with lock:
        yield
