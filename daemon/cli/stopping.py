"""The signals that ask a daemon to stop."""

import signal
from collections.abc import Callable

SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")  # as far as this system has them


def on_stop(asked: Callable[[int, object], None]) -> None:
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` wants it
            signal.signal(number, asked)
