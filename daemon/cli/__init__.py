"""The command line. What is slow is imported only when a stop signal can no longer cause a traceback."""

import os
import signal
import sys

from papertray.daemon.cli.stop_signals import handle_stop_signals
from papertray.engine.exit_codes import ExitCode


def main() -> None:
    """Begin. A stop ends the process at once while nothing is under way yet: for `run` that is a good end."""
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    if sys.argv[1:2] == ["run"]:
        handle_stop_signals(lambda *_: os._exit(ExitCode.OK))
        on_ctrl_c = signal.getsignal(signal.SIGINT)
    elif on_ctrl_c is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from papertray.daemon.cli.program import run_program

    run_program(on_ctrl_c)
