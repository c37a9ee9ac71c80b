"""Hours at which a folder's documents wait: `08:00-18:00`, `Mon-Fri 08:00-18:00, Sat 22:00-06:00`.

Takes what a person wrote and a moment; gives when the pause ends in which that moment lies. The hours are
those of the clock on the wall: when it is put forward or back, they go along.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d|24:00"
_HOURS = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? +)?(?P<begin>{_CLOCK}) ?- ?(?P<end>{_CLOCK})", re.IGNORECASE
)
_WEEK = 8
"""So many pauses that follow one another without a gap are looked through."""


@dataclass(frozen=True, slots=True)
class PauseHours:
    """`end` may lie on the next day; `days` are those on which it begins, Monday is 0."""

    days: frozenset[int]
    begin: timedelta
    end: timedelta

    def ends_on_wall(self, now: datetime) -> Iterator[datetime]:
        """When each ends that `now`, of the clock on the wall, lies in."""
        for day in (now.date(), now.date() - timedelta(days=1)):
            midnight = datetime.combine(day, time())
            if day.weekday() in self.days and midnight + self.begin <= now < midnight + self.end:
                yield midnight + self.end


def require_pause_hours(text: str) -> str:
    """The same; ValueError says in a clause what is wrong with it."""
    parse_pause_hours(text)
    return text


def parse_pause_hours(text: str) -> tuple[PauseHours, ...]:
    return tuple(_parse_one(part.strip()) for part in text.split(",")) if text.strip() else ()


def find_pause_end(hours: tuple[PauseHours, ...], now: float) -> float | None:
    """When it is over, in seconds since 1970; None while nothing pauses. One without an end is looked at
    again after a week."""
    wall = datetime.fromtimestamp(now)
    end = wall
    for _ in range(_WEEK):
        later = max((moment for each in hours for moment in each.ends_on_wall(end)), default=None)
        if later is None:
            break
        end = later
    return None if end == wall else _moment_on_wall(end, now)


def _moment_on_wall(end: datetime, now: float) -> float:
    """When the clock shows this next: in the hour that autumn has twice, perhaps for the second time."""
    first, second = (end.replace(fold=fold).timestamp() for fold in (0, 1))
    return first if first > now else max(second, now + 1)


def _parse_one(text: str) -> PauseHours:
    parts = _HOURS.fullmatch(text)
    if parts is None:
        raise ValueError("it must be hours like 08:00-18:00 or Mon-Fri 22:00-06:00")
    begin, end = _moment(parts["begin"]), _moment(parts["end"])
    if begin == end:
        raise ValueError(f"{text} ends when it begins: write 00:00-24:00 for a whole day")
    if end < begin:
        end += timedelta(days=1)
    return PauseHours(_days(parts["first"], parts["last"]), begin, end)


def _days(first: str | None, last: str | None) -> frozenset[int]:
    if first is None:
        return frozenset(range(7))
    begin, end = DAYS.index(first.lower()), DAYS.index((last or first).lower())
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _moment(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
