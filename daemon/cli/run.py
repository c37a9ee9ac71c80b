"""`papertray run`: the daemon in the foreground, and what a person sees of it meanwhile.

The daemon works on a thread of its own, so that a stop signal never finds it holding the lock of `stop`.
"""

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from daemon.cli.screen import say
from daemon.cli.ticker import ticker
from daemon.cli.welcome import drop_here, greet
from daemon.desk import Keeper, keep
from daemon.logs import start
from daemon.places import Places, places
from daemon.readers import EngineReaders
from daemon.settings import Settings, load

STOPPING = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")  # as far as this system has them
LOOK_EVERY = 0.5  # Windows hears Ctrl-C only between two waits


def run() -> None:
    """Watch the folders and write notes until Ctrl-C or a stop signal.

    The page being read then is given back; the next start goes on with it.
    """
    here = places()
    if not here.settings_file.exists():
        greet(here)
    stop = threading.Event()
    _stop_on_signals(stop)
    with ticker(here) as shown:
        foreground(Keeper(here, EngineReaders(here), partial(_settings, here), shown.show), stop)
    say("Stopped.")


def foreground(keeper: Keeper, stop: threading.Event) -> None:
    """Until `stop`, or until the daemon ends by itself; its error is raised here."""
    with ThreadPoolExecutor(1, "desk") as thread:
        work = thread.submit(keep, keeper, stop)
        while not work.done():
            wait([work], LOOK_EVERY)
        work.result()


def _settings(here: Places) -> Settings:
    """The settings as they are now; asked at the start and whenever they changed."""
    settings = load(here)
    start(here.log_file, settings.log.level, sys.stderr)
    say(drop_here(settings))
    return settings


def _stop_on_signals(stop: threading.Event) -> None:
    def asked(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
        stop.set()

    for name in STOPPING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), asked)
