"""Each system call on a document's way to note and archive fails once, in every manner, or is the last one.

Whatever it was: the scan's bytes are somewhere at every moment, and after the next start there is one whole
note, the scan lies in the archive, nobody else's file has changed and nothing is left under a private name.
"""

import hashlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from papertray.engine.markdown import noted_source
from tests.disks import other_disk
from tests.faults.every_call import FAULTS, KILL, MOVED, Ground, launcher
from tests.faults.torture import TORTURE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks processes the POSIX way")

STEP = 1 if TORTURE else 23
SCAN = b"a scan"


@pytest.fixture(params=["the same disk", "another disk", "moved by a rule"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "the same disk":
        yield Ground(tmp_path / "ground", tmp_path / "archive")
        return
    if request.param == "moved by a rule":
        yield Ground(tmp_path / "ground", tmp_path / "archive", way=MOVED)
        return
    with other_disk(tmp_path) as disk:
        yield Ground(tmp_path / "ground", disk / "archive")


@pytest.mark.timeout(1800)
def test_no_system_call_that_fails_or_is_the_last_loses_or_leaves_anything(ground: Ground) -> None:
    with launcher(ground) as ask:
        ground.reset()
        calls = ask(f"0 {KILL}")
        assert calls > 50
        problems = {}
        cases = list(itertools.product(range(1, calls + 1), FAULTS))[::STEP]
        for call, fault in cases:
            if problem := _try(ground, ask, call, fault):
                problems[(call, fault)] = problem
    print(f"{len(cases)} cases of {calls} calls, {len(problems)} lost or left something: {problems}")
    assert not problems


def _try(ground: Ground, ask: Callable[[str], Any], call: int, fault: str) -> str:
    """What is wrong after this; "" when nothing is."""
    ground.reset()
    answer = ask(f"{call} {fault}")
    if (answer is None) != (fault == KILL):
        return f"it answered {answer}"
    if not _bytes_exist(ground):
        return "the scan was gone"
    states = ask("recover")
    if states != {"scan.pdf": "done"}:
        return f"it came to stand at {states}"
    return _state_of(ground)


def _bytes_exist(ground: Ground) -> bool:
    places = (*ground.inbox.rglob("*.pdf"), *ground.archive.rglob("*.pdf"))
    return any(path.read_bytes() == SCAN for path in places)


def _state_of(ground: Ground) -> str:
    inbox = {path.name: path for path in ground.inbox.iterdir()}
    if ground.way == MOVED:  # the note, too, is where the scan is
        inbox |= {path.name: path for path in ground.archive.iterdir() if path.suffix != ".pdf"}
    if set(inbox) != {"mine.md", ".papertray-1.tmp", "scan.md", "scan.assets"}:
        return f"the inbox holds {sorted(inbox)}"
    if (inbox["mine.md"].read_text(), inbox[".papertray-1.tmp"].read_text()) != ("my own words", "mine too"):
        return "somebody's own file was changed"
    if noted_source(inbox["scan.md"].read_text()) != hashlib.sha256(SCAN).hexdigest():
        return "the note is not whole"
    if [path.name for path in inbox["scan.assets"].iterdir()] != ["page-1-chart.png"]:
        return f"the figures are {list(inbox['scan.assets'].iterdir())}"
    kept = sorted(path.name for path in ground.archive.iterdir() if path.name not in inbox)
    if kept not in (["scan.2.pdf", "scan.pdf"], ["scan.2.pdf", "scan.3.pdf", "scan.pdf"]):
        return f"the archive holds {kept}"
    wrong = [name for name in kept if name != "scan.pdf" and (ground.archive / name).read_bytes() != SCAN]
    if wrong or (ground.archive / "scan.pdf").read_text() != "another's scan":
        return f"the archive holds wrong bytes as {wrong or 'scan.pdf'}"
    return ""
