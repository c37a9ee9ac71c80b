"""A child process that answers in lines: how its parent hears it, and how it ends, whoever ends first."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import IO


@dataclass(frozen=True, slots=True)
class Answering:
    """The child, as its parent holds it."""

    _input: IO[bytes]
    _lines: "SimpleQueue[bytes]"

    def tell(self, line: bytes) -> None:
        self._input.write(line + b"\n")
        self._input.flush()

    def line(self, seconds: float) -> bytes | None:
        """What it says next; None when that takes longer, nothing at all when it has ended."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            return None


@contextmanager
def answering(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Answering]:
    """Start it. It ends with this context, and with this process; Ctrl-C is for this process alone."""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        lines: SimpleQueue[bytes] = SimpleQueue()
        pump = threading.Thread(target=_pump, args=(child.stdout, lines), name="child's ear", daemon=True)
        pump.start()
        try:
            yield Answering(child.stdin, lines)
        finally:
            child.kill()
            pump.join()  # it sees the end of the stream before the stream is closed


def _pump(stream: IO[bytes], lines: "SimpleQueue[bytes]") -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")


def end_with_the_input() -> None:
    """For the child: end at once when the parent closes the input, or is no more. Takes the input over."""
    threading.Thread(target=_wait_for_the_end, name="input", daemon=True).start()


def _wait_for_the_end() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # nobody is left to answer
