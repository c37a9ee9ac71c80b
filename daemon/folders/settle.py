"""Decide when a dropped file has stopped changing.

Takes what was seen of files and when; gives those that are safe to open.
Touches neither disk nor clock: the caller brings both.
"""

from dataclasses import dataclass
from pathlib import Path

from papertray.engine.documents import Fingerprint

LONG = 60.0  # a file that still grows after this many seconds is spoken of
EMPTY_PATIENCE = 5  # an empty file waits so many times longer: most are about to be written


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as it looked at one moment."""

    path: Path
    fingerprint: Fingerprint


@dataclass(slots=True)
class _Wait:
    sighting: Sighting
    first: float  # when it was first seen
    since: float  # when it last changed
    reported: bool = False


class SettleTracker:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waits: dict[Path, _Wait] = {}

    def record(self, sighting: Sighting, now: float) -> None:
        wait = self._waits.get(sighting.path)
        if wait is None:
            self._waits[sighting.path] = _Wait(sighting, first=now, since=now)
        elif wait.sighting != sighting:
            wait.sighting, wait.since = sighting, now

    def drop(self, path: Path) -> None:
        self._waits.pop(path, None)

    def still(self, now: float) -> list[Sighting]:
        """Files not seen to change for long enough. Look again before `take_still`: news may be lost."""
        return [wait.sighting for wait in self._waits.values() if self._end(wait) <= now]

    def take_still(self, now: float) -> list[Sighting]:
        """Hand over the files that have been still for long enough; they are no longer waited for."""
        sightings = self.still(now)
        for sighting in sightings:
            del self._waits[sighting.path]
        return sightings

    def take_slow(self, now: float) -> list[Sighting]:
        """Files that still change long after they were first seen: each is given once, and waited for on."""
        news = [wait for wait in self._waits.values() if not wait.reported and self._grows(wait, now)]
        for wait in news:
            wait.reported = True
        return [wait.sighting for wait in news]

    def all_slow(self, now: float) -> list[Sighting]:
        """All files that have been changing for long."""
        return [wait.sighting for wait in self._waits.values() if self._grows(wait, now)]

    def next_time(self) -> float | None:
        """When the next file can be still for long enough."""
        return min((self._end(wait) for wait in self._waits.values()), default=None)

    def _end(self, wait: _Wait) -> float:
        patience = 1 if wait.sighting.fingerprint.size else EMPTY_PATIENCE
        return wait.since + self._seconds * patience

    def _grows(self, wait: _Wait, now: float) -> bool:
        return now - wait.first >= LONG and wait.since > wait.first
