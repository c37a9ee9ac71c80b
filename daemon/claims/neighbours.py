"""Who else is at work in a folder, and whether they still live.

Takes what is seen in the folder of claims and the observer's own clock; compares no clocks of machines: one
lives whose sign has changed within the time that the observer itself has watched it. An observer that slept,
or got no turn on a busy machine, has watched nothing meanwhile. Touches no disk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from papertray.daemon.claims.claimant import Claimant
from papertray.daemon.claims.claims_folder import SignOfLife

EXPIRY = 30.0  # seconds without a sign after which a daemon counts as dead
LOOKS = 6  # in so many looks at least: a longer pause between two of them counts as this part of the time


@dataclass(slots=True)
class Neighbour:
    sign: SignOfLife | None
    changed_at: float  # in time watched


class Neighbours:
    """Those beside `me`."""

    def __init__(self, me: Claimant, read_sign: Callable[[str], SignOfLife | None]) -> None:
        self._me = me
        self._read_sign = read_sign
        self._present: dict[str, Neighbour] = {}
        self._unknown: dict[tuple[str, int], float] = {}  # claims that name nobody, and since when
        self._watched = 0.0  # seconds, up to the last look
        self._looked_at: float | None = None  # on our clock

    def update(self, signs: Iterable[str], now: float) -> None:
        """Look at everybody's sign again."""
        self._watched, self._looked_at = self._time_watched(now), now
        before, self._present = self._present, {}
        for claimant in set(signs) - {self._me.id}:
            sign, known = self._read_sign(claimant), before.get(claimant)
            unchanged = known is not None and (sign is None or known.sign == sign)
            self._present[claimant] = known if known and unchanged else Neighbour(sign, self._watched)

    def living(self, now: float) -> list[Neighbour]:
        return [one for claimant, one in self._present.items() if not self._is_dead(claimant, now)]

    def dead(self, now: float) -> list[str]:
        """Whose sign may be taken away: long without change, or of a life that our home's lock has ended."""
        return [claimant for claimant in self._present if self._is_dead(claimant, now)]

    def all_know_me(self, now: float) -> bool:
        """Whether each of the living has seen us: from then on they claim what they read."""
        return all(one.sign is not None and self._me.id in one.sign.knows for one in self.living(now))

    def drop(self, claimant: str) -> None:
        """Its sign was taken away."""
        self._present.pop(claimant, None)

    def ids(self) -> frozenset[str]:
        return frozenset(self._present)

    def is_living(self, claimant: str, now: float) -> bool:
        return claimant in self._present and not self._is_dead(claimant, now)

    def waited_for_unknown(self, key: str, turn: int, now: float) -> bool:
        """Whether a claim that says nothing has been there so long that nobody stands behind it."""
        watched = self._time_watched(now)
        return watched - self._unknown.setdefault((key, turn), watched) >= EXPIRY

    def _is_dead(self, claimant: str, now: float) -> bool:
        one = self._present[claimant]
        if one.sign is not None and one.sign.claimant.is_life_of(self._me):
            return True
        return self._time_watched(now) - one.changed_at >= EXPIRY

    def _time_watched(self, now: float) -> float:
        since = 0.0 if self._looked_at is None else now - self._looked_at
        return self._watched + min(since, EXPIRY / LOOKS)
