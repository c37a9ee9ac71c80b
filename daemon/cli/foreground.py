"""The daemon in the foreground, and what a person sees of it meanwhile.

It works on a thread of its own, so that a stop signal never finds it holding the lock of `stop`.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from papertray.daemon.cli.first_run import describe_folders, describe_page_and_icon, prepare_first_run
from papertray.daemon.cli.live_status import open_display
from papertray.daemon.cli.screen import print_message
from papertray.daemon.cli.status_text import summarize_status
from papertray.daemon.places import Places, find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.services.notify import Supervisor
from papertray.daemon.settings import Settings
from papertray.daemon.start import load_settings_and_log, run_daemon
from papertray.daemon.status import Status

LOOK_EVERY = 0.5  # Windows hears Ctrl-C only between two waits


def run_in_foreground(stop: threading.Event, supervisor: Supervisor) -> None:
    """Until `stop`, or until the daemon ends by itself; its error is raised here."""
    here = find_places()
    if not here.log_file.exists():  # none has run here, though settings may have been made
        prepare_first_run(here)
    with open_display(here) as display:

        def show_status(status: Status) -> None:
            supervisor.report_alive(summarize_status(status))
            display.show(status)

        load = partial(_load_settings, here, NewsTeller())
        with ThreadPoolExecutor(1, "desk") as thread:
            work = thread.submit(run_daemon, here, EngineReaderSource(here), load, show_status, stop)
            while not work.done():
                wait([work], LOOK_EVERY)
            work.result()


class NewsTeller:
    """Says each thing when it has become another."""

    def __init__(self) -> None:
        self._before = ""

    def tell(self, message: str) -> None:
        if message != self._before:
            self._before = message
            print_message(message)


def _load_settings(here: Places, news: NewsTeller) -> Settings:
    """The settings as they are now; called at the start and whenever they changed."""
    settings = load_settings_and_log(here, sys.stderr)
    sentences = [describe_folders(settings)]
    if settings.api.enabled and sys.stderr.isatty():
        sentences.append(describe_page_and_icon(sys.argv[0]))
    news.tell("\n".join(sentences))
    return settings
