"""Take connections in, and keep them few: so many at each place where we listen, and none that does nothing.

A connection has some seconds to bring a whole request head, and the next one after an answer; one above the
number takes the place of the one that has been idle longest. So whoever only connects keeps nobody out.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from papertray.daemon.api.doors.rare_warning import RareWarning

IDLE_SECONDS = 10.0
STALLED_SECONDS = 30.0  # for an answer that nobody takes
_AFTER_A_PROBLEM = 0.1


class ApiConnection(H11Protocol):
    """One connection: what uvicorn does with it, and since when it is quiet."""

    quiet_since = 0.0
    is_lost = False
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.quiet_since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self.quiet_since = self.loop.time()
        super().on_response_complete()

    def is_working(self) -> bool:
        """Whether a request came in whole, and its answer is made or taken."""
        return self.cycle is not None and not self.cycle.response_complete and not self.flow.write_paused

    def is_over(self, now: float) -> bool:
        """Whether nothing has come of it for too long. To be asked every now and then."""
        unsent = self.transport.get_write_buffer_size()
        if unsent != self._unsent or (self.is_working() and not unsent):
            self._unsent, self.quiet_since = unsent, now
        return now - self.quiet_since > (STALLED_SECONDS if unsent else IDLE_SECONDS)


class AcceptLoop:
    """Takes connections from one listening socket, `most` at once."""

    def __init__(
        self,
        listening: socket.socket,
        most: int,
        lets_in: Callable[[socket.socket], bool],
        app_state: dict[str, Any],
        warning: RareWarning,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.app_state = app_state
        self._listening = listening
        self._most = most
        self._lets_in = lets_in
        self._warning = warning
        self._tls = tls
        self._connections: set[ApiConnection] = set()
        self._greeting: dict[asyncio.Task[None], None] = {}  # the oldest first
        self._task: asyncio.Task[None] | None = None

    def start(self, connection: Callable[[], ApiConnection]) -> None:
        """From now on, in the loop that runs; each connection is a new one of these."""
        self._listening.setblocking(False)
        self._task = asyncio.get_running_loop().create_task(self._accept_all(connection))
        self._task.add_done_callback(lambda _task: self._listening.close())

    def close_idle(self) -> None:
        """Close what has been quiet for too long. Raises what ended the loop, if something did."""
        now = asyncio.get_running_loop().time()
        self._forget_lost()
        for connection in [one for one in self._connections if one.is_over(now)]:
            self._drop(connection)
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()

    def close(self) -> None:
        """Take no more in."""
        for task in (*self._greeting, *filter(None, (self._task,))):
            task.cancel()

    async def wait_closed(self) -> None:
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _accept_all(self, new_connection: Callable[[], ApiConnection]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                arrived, _ = await loop.sock_accept(self._listening)
            except OSError:  # no descriptors, mostly
                self._make_room(0)
                await asyncio.sleep(_AFTER_A_PROBLEM)
                continue
            await self._take(arrived, new_connection)

    async def _take(self, arrived: socket.socket, new_connection: Callable[[], ApiConnection]) -> None:
        if not self._lets_in(arrived) or not self._make_room(self._most):
            arrived.close()
            await asyncio.sleep(0)
            return
        if self._tls is None:
            await self._connect(arrived, new_connection, {})
            return
        how = {"ssl": self._tls, "ssl_handshake_timeout": IDLE_SECONDS}
        task = asyncio.get_running_loop().create_task(self._connect(arrived, new_connection, how))
        self._greeting[task] = None  # not awaited: who is slow in this keeps nobody waiting
        task.add_done_callback(self._greeting.pop)
        await asyncio.sleep(0)  # let it begin: from then on its end closes the socket

    async def _connect(
        self, arrived: socket.socket, new_connection: Callable[[], ApiConnection], how: dict[str, Any]
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.connect_accepted_socket(new_connection, arrived, **how)
        except OSError:  # gone already, or no TLS
            arrived.close()
        else:
            self._connections.add(connection)

    def _make_room(self, most: int) -> bool:
        """Whether there is room below `most`, after the quietest was closed for it where there was none."""
        self._forget_lost()
        if len(self._connections) + len(self._greeting) < most:
            return True
        self._warning.count()
        if self._greeting:
            next(iter(self._greeting)).cancel()
            return True
        quiet = [one for one in self._connections if not one.is_working()]
        if quiet:
            self._drop(min(quiet, key=lambda one: one.quiet_since))
        return bool(quiet)

    def _forget_lost(self) -> None:
        self._connections = {one for one in self._connections if not one.is_lost}

    def _drop(self, connection: ApiConnection) -> None:
        connection.transport.abort()  # not closed: that would wait until the other side takes what is unsent
        self._connections.discard(connection)
