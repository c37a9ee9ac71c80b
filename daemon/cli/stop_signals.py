"""The signals that ask a daemon to stop."""

import signal
from collections.abc import Callable

SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")  # as far as this system has them


def handle_stop_signals(handler: Callable[[int, object], None]) -> None:
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and not (name == "SIGHUP" and _outlives_its_terminal(number)):
            signal.signal(number, handler)


def _outlives_its_terminal(hang_up: int) -> bool:
    """It was begun with `nohup`."""
    return signal.getsignal(hang_up) is signal.SIG_IGN
