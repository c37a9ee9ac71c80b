"""A child process, as its parent holds it: started, written to, heard and ended.

What it sends comes in messages, read by a thread of its own in whatever form the two have agreed on. Knows
pipes, time and exit codes, and nothing of what is sent. A silent child is one thing, a dead one another.
"""

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from types import MappingProxyType, TracebackType
from typing import IO, Generic, Self, TypeVar

T = TypeVar("T")

ENDING = 2.0  # seconds, from the end of its input to its own
DYING = 1.0  # from the end of its messages to its exit status
IMPORTS = Path(__file__).parents[3]  # where the child finds `papertray`, wherever it is started


class ChildDied(Exception):
    """The child ended by itself. `status` is its exit status, as `subprocess` gives it."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


class ChildSilent(Exception):
    """The child lives, and sent nothing in the time it had."""


class ChildProcess(Generic[T]):
    """A child that was started. It ends with this process at the latest; Ctrl-C is for this process alone.

    `read_message` waits for the next message in the child's output, and gives nothing at its end. `variables`
    are those of its environment that differ from what is `inherited`, our own as a rule. `descriptors` are
    open there too, under the same numbers. As a context, it is ended at once when that is left.
    """

    def __init__(
        self,
        command: Sequence[str],
        read_message: Callable[[IO[bytes]], T | None],
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        inherited: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        self._read_message = read_message
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders quote what they read
            env={
                **(os.environ if inherited is None else inherited),
                "PYTHONPATH": _python_path(),
                **variables,
            },
            pass_fds=descriptors,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._messages: SimpleQueue[T | None] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="child's messages", daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.end()

    def send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except OSError as problem:
            raise ChildDied(self._status()) from problem

    def receive(self, seconds: float) -> T:
        """The next message; raises `ChildSilent` when that takes longer, `ChildDied` when there is none."""
        try:
            message = self._messages.get(timeout=seconds)
        except Empty:
            raise ChildSilent from None
        if message is None:
            self._messages.put(None)  # for whoever asks once more
            raise ChildDied(self._status())
        return message

    def kill(self) -> None:
        """End it at once; whoever waits for a message gets `ChildDied`. May be called from any thread."""
        self._process.kill()

    def end(self) -> None:
        """Close its input, which ends it; kill it where that is not enough; leave nothing behind."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with contextlib.suppress(
                subprocess.TimeoutExpired
            ):  # stuck in the kernel, on a dead network share
                self._process.wait(ENDING)
        self._listener.join(ENDING)
        if not self._listener.is_alive():
            self._process.stdout.close()

    def _status(self) -> int | None:
        try:
            return self._process.wait(DYING)
        except subprocess.TimeoutExpired:  # it closed its end or sent nonsense, and lives
            self._process.kill()
            return None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(Exception):  # what cannot be understood is the end of what can be
            while message := self._read_message(self._process.stdout):
                self._messages.put(message)
        self._messages.put(None)


def read_line(stream: IO[bytes]) -> bytes:
    """For a child that sends lines."""
    return stream.readline()


def _python_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(IMPORTS), *([inherited] if inherited else [])])
