"""A daemon in a process of its own that may open few files; ends at SIGTERM. Told: inbox, number."""

import resource
import signal
import sys
import threading
from pathlib import Path

from papertray.daemon.logs import start_logging
from papertray.daemon.places import find_places
from papertray.daemon.start import run_daemon
from tests.desks import settings_for
from tests.fakes import InstantReader, OneReader


def main() -> None:
    inbox, files = Path(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    here = find_places()
    here.make()
    start_logging(here.log_file, "INFO")
    settings = settings_for(inbox, api={"port": 0})
    run_daemon(here, OneReader(InstantReader()), lambda: settings, lambda _status: None, stop)


if __name__ == "__main__":
    main()
