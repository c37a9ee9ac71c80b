"""One child process, as the renderer holds it: started, asked one thing at a time, ended.

Knows pipes, time and exit codes; nothing of documents.
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from papertray.engine.children import own_process
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import frames

COMMAND = own_process.command("papertray.engine.render_child")
STARTING = 60.0  # seconds; a cold disk and a virus scanner can take long
ENDING = 2.0
DYING = 1.0  # from the end of its answers to its exit status
IMPORTS = Path(__file__).parents[3]  # where the child finds `papertray`, wherever it is started

Reply = tuple[frames.Header, bytearray]


class ChildDied(Exception):
    """The child ended by itself. `status` is its exit status, as `subprocess` gives it."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


class ChildHung(Exception):
    """The child did not answer in time, and was ended."""


class Child:
    """A child that was started; `greet` it before asking."""

    def __init__(self, command: Sequence[str], limits: DocumentLimits) -> None:
        self._longest_body = _bytes_of_the_largest_page(limits)
        self._process = subprocess.Popen(
            [*command, json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders quote what they read
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._replies: SimpleQueue[Reply | None] = SimpleQueue()
        self._listener = Thread(target=self._listen, name="renderer's ear", daemon=True)
        self._listener.start()

    def greet(self) -> None:
        """Wait until it is ready."""
        self._reply(STARTING)

    def ask(self, request: frames.Header, seconds: float) -> Reply:
        assert self._process.stdin is not None
        try:
            frames.write_frame(self._process.stdin, request)  # type: ignore[arg-type]  # a pipe of bytes
        except OSError as problem:
            raise ChildDied(self._status()) from problem
        return self._reply(seconds)

    def kill(self) -> None:
        """End it at once; whoever waits for an answer gets `ChildDied`. May be called from any thread."""
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

    def _reply(self, seconds: float) -> Reply:
        try:
            reply = self._replies.get(timeout=seconds)
        except Empty:
            self._process.kill()
            raise ChildHung from None
        if reply is None:
            raise ChildDied(self._status())
        return reply

    def _status(self) -> int | None:
        try:
            return self._process.wait(DYING)
        except subprocess.TimeoutExpired:  # it closed its end or sent nonsense, and lives
            self._process.kill()
            return None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(frames.BrokenFrame, OSError, ValueError, MemoryError):
            while reply := frames.read_frame(self._process.stdout, self._longest_body):  # type: ignore[arg-type]
                self._replies.put(reply)
        self._replies.put(None)


def _bytes_of_the_largest_page(limits: DocumentLimits) -> int:
    return max(limits.max_megapixels, limits.page_megapixels) * 4_000_000 + (1 << 20)


def _environment() -> dict[str, str]:
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(IMPORTS), *([known] if known else [])])}
