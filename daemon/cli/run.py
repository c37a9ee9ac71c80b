"""`papertray run`: the daemon in the foreground, and what a person sees of it meanwhile.

The daemon works on a thread of its own, so that a stop signal never finds it holding the lock of `stop`.
"""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor, wait

from daemon.cli.screen import say
from daemon.cli.ticker import Ticker, ticker
from daemon.cli.welcome import drop_here, greet
from daemon.places import Places, places

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
        _work(here, stop, shown)


def _work(here: Places, stop: threading.Event, shown: Ticker) -> None:
    from daemon.desk import Desk
    from daemon.settings import load

    settings = load(here)
    desk = Desk(here, settings)
    say(drop_here(settings))
    with ThreadPoolExecutor(1, "desk") as thread:
        work = thread.submit(desk.run, stop, shown.show)
        while not work.done():
            wait([work], LOOK_EVERY)
        work.result()


def _stop_on_signals(stop: threading.Event) -> None:
    def asked(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
        stop.set()

    for name in STOPPING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), asked)
