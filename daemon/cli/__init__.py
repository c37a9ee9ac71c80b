"""The command line. What is slow is imported only when a stop signal can no longer cause a traceback."""

import os
import signal
import sys

from papertray.daemon.cli.stopping import on_stop
from papertray.engine.exit_codes import ExitCode


def main() -> None:
    """Begin. A stop ends the process at once while nothing is under way yet: for `run` that is a good end."""
    heard = signal.getsignal(signal.SIGINT)
    if sys.argv[1:2] == ["run"]:
        on_stop(lambda *_: os._exit(ExitCode.OK))
        heard = signal.getsignal(signal.SIGINT)
    elif heard is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from papertray.daemon.cli.program import main

    main(heard)
