"""The clock of the machine may jump: nothing waits for a time that never comes."""

import os
import time
from pathlib import Path

import pytest

from tests.desks import draw, running

DAY = 24 * 3600.0


@pytest.mark.parametrize("jump", [-30 * DAY, 30 * DAY], ids=["back", "forward"])
def test_documents_are_read_after_the_clock_jumped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    true_time = time.time
    with running(tmp_path / "inbox") as desk:
        draw(tmp_path / "inbox" / "before.png", "before")
        desk.ends("before.png")
        monkeypatch.setattr(time, "time", lambda: true_time() + jump)
        draw(tmp_path / "inbox" / "after.png", "after")
        assert desk.ends("before.png", "after.png") == {"before.png": "done", "after.png": "done"}


def test_a_file_from_the_future_is_read(tmp_path: Path) -> None:
    with running(tmp_path / "inbox") as desk:
        drawn = draw(tmp_path / "draft.png", "future")
        os.utime(drawn, (time.time() + 30 * DAY,) * 2)
        drawn.rename(tmp_path / "inbox" / "scan.png")
        assert desk.note("scan.md")


def test_a_file_of_a_year_that_no_number_of_the_journal_holds_is_read_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    """Scanners without a clock, and damaged disks, write such dates."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, seconds in (("ahead.png", 10**10), ("long ago.png", -(10**10))):
        os.utime(draw(inbox / name, name), (seconds, seconds))
    draw(inbox / "today.png", "today")
    with running(inbox) as desk:
        assert set(desk.ends("ahead.png", "long ago.png", "today.png").values()) == {"done"}
