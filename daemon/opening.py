"""Open a file with the program this system has for it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from papertray.engine.errors import PapertrayError

_OPENERS = {"darwin": "open", "linux": "xdg-open"}


class CannotOpen(PapertrayError):
    def __init__(self, file: Path) -> None:
        super().__init__(f"No program was found to open {file.name}.", f"It is in {file.parent}.")


def open_in_editor(file: Path) -> None:
    try:
        if sys.platform == "win32":
            os.startfile(file)
        else:
            opener = subprocess.Popen(
                [_OPENERS.get(sys.platform, "xdg-open"), str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            threading.Thread(target=opener.wait, name="opener", daemon=True).start()  # leave no zombie
    except OSError:
        raise CannotOpen(file) from None
