"""The clock of the machine may jump: nothing waits for a time that never comes."""

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
    import os

    with running(tmp_path / "inbox") as desk:
        drawn = draw(tmp_path / "draft.png", "future")
        os.utime(drawn, (time.time() + 30 * DAY,) * 2)
        drawn.rename(tmp_path / "inbox" / "scan.png")
        assert desk.note("scan.md")
