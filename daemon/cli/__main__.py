"""`python -m papertray.daemon.cli`: how a service starts papertray, and where a bundled papertray begins.

A program without a window has no streams on Windows: what it would print goes nowhere. Task Scheduler gives a
program no environment: words such as PAPERTRAY_HOME=C:\\scans before the command stand for it.
"""

import os
import sys

from papertray.daemon.cli import main


def lend_streams() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  # for good


def take_environment() -> None:
    while sys.argv[1:] and "=" in sys.argv[1] and sys.argv[1].startswith("PAPERTRAY_"):
        name, _, value = sys.argv.pop(1).partition("=")
        os.environ[name] = value


if __name__ == "__main__":
    lend_streams()
    take_environment()
    main()
