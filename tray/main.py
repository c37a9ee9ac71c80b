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
from functools import partial
from types import ModuleType

import filelock
from loguru import logger

from papertray.daemon.client.client import Client
from papertray.daemon.errors import PapertrayError, SettingsError
from papertray.daemon.logs import start_logging as start_log
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.threads import GuardedThread
from papertray.tray.desktop.backend import backend_hint, find_backend
from papertray.tray.desktop.icon import TrayIcon
from papertray.tray.errands import Errands
from papertray.tray.errors import TrayRunning
from papertray.tray.face.bar import detect_bar
from papertray.tray.follow import Following, follow_daemon
from papertray.tray.menu import MenuAction
from papertray.tray.news import Notification, NotificationReporter, failure_notification
from papertray.tray.starting import at_login, start_where_none_runs


def main() -> None:
    here = find_places()
    with _alone(here):
        pystray = find_backend()
        if said := backend_hint(pystray):
            print(said, file=sys.stderr)  # noqa: T201
        start_log(here.logs / "tray.log", "INFO")
        start_where_none_runs(here)
        _show(here, pystray)


def _show(here: Places, pystray: ModuleType) -> None:
    connect, stop = partial(Client, here), threading.Event()
    with ThreadPoolExecutor(1, "errand") as errand:

        def chosen(action: MenuAction) -> None:
            errand.submit(_told, partial(Errands(here, connect).run, action), icon.tell)

        icon = TrayIcon(pystray, detect_bar(_settings(here).tray.bar), chosen, time.monotonic)
        reporter = NotificationReporter(icon.show, icon.tell, lambda: _settings(here).notify)
        following = Following(connect, reporter.seen, partial(at_login, here), stop.wait)
        thread = GuardedThread("following the daemon", partial(follow_daemon, following), stop)
        if sys.platform not in ("win32", "darwin"):  # there the loop of the icon lets no handler run
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda _number, _frame: icon.stop())
        icon.run(thread.start)
        stop.set()


def _told(errand: Callable[[], None], tell: Callable[[Notification], None]) -> None:
    """Run it; what goes wrong is told in a notification."""
    try:
        errand()
    except PapertrayError as problem:
        tell(failure_notification(problem))
    except Exception as fault:
        logger.exception("an errand from the menu failed")
        tell(Notification("This should not have happened", f"{type(fault).__name__}; the log says more."))


def _settings(here: Places) -> Settings:
    """Those of the file; a mistake in it is the daemon's to tell."""
    try:
        return load_settings(here)
    except SettingsError:
        return Settings()


@contextmanager
def _alone(here: Places) -> Iterator[None]:
    here.make()
    lock = filelock.FileLock(here.state / "tray.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise TrayRunning from None
    with lock:
        yield
