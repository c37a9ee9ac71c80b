"""For a child process: how it ends together with whoever started it."""

import os
import sys
import threading


def end_with_parent() -> None:
    """End at once when the parent closes the input, or is no more. Takes the input over."""
    threading.Thread(target=_wait_for_the_end, name="input", daemon=True).start()


def _wait_for_the_end() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # nobody is left to answer
