"""A server that papertray starts itself: asked until it answers, started again when it ends, ended in time.

A thread of its own looks after it. What the server writes while it starts is kept, for people to see why it
cannot; as soon as a page may have been sent to it, nothing that it writes is looked at until its next start.
"""

import os.path
import threading
import time
from collections import deque
from dataclasses import replace

import httpx
from loguru import logger

from papertray.engine.children.kept_program import KeptProgram, find_command
from papertray.engine.children.process import ChildDied, ChildSilent
from papertray.engine.errors import ReaderAway
from papertray.engine.readers.server.ports import find_free_port, is_free_port
from papertray.engine.readers.server.problems import quote_server
from papertray.engine.server_address import PORT, ServerAddress

LONGEST_START = 900.0  # seconds; a large model on a slow disk takes minutes
PAUSES = (1.0, 5.0, 20.0, 60.0)
"""Seconds before it is started again, after the first failure in a row, the second, and so on."""

_TRIES = 2  # to start, before the pages are given back; it is tried on meanwhile
_LINES = 6
_LOOK = 0.2  # seconds between two looks at it
_WEIGHING = 10.0  # seconds between two looks at its memory, which cost some milliseconds
_PATIENCE = 1.0  # seconds that it has to say whether it is well
_STEADY = 60.0  # seconds at work, after which an end has nothing to do with the one before


class OwnServerDown(ReaderAway):
    def __init__(self, program: str, problem: str, words: tuple[str, ...]) -> None:
        """`words` are the last that it wrote before it could be asked."""
        wrote = f" Its last words: {' / '.join(words)}" if words else ""
        super().__init__(
            f"{program} does not run: {problem}.{wrote}",
            "papertray starts it again by itself; its command stands in `engine.servers`.",
        )


class OwnServer:
    """It begins to start at once. `address` is where it can be asked once it is ready.

    `deaths` counts how often it ended by itself after it was ready; `memory` is what it holds, in bytes.
    """

    def __init__(self, wanted: ServerAddress) -> None:
        self._wanted = wanted
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._quoting = threading.Lock()
        self._has_pages = self._may_be_quoted = False
        self._failures = 0
        self._ready_since = 0.0
        self.deaths = self.memory = 0
        self._weighed = 0.0
        self.problem: OwnServerDown | None = None
        self.address = self._at(find_free_port())
        self._thread = threading.Thread(target=self._keep_running, name=wanted.program, daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    @property
    def is_hopeless(self) -> bool:
        """Whether waiting for it makes little sense just now; there is a `problem` then."""
        return self._failures >= _TRIES and not self.is_ready

    def expect_pages(self) -> None:
        """Pages may be sent to it from now on, ready or not; `release_pages` when none is any more."""
        with self._quoting:
            self._has_pages, self._may_be_quoted = True, False

    def release_pages(self) -> None:
        with self._quoting:
            self._has_pages = False

    def wait_until_ready(self, seconds: float) -> bool:
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Begin to end it; `wait` until it has ended."""
        self._stop.set()

    def wait(self) -> None:
        self._thread.join()

    def _keep_running(self) -> None:
        while not self._stop.is_set():
            end = self._run_once()
            words, seconds = tuple(self._lines), self._seconds_at_work()
            self._failures = 1 if seconds > _STEADY else self._failures + 1
            self.problem = OwnServerDown(self._wanted.program, end, words)
            if not self._stop.is_set():
                logger.warning("{} is to be started again: {}", self._wanted.program, end)
            self.deaths += self.is_ready
            self._ready.clear()
            self.memory, self._weighed = 0, 0.0
            self._stop.wait(PAUSES[min(self._failures, len(PAUSES)) - 1])

    def _run_once(self) -> str:
        """From its start to its end; how it came to that."""
        with self._quoting:
            self._may_be_quoted = not self._has_pages
        self._lines.clear()
        if not is_free_port(self.address.port):  # somebody has taken it meanwhile
            self.address = self._at(find_free_port())
        if not is_free_port(self.address.port):
            return f"another program listens at port {self.address.port}"
        command = self._command()
        if find_command(command[0]) is None:
            return "there is no such program here; a service may need its full path"
        began = time.monotonic()
        with KeptProgram(command) as program, httpx.Client(timeout=_PATIENCE, trust_env=False) as client:
            while not self._stop.is_set():
                if not self.is_ready:
                    if self._answers(client):
                        self._begin_work()
                    elif time.monotonic() - began > LONGEST_START:
                        return f"it did not answer within {LONGEST_START / 60:.0f} minutes"
                if (end := self._listen(program)) is not None:
                    return end
                if self.is_ready and time.monotonic() - self._weighed > _WEIGHING:
                    self.memory, self._weighed = program.weigh(), time.monotonic()
        return "it was stopped"

    def _begin_work(self) -> None:
        self._lines.clear()
        self._ready_since = time.monotonic()
        self._ready.set()

    def _seconds_at_work(self) -> float:
        return time.monotonic() - self._ready_since if self.is_ready else 0.0

    def _answers(self, client: httpx.Client) -> bool:
        """Most say at /health whether the model is loaded; who has no such place can tell its models."""
        head = {"Authorization": f"Bearer {self.address.key}"} if self.address.key else {}
        try:
            answer = client.get(httpx.URL(self.address.url).join("/health"))
            if answer.status_code == httpx.codes.NOT_FOUND:
                answer = client.get(f"{self.address.url}/models", headers=head)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def _listen(self, program: KeptProgram) -> str | None:
        """For a moment; how it ended, if it did."""
        until = time.monotonic() + (_LOOK if self.is_ready else _LOOK / 4)
        try:
            while (left := until - time.monotonic()) > 0:
                line = program.receive(left)
                if self._may_be_quoted and line.strip():
                    self._lines.append(quote_server(line.decode(errors="replace")))
        except ChildSilent:
            return None
        except ChildDied as death:
            return _describe_end(death.status)
        return None

    def _command(self) -> tuple[str, ...]:
        port = str(self.address.port)
        return tuple(os.path.expanduser(part).replace(PORT, port) for part in self._wanted.command)  # noqa: PTH111

    def _at(self, port: int) -> ServerAddress:
        return replace(self._wanted, url=self._wanted.url.replace(PORT, str(port)))


def _describe_end(status: int | None) -> str:
    if status is None or status < 0:
        return "it was ended from outside"
    return f"it was ended by signal {status - 128}" if status > 128 else f"it ended with status {status}"
