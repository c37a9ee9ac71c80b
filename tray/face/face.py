"""Which face the icon shows: the one thing that matters most in a status."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from papertray.daemon.status import Activity, Status

STEPS = 12  # a page fills in so many steps: an icon has no pixels for more


class Mood(StrEnum):
    IDLE = "idle"
    WORKING = "working"
    LOADING = "loading"
    DOWNLOADING = "downloading"
    PAUSED = "paused"
    ATTENTION = "attention"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Face:
    """`filled` of `STEPS` are done, of the queue or of a download."""

    mood: Mood
    filled: int = 0


def choose_face(status: Status | None) -> Face:
    """None and a stopped daemon look alike: nobody reads."""
    if status is None or status.activity is Activity.STOPPED:
        return Face(Mood.UNREACHABLE)
    return next(Face(mood, filled(status)) for mood, applies, filled in _MOODS if applies(status))


def reading_progress(status: Status) -> float:
    """How much of the documents since the queue was last empty is read, from 0 to 1."""
    begun = sum((reading.page - 1) / max(reading.pages, 1) for reading in status.reading)
    return _part(status.batch_done + begun, status.batch_total)


def download_progress(status: Status) -> float:
    return _part(
        sum(download.done for download in status.downloads),
        sum(download.total for download in status.downloads),
    )


def _read(status: Status) -> int:
    return int(reading_progress(status) * STEPS)


def _fetched(status: Status) -> int:
    return int(download_progress(status) * STEPS)


def _nothing(_status: Status) -> int:
    return 0


_Row = tuple[Mood, Callable[[Status], bool], Callable[[Status], int]]
_MOODS: tuple[_Row, ...] = (  # the first that applies is shown
    (Mood.ATTENTION, lambda status: bool(status.troubles), _read),
    (Mood.PAUSED, lambda status: status.activity is Activity.PAUSED, _nothing),
    (Mood.LOADING, lambda status: status.activity is Activity.LOADING, _nothing),
    (Mood.WORKING, lambda status: status.activity is Activity.WORKING, _read),
    (Mood.DOWNLOADING, lambda status: bool(status.downloads), _fetched),
    (Mood.IDLE, lambda _status: True, _nothing),
)


def _part(done: float, total: float) -> float:
    return min(max(done / total, 0.0), 1.0) if total else 0.0
