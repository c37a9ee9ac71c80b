"""Processes that run a daemon and die: started ready to go, killed with -9, started again.

Run as a program it imports everything once, then forks a daemon for every line it is given. That daemon's
reader answers from the pixels after a moment, writes down every page it has read, and kills its process on
pages that the file `deadly` names.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.claims import claims, neighbours
from papertray.daemon.places import find_places
from papertray.daemon.start import run_daemon
from papertray.engine.pages import PageImage
from tests.desks import settings_for
from tests.fakes import InstantReader, OneReader, text_of

READING = 0.005  # seconds a page takes
BEAT, WAITING = 0.25, 0.5  # between machines it is more: a trial should not last for minutes
SOON = 3.0  # seconds until a dead one's claims are taken over, where one is killed and another lives on


@dataclass(frozen=True, slots=True)
class Yard:
    """The folder of one trial: the inbox, the home, what was read, what kills."""

    root: Path
    shared: Path | None = None  # an inbox that others have, too
    expiry: float = neighbours.EXPIRY

    @property
    def inbox(self) -> Path:
        return self.shared or self.root / "inbox"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def deadly(self) -> Path:
        return self.root / "deadly"

    @property
    def folder(self) -> Path:
        """More that the settings say of the inbox, as JSON."""
        return self.root / "folder"

    @property
    def log(self) -> Path:
        return self.root / "read.log"

    def read(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


class Lives:
    """Starts daemons for a yard, one at a time."""

    def __init__(self, launcher: subprocess.Popen[str]) -> None:
        self._launcher = launcher

    def start(self) -> int:
        """The new daemon's process id."""
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        self._launcher.stdin.write("start\n")
        self._launcher.stdin.flush()
        return int(self._launcher.stdout.readline())

    def wait(self) -> int:
        """How the daemon started last has ended: its exit status, or minus the signal that killed it."""
        assert self._launcher.stdout is not None
        return int(self._launcher.stdout.readline())

    def kill(self, process: int) -> int:
        os.kill(process, signal.SIGKILL)
        return self.wait()


@contextmanager
def lives(yard: Yard, *under: str) -> Iterator[Lives]:
    """Whatever still runs at the end is killed. `under` is a program that runs another, as strace does."""
    program = [sys.executable, "-m", "tests.faults.lives"]
    command = [*under, *program, str(yard.root), str(yard.inbox), str(yard.expiry)]
    environment = {**os.environ, "PAPERTRAY_HOME": str(yard.home)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as launcher:
        try:
            yield Lives(launcher)
        finally:
            launcher.kill()


def main() -> None:
    yard = Yard(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
    claims.BEAT, claims.WAIT_SECONDS, neighbours.EXPIRY = BEAT, WAITING, yard.expiry
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            _live(yard)
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(yard: Yard) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    deadly = set(yard.deadly.read_text().split("\n")) if yard.deadly.exists() else set()

    def before(page: PageImage) -> None:
        said = text_of(page)
        if said in deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        stop.wait(READING)
        with yard.log.open("a") as log:
            log.write(f"{said}\n")

    readers = OneReader(InstantReader(batch=1, before=before))
    folder = json.loads(yard.folder.read_text()) if yard.folder.exists() else {}
    settings = settings_for(yard.inbox, folder=folder)
    run_daemon(find_places(), readers, lambda: settings, lambda _status: None, stop)
    os._exit(0)


if __name__ == "__main__":
    main()
