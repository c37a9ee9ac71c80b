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
from papertray.daemon.logs import start as start_log
from papertray.daemon.places import Places, places
from papertray.daemon.settings import Settings, load
from papertray.daemon.threads import Guarded
from papertray.tray.desktop.backend import backend, hint
from papertray.tray.desktop.icon import TrayIcon
from papertray.tray.errands import Errands
from papertray.tray.errors import TrayRunning
from papertray.tray.face.bar import bar_of
from papertray.tray.follow import Following, follow
from papertray.tray.menu import Action
from papertray.tray.news import News, Reporter, failure
from papertray.tray.starting import at_login, start_where_none_runs


def main() -> None:
    here = places()
    with _alone(here):
        pystray = backend()
        if said := hint(pystray):
            print(said, file=sys.stderr)  # noqa: T201
        start_log(here.logs / "tray.log", "INFO")
        start_where_none_runs(here)
        _show(here, pystray)


def _show(here: Places, pystray: ModuleType) -> None:
    connect, stop = partial(Client, here), threading.Event()
    with ThreadPoolExecutor(1, "errand") as errand:

        def chosen(action: Action) -> None:
            errand.submit(_told, partial(Errands(here, connect).run, action), icon.tell)

        icon = TrayIcon(pystray, bar_of(_settings(here).tray.bar), chosen, time.monotonic)
        reporter = Reporter(icon.show, icon.tell, lambda: _settings(here).notify)
        following = Following(connect, reporter.seen, partial(at_login, here), stop.wait)
        thread = Guarded("following the daemon", lambda _stop: follow(following), stop)
        if sys.platform not in ("win32", "darwin"):  # there the loop of the icon lets no handler run
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda _number, _frame: icon.stop())
        icon.run(thread.start)
        stop.set()


def _told(errand: Callable[[], None], tell: Callable[[News], None]) -> None:
    """Run it; what goes wrong is told in a notification."""
    try:
        errand()
    except PapertrayError as problem:
        tell(failure(problem))
    except Exception as fault:
        logger.exception("an errand from the menu failed")
        tell(News("This should not have happened", f"{type(fault).__name__}; the log says more."))


def _settings(here: Places) -> Settings:
    """Those of the file; a mistake in it is the daemon's to tell."""
    try:
        return load(here)
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
