"""A daemon that reads for others, in a process of its own. Told: a folder and a port.

It writes into the folder's `diary` which page it begins and which it has read, and reads none before a file
`go` is there.
"""

import sys
import threading
import time
from pathlib import Path

from papertray.daemon.places import find_places
from papertray.daemon.start import run_daemon
from papertray.engine.pages import PageImage
from tests.desks import settings_for
from tests.fakes import InstantReader, OneReader, text_of


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])

    def write(line: str) -> None:
        with (folder / "diary").open("a") as diary:
            diary.write(f"{line}\n")

    def wait(page: PageImage) -> None:
        write("began")
        while not (folder / "go").exists():
            time.sleep(0.02)
        write(text_of(page))

    serve = {"enabled": True, "host": "127.0.0.1", "port": port, "announce": False}
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    settings = settings_for(inbox, api={"port": 0}, serve=serve)
    readers = OneReader(InstantReader(before=wait))
    run_daemon(find_places(), readers, lambda: settings, lambda _status: None, threading.Event())


if __name__ == "__main__":
    main()
