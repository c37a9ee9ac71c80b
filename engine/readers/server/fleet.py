"""The servers: which is the least busy, which is set aside, and how many pages are with them at once.

Pure but for the clock that is passed in. More pages go out as long as none is turned away; half as many after
a server says that it has too much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from papertray.engine.pages import ServerAddress

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_MOST_DOUBLINGS = 10


@dataclass(slots=True)
class ServerState:
    """`busy` pages are with it; nothing is asked of it before `rests_until`."""

    address: ServerAddress
    busy: int = 0
    failures: int = 0
    rests_until: float = 0.0


class Fleet:
    def __init__(self, addresses: Sequence[ServerAddress], clock: Callable[[], float]) -> None:
        self.servers = [ServerState(address) for address in addresses]
        self._clock = clock
        self._most = sum(address.in_flight for address in addresses)
        self.limit = self._most

    @property
    def is_full(self) -> bool:
        return sum(server.busy for server in self.servers) >= self.limit

    def take(self) -> ServerState | None:
        """The least busy that is not set aside, with one page more; None when none has room."""
        now = self._clock()
        able = [
            server
            for server in self.servers
            if server.rests_until <= now and server.busy < server.address.in_flight
        ]
        if self.is_full or not able:
            return None
        server = min(able, key=lambda one: (one.failures, one.busy / one.address.in_flight))
        server.busy += 1
        return server

    def answered(self, server: ServerState) -> None:
        server.busy -= 1
        server.failures = 0
        self.limit = min(self._most, self.limit + 1)

    def refused(self, server: ServerState) -> None:
        """It will not read one page: that says nothing about others."""
        server.busy -= 1

    def failed(self, server: ServerState, seconds: float | None, jitter: float) -> None:
        """Leave it alone for a while: as long as it asked for, or longer each time."""
        server.busy -= 1
        server.failures += 1
        doublings = min(server.failures - 1, _MOST_DOUBLINGS)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**doublings) * (0.5 + jitter)
        server.rests_until = self._clock() + (pause if seconds is None else min(seconds, LONGEST_PAUSE))
        self.limit = max(1, self.limit // 2)
