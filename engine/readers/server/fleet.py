"""The servers: which is the least busy, which is set aside and asked with one page whether it is back.

Pure but for the clock that is passed in. How many pages may be with a server is its pace's.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from papertray.engine.readers.server.pace import Pace
from papertray.engine.server_address import ServerAddress

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_MOST_DOUBLINGS = 10


@dataclass(slots=True)
class ServerState:
    """`busy` pages are with it; nothing is asked of it before `rests_until`, and then one page first."""

    address: ServerAddress
    pace: Pace
    busy: int = 0
    failures: int = 0
    failed_at: float = 0.0
    answered_at: float = 0.0
    rests_until: float = 0.0

    @property
    def room(self) -> int:
        return 1 if self.failures else self.pace.limit


class Fleet:
    def __init__(self, addresses: Sequence[ServerAddress], clock: Callable[[], float]) -> None:
        self.servers = [ServerState(address, Pace(address.in_flight, clock)) for address in addresses]
        self._clock = clock

    @property
    def limit(self) -> int:
        """So many pages may be with all of them."""
        return sum(server.pace.limit for server in self.servers)

    def take(self, shut: Collection[str] = ()) -> ServerState | None:
        """The least busy that is not set aside, with one page more; None when none has room.

        Those at the addresses `shut` are out of the question.
        """
        now = self._clock()
        able = [
            server
            for server in self.servers
            if server.rests_until <= now and server.busy < server.room and server.address.url not in shut
        ]
        if not able:
            return None
        server = min(able, key=lambda one: (one.failures, one.busy / one.pace.limit))
        server.busy += 1
        return server

    def answered(self, server: ServerState, pieces: int) -> None:
        server.pace.answered(pieces, full=server.busy >= server.room)
        server.busy -= 1
        server.failures = 0
        server.answered_at = self._clock()

    def refused(self, server: ServerState) -> None:
        """It will not read one page: that says nothing about others."""
        server.busy -= 1

    def failed(self, server: ServerState, sent: float, seconds: float | None, jitter: float) -> None:
        """Leave it alone for a while: as long as it asked for, or longer each time.

        Pages that were `sent` before it was known to have failed fail with the first of them: that is once.
        """
        server.busy -= 1
        pause = min(seconds, LONGEST_PAUSE) if seconds is not None else None
        if sent > server.failed_at or not server.failures:
            server.failures += 1
            server.failed_at = self._clock()
            if pause is None:
                doublings = min(server.failures - 1, _MOST_DOUBLINGS)
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**doublings) * (0.5 + jitter)
        server.pace.turned_away(sent)
        server.rests_until = max(server.rests_until, self._clock() + (pause or 0.0))
