"""Which face a status gets, and in which order faces matter."""

import pytest

from papertray.daemon.status import STOPPED, Activity, Download, Reading, Status, Trouble
from papertray.tray.face.face import STEPS, Face, Mood, face, progress
from tests.tray.views import status

TROUBLE = (Trouble("The disk is full."),)
HALF = (Download("deepseek-ocr-2", 50, 100),)
READING = (Reading(1, "a.pdf", 3, 4),)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (None, Face(Mood.UNREACHABLE)),
        (STOPPED, Face(Mood.UNREACHABLE)),
        (status(), Face(Mood.IDLE)),
        (status(Activity.LOADING), Face(Mood.LOADING)),
        (status(Activity.WORKING, batch_done=1, batch_total=2), Face(Mood.WORKING, STEPS // 2)),
        (status(Activity.WORKING, reading=READING, batch_total=1), Face(Mood.WORKING, STEPS // 2)),
        (status(Activity.PAUSED, batch_done=1, batch_total=2), Face(Mood.PAUSED)),
        (status(downloads=HALF), Face(Mood.DOWNLOADING, STEPS // 2)),
        (status(downloads=(Download("m", 0, 0),)), Face(Mood.DOWNLOADING)),
        (status(troubles=TROUBLE), Face(Mood.ATTENTION)),
    ],
)
def test_each_state_has_a_face_of_its_own(told: Status | None, shown: Face) -> None:
    assert face(told) == shown


def test_what_a_person_must_see_comes_before_what_runs_by_itself() -> None:
    everything = {"downloads": HALF, "batch_done": 1, "batch_total": 2}
    assert face(status(Activity.PAUSED, troubles=TROUBLE, **everything)).mood is Mood.ATTENTION
    assert face(status(Activity.PAUSED, **everything)).mood is Mood.PAUSED
    assert face(status(Activity.LOADING, **everything)).mood is Mood.LOADING
    assert face(status(Activity.WORKING, **everything)).mood is Mood.WORKING


def test_a_long_document_fills_the_page_as_its_pages_are_read() -> None:
    long = [
        status(Activity.WORKING, reading=(Reading(1, "a", n, 500),), batch_total=1) for n in range(1, 501)
    ]
    parts = [progress(told) for told in long]
    assert parts == sorted(parts)
    assert parts[0] == 0
    assert 0.99 < parts[-1] < 1
