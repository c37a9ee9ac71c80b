"""`papertray run`: the daemon in the foreground, and what a person sees of it meanwhile.

The daemon works on a thread of its own, so that a stop signal never finds it holding the lock of `stop`.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from daemon.cli.glance import one_line
from daemon.cli.screen import say
from daemon.cli.ticker import ticker
from daemon.cli.welcome import drop_here, greet, look_here
from daemon.desk import Keeper, Watching, keep
from daemon.logs import start
from daemon.notify import Supervisor
from daemon.places import Places, places
from daemon.readers import EngineReaders
from daemon.settings import Settings, load
from daemon.status import Status

STOPPING = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")  # as far as this system has them
LOOK_EVERY = 0.5  # Windows hears Ctrl-C only between two waits


def run() -> None:
    """Watch the folders and write notes until Ctrl-C or a stop signal.

    The page being read then is given back; the next start goes on with it.
    """
    here = places()
    if not here.settings_file.exists():
        greet(here)
    stop, supervisor = threading.Event(), Supervisor.of(os.environ)
    _stop_on_signals(stop, supervisor.stopping)
    with ticker(here) as shown:

        def watching(status: Status) -> None:
            supervisor.alive(one_line(status))
            shown.show(status)

        foreground(keeper(here, watching), stop)
    say("Stopped.")


def keeper(here: Places, watching: Watching) -> Keeper:
    """The real daemon of this home: the engine's readers, the settings as they are on disk."""
    return Keeper(here, EngineReaders(here), partial(_settings, here), watching)


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
    if settings.api.enabled and sys.stderr.isatty():
        say(look_here(sys.argv[0]))
    return settings


def _stop_on_signals(stop: threading.Event, told: Callable[[], None]) -> None:
    def asked(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
        stop.set()
        told()

    for name in STOPPING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), asked)
