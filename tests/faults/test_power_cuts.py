"""The power goes at a random moment while notes are written and scans archived: nothing is lost or half done.

What had reached the disks then is put in the place of the disks, and papertray is started on it.
"""

import hashlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from papertray.engine.markdown import noted_source
from tests.faults.every_call import KILL, Ground, launcher
from tests.faults.images import ImageDisk, image_disks
from tests.faults.torture import TORTURE

CUTS = 40 if TORTURE else 4
SCANS = {f"scan {number}.pdf": f"scan {number} " * 500 for number in range(20)}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("names", [("disk",), ("disk", "other")], ids=["one disk", "another disk"])
def test_no_moment_of_a_power_cut_loses_a_scan_or_leaves_half_a_note(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    moments = random.Random(20261126)
    cuts = 0
    problems = []
    with image_disks(tmp_path, *names) as disks:
        ground = Ground(disks[0].at / "ground", disks[-1].at / "archive", SCANS)
        with launcher(ground) as ask:
            while cuts < CUTS:
                ground.reset()
                os.sync()
                images = list(_cut(ground, ask, disks, moments, tmp_path / f"cut {cuts}"))
                cuts += len(images)
                for image in images:
                    problems += [
                        f"{image.name}: {problem}" for problem in _start_again(ground, ask, disks, image)
                    ]
    print(f"{cuts} power cuts, {len(problems)} lost or left something: {problems}")
    assert not problems


def _cut(
    ground: Ground, ask: Callable[[str], Any], disks: list[ImageDisk], moments: random.Random, folder: Path
) -> Iterator[Path]:
    """Images of the disks at moments of one run: each as if the power had gone then."""
    run = threading.Thread(target=ask, args=(f"0 {KILL}",))
    run.start()
    while not (workers := _children()) and run.is_alive():
        time.sleep(0.001)
    number = 0
    while run.is_alive() and workers:
        time.sleep(moments.uniform(0.005, 0.3))
        image = folder.with_name(f"{folder.name} {number}")
        image.mkdir()
        _signal(workers[0], signal.SIGSTOP)
        whole = [disk.copy_image(image / disk.at.name) for disk in disks]
        _signal(workers[0], signal.SIGCONT)
        number += 1
        if all(whole):
            yield image
    run.join()


def _children() -> list[int]:
    """The process that does the work: the launcher's child."""
    return [child.pid for launched in psutil.Process().children() for child in launched.children()]


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        os.kill(process, number)


def _start_again(
    ground: Ground, ask: Callable[[str], Any], disks: list[ImageDisk], image: Path
) -> Iterator[str]:
    """What is wrong on these disks, before and after papertray is started there."""
    for disk in disks:
        disk.unmount()
        disk.mount(image / disk.at.name)
    yield from (f"{name} was gone" for name in _lost(ground))
    states = ask("recover")
    if set(states.values()) != {"done"}:
        yield f"they came to stand at {states}"
    yield from (f"{name} is gone" for name in _lost(ground))
    inbox = {path.name for path in ground.inbox.iterdir()}
    wanted = {"mine.md", ".papertray-1.tmp"}
    wanted |= {Path(name).with_suffix(end).name for name in SCANS for end in (".md", ".assets")}
    if inbox != wanted:
        yield f"the inbox holds {sorted(inbox ^ wanted)}"
    for name, content in SCANS.items():
        note = (ground.inbox / name).with_suffix(".md").read_text()
        if noted_source(note) != hashlib.sha256(content.encode()).hexdigest() or "page 2" not in note:
            yield f"the note of {name} is not whole"
    for disk in disks:
        disk.unmount()
        disk.mount()


def _lost(ground: Ground) -> set[str]:
    places = (*ground.inbox.rglob("*.pdf"), *ground.archive.rglob("*.pdf"))
    there = {path.read_bytes() for path in places}
    return {name for name, content in SCANS.items() if content.encode() not in there}
