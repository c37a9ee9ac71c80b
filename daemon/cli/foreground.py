"""The daemon in the foreground, and what a person sees of it meanwhile.

It works on a thread of its own, so that a stop signal never finds it holding the lock of `stop`.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from papertray.daemon.cli.glance import one_line
from papertray.daemon.cli.screen import say
from papertray.daemon.cli.ticker import ticker
from papertray.daemon.cli.welcome import drop_here, greet, look_here
from papertray.daemon.desk import Keeper, Watching, keep
from papertray.daemon.logs import start
from papertray.daemon.places import Places, places
from papertray.daemon.reading.readers import EngineReaders
from papertray.daemon.services.notify import Supervisor
from papertray.daemon.settings import Settings, load
from papertray.daemon.status import Status

LOOK_EVERY = 0.5  # Windows hears Ctrl-C only between two waits


def watch(stop: threading.Event, supervisor: Supervisor) -> None:
    """Until `stop`, or until the daemon ends by itself; its error is raised here."""
    here = places()
    if not here.settings_file.exists():
        greet(here)
    with ticker(here) as shown:

        def watching(status: Status) -> None:
            supervisor.alive(one_line(status))
            shown.show(status)

        with ThreadPoolExecutor(1, "desk") as thread:
            work = thread.submit(keep, keeper(here, watching), stop)
            while not work.done():
                wait([work], LOOK_EVERY)
            work.result()


def keeper(here: Places, watching: Watching) -> Keeper:
    """The real daemon of this home: the engine's readers, the settings as they are on disk."""
    return Keeper(here, EngineReaders(here), partial(_settings, here), watching)


def _settings(here: Places) -> Settings:
    """The settings as they are now; asked at the start and whenever they changed."""
    settings = load(here)
    start(here.log_file, settings.log.level, sys.stderr)
    say(drop_here(settings))
    if settings.api.enabled and sys.stderr.isatty():
        say(look_here(sys.argv[0]))
    return settings
