"""A daemon that is killed while it makes documents of a pile makes each of them once."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from tests.daemon.stacks.piles import draw_pile
from tests.daemon.stacks.test_splitting import PILE, said
from tests.desks import until
from tests.faults.lives import Lives, Yard, lives

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills processes the POSIX way")

PARTS = {"scan.1.pdf", "scan.2.pdf", "scan.3.pdf"}


def test_a_pile_is_split_once_wherever_the_daemon_is_killed(tmp_path: Path) -> None:
    """As its first part is put in place, and as its last one is."""
    yard, archive = Yard(tmp_path / "yard"), tmp_path / "archive"
    yard.inbox.mkdir(parents=True)
    yard.folder.write_text(json.dumps({"split_at": "barcode", "archive": str(archive)}))
    source = draw_pile(yard.inbox / "scan.pdf", PILE).read_bytes()
    home = yard.home
    places = Places(home / "config", home / "state", home / "logs", home / "cache")
    with lives(yard) as daemon, Client(places) as client:
        for sign in ("scan.1.pdf", "scan.3.pdf"):
            _kill_at(daemon, (yard.inbox / sign).exists)
        process = daemon.start()
        until(lambda: [each.state.value for each in client.documents()] == ["done"] * 4, "the end")
        names = {each.path.name for each in client.documents()}
        os.kill(process, signal.SIGTERM)
        assert daemon.wait() == 0
    assert names == PARTS | {"scan.pdf"}
    assert {path.name for path in archive.iterdir()} == names
    assert (archive / "scan.pdf").read_bytes() == source
    notes = sorted(path.name for path in yard.inbox.iterdir())
    assert notes == ["scan.1.md", "scan.2.md", "scan.3.md", "scan.md"]
    assert len(said(yard.inbox / "scan.md")) == len(PILE)
    assert len({page for name in notes[:3] for page in said(yard.inbox / name)}) == len(PILE) - 3


def _kill_at(daemon: Lives, sign: Callable[[], bool]) -> None:
    process = daemon.start()
    end = time.monotonic() + 30
    while not sign():
        assert time.monotonic() < end
        time.sleep(0.0005)
    assert daemon.kill(process) == -signal.SIGKILL
