"""Reading takes no more of a machine than it was given."""

import os
import sys
import threading
from pathlib import Path

import pytest
import torch

from papertray.daemon.reading.effort import Effort, effort_for
from papertray.daemon.settings import EngineSettings
from papertray.engine.choice import load_model_reader
from papertray.engine.devices.cores import count_cores, stand_back
from papertray.engine.devices.rows import CPU_FLOAT32
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import PageImage, ReadOptions
from tests.desks import draw, running
from tests.engine.readers import references
from tests.fakes import InstantReader, OneReader


@pytest.mark.parametrize(
    ("settings", "cores", "effort"),
    [
        ({}, 2, Effort(None, 0)),
        ({}, 8, Effort(7, 0)),
        ({"effort": "all"}, 8, Effort(None, 0)),
        ({"effort": "gentle"}, 8, Effort(4, 10)),
        ({"effort": "gentle"}, 1, Effort(1, 10)),
        ({"effort": "gentle", "nice": 0}, 2, Effort(1, 0)),
        ({"nice": 19}, 2, Effort(None, 19)),
    ],
)
def test_the_effort_says_how_many_threads_and_how_far_reading_stands_back(
    settings: dict[str, str], cores: int, effort: Effort
) -> None:
    assert effort_for(EngineSettings.model_validate(settings), cores) == effort


def test_a_model_uses_no_more_threads_than_it_may() -> None:
    before = torch.get_num_threads()
    try:
        options = ReadOptions(threads=1)
        folder = references.checkpoint("deepseek-ocr")
        load_model_reader(find_entry("deepseek-ocr"), folder, CPU_FLOAT32, options)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
    assert 1 <= count_cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux only")
def test_the_thread_that_reads_stands_back_and_no_other(tmp_path: Path) -> None:
    priorities: list[int] = []

    def look(_page: PageImage) -> None:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, 0)
    reader = OneReader(InstantReader(before=look))
    with running(tmp_path / "inbox", reader, engine={"effort": "gentle", "nice": 7}) as desk:
        draw(desk.inbox / "scan.png", "scan")
        desk.ends("scan.png")
    assert priorities == [max(before, 7)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
    stand_back(0)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
