"""`papertray run`: the daemon in the foreground, until it is asked to stop.

It listens for signals before it imports what takes a moment, so that an early stop is as clean as a late one.
"""

import os
import signal
import threading

from papertray.daemon.cli.screen import print_message
from papertray.daemon.cli.stop_signals import handle_stop_signals
from papertray.daemon.services.notify import Supervisor


def run() -> None:
    """Watch the folders and write notes until Ctrl-C or a stop signal.

    The page being read then is given back; the next start goes on with it.
    """
    stop, supervisor = threading.Event(), Supervisor.from_environment(os.environ)

    def on_signal(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
        stop.set()
        supervisor.report_stopping()

    handle_stop_signals(on_signal)
    from papertray.daemon.cli.foreground import run_in_foreground

    run_in_foreground(stop, supervisor)
    print_message("Stopped.")
