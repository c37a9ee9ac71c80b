"""The way of a read document, to its note and its archive, in a process whose nth system call goes wrong.

Run as a program it imports everything once, and forks a process for every line: a trial, or `recover`, which
lives on as the daemon does after a start. Each answers in one line of JSON.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papertray.daemon.records import FoundFile
from papertray.engine.documents import Fingerprint
from tests.daemon.notes.shelf import Shelf
from tests.faults.system_calls import CHANGING

KILL = "KILL"
FAULTS = ("EIO", "ENOSPC", "EACCES", KILL)
KILLED = 9
ARCHIVED, MOVED = "archived", "moved"
ONE_SCAN = {"scan.pdf": "a scan"}


@dataclass(frozen=True, slots=True)
class Trial:
    """`call` counts from 1; 0: nothing goes wrong, and the answer is how many there are."""

    call: int
    fault: str


class Ground:
    """Where trials take place: always the same paths, laid out afresh for each.

    `way` is how what was read comes into `archive`: as its folder says, or as a rule does.
    """

    def __init__(
        self, root: Path, archive: Path, scans: Mapping[str, str] = ONE_SCAN, way: str = ARCHIVED
    ) -> None:
        self.way = way
        self.root = root
        self.archive = archive
        self.scans = scans
        self._untouched = root.with_name(f"{root.name}-untouched")
        self._lay_out()
        shutil.move(root, self._untouched)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def reset(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self.archive, ignore_errors=True)
        shutil.copytree(self._untouched, self.root, symlinks=True)
        self.archive.mkdir()
        (self.archive / "scan.pdf").write_text("another's scan")

    def _lay_out(self) -> None:
        """Documents that are read, a neighbour's files, names that drafts once had."""
        desk = Shelf(self.root)
        for name, content in self.scans.items():
            (self.inbox / name).write_text(content)
        desk.look()
        desk.open_documents()
        desk.read()
        desk.close()
        (self.inbox / "mine.md").write_text("my own words")
        (self.inbox / ".papertray-1.tmp").write_text("mine too")


@contextmanager
def launcher(ground: Ground) -> Iterator[Callable[[str], Any]]:
    """Call it with a line to get the answer; None when the process was killed."""
    arguments = [str(ground.root), str(ground.archive), ground.way]
    command = [sys.executable, "-m", "tests.faults.every_call", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(line: str) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        try:
            yield ask
        finally:
            process.kill()


class Faults:
    """Stands before the calls of `os` and counts those that are about a file of the ground."""

    def __init__(self, trial: Trial) -> None:
        self.calls = 0
        self._trial = trial
        self._real = {call: getattr(os, call) for call in CHANGING if hasattr(os, call)}

    def begin(self) -> None:
        for call, real in self._real.items():
            setattr(os, call, self._guarded(real))

    def end(self) -> None:
        for call, real in self._real.items():
            setattr(os, call, real)

    def _guarded(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*values: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls != self._trial.call:
                return real(*values, **options)
            if self._trial.fault == KILL:
                with suppress(OSError):
                    real(*values, **options)
                os._exit(KILLED)
            number = getattr(errno, self._trial.fault)
            if real is self._real["close"]:
                real(*values)  # a descriptor is gone also when closing it says that something was lost
            raise OSError(number, os.strerror(number))

        return guarded


def main() -> None:
    root, archive, way = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    for line in sys.stdin:
        read, write = os.pipe()
        process = os.fork()
        if process == 0:
            answer = recover(root, archive, way) if line == "recover\n" else go(root, archive, way, line)
            os.write(write, json.dumps(answer).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as answered:
            print(answered.read() or "null", flush=True)
        os.waitpid(process, 0)


def shelf_for(root: Path, archive: Path, way: str) -> Shelf:
    if way == MOVED:
        return Shelf(root, rules=[{"name": "all", "move": str(archive), "tags": ["scan"]}])
    return Shelf(root, folder={"archive": archive})


def go(root: Path, archive: Path, way: str, line: str) -> int:
    """How many calls it takes to place the note. After an error go on as the daemon does, some time later."""
    call, fault = line.split()
    desk = shelf_for(root, archive, way)
    faults = Faults(Trial(int(call), fault))
    faults.begin()
    desk.place()
    faults.end()
    _later(600)
    desk.place()
    desk.close()
    return faults.calls


def recover(root: Path, archive: Path, way: str) -> dict[str, str]:
    """How documents stand after the next start, and what would be taken for new where it was put."""
    _later(1200)
    desk = shelf_for(root, archive, way)
    desk.place()
    desk.live()
    states = desk.states()
    kept = [record.archived for record in desk.documents().values() if record.archived]
    found = [FoundFile(archive, path, Fingerprint.of(path.stat())) for path in kept]
    states |= {file.path.name: "new" for file in desk.journal.arrivals.find_unknown(found)}
    desk.close()
    return states


def _later(seconds: float) -> None:
    now = time.time
    time.time = lambda: now() + seconds


if __name__ == "__main__":
    main()
