"""Which face a status gets, and in which order faces matter."""

import pytest

from papertray.daemon.status import STOPPED, Activity, DownloadProgress, PageInProgress, Status, Trouble
from papertray.tray.face.face import STEPS, Face, Mood, choose_face, reading_progress
from tests.tray.views import status

TROUBLE = (Trouble("The disk is full."),)
HALF = (DownloadProgress("deepseek-ocr-2", 50, 100),)
READING = (PageInProgress(1, "a.pdf", 3, 4),)


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
        (status(downloads=(DownloadProgress("m", 0, 0),)), Face(Mood.DOWNLOADING)),
        (status(troubles=TROUBLE), Face(Mood.ATTENTION)),
    ],
)
def test_each_state_has_a_face_of_its_own(told: Status | None, shown: Face) -> None:
    assert choose_face(told) == shown


def test_what_a_person_must_see_comes_before_what_runs_by_itself() -> None:
    everything = {"downloads": HALF, "batch_done": 1, "batch_total": 2}
    assert choose_face(status(Activity.PAUSED, troubles=TROUBLE, **everything)).mood is Mood.ATTENTION
    assert choose_face(status(Activity.PAUSED, **everything)).mood is Mood.PAUSED
    assert choose_face(status(Activity.LOADING, **everything)).mood is Mood.LOADING
    assert choose_face(status(Activity.WORKING, **everything)).mood is Mood.WORKING


def test_a_long_document_fills_the_page_as_its_pages_are_read() -> None:
    long = [
        status(Activity.WORKING, reading=(PageInProgress(1, "a", n, 500),), batch_total=1)
        for n in range(1, 501)
    ]
    parts = [reading_progress(told) for told in long]
    assert parts == sorted(parts)
    assert parts[0] == 0
    assert 0.99 < parts[-1] < 1
