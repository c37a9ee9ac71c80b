"""A daemon killed at any moment loses nothing, overwrites nothing, and reads at most one page again."""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from tests.desks import draw, draw_pages, running, until
from tests.fakes import InstantReader, OneReader
from tests.faults.lives import Yard, lives
from tests.faults.torture import TORTURE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills processes the POSIX way")

KILLS = 200 if TORTURE else 50
LIFE = 0.5  # seconds that it lasts at most; longer on a machine so busy that nothing was read in one
CLAIMS = ".papertray"  # the sign of life of the one killed last; the next start takes it away


def fill(inbox: Path) -> int:
    """Letters, reports, a book, a pair of twins, a name that is taken; how many pages are to be read."""
    inbox.mkdir()
    for number in range(20):
        draw(inbox / f"letter {number}.png", f"letter {number}")
    for number in range(6):
        draw_pages(inbox / f"report {number}.pdf", f"report {number}", 8)
    draw_pages(inbox / "book.pdf", "book", 150)
    draw(inbox / "original.png", "twin")
    shutil.copy(inbox / "original.png", inbox / "copy.png")
    draw(inbox / "taken.png", "taken")
    (inbox / "taken.md").write_text("somebody's own")
    return 20 + 6 * 8 + 150 + 1 + 1


def notes(inbox: Path) -> dict[str, str]:
    """Every note without the front matter, in which the date differs from run to run."""
    return {path.name: path.read_text().split("---\n", 2)[-1] for path in inbox.glob("*.md")}


def client_of(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("PAPERTRAY_HOME", str(yard.home))
    return Client(Places(yard.home / "config", yard.home / "state", yard.home / "logs", yard.home / "cache"))


def finished(client: Client, documents: int) -> bool:
    states = Counter(document.state.value for document in client.documents(limit=10_000))
    return states["done"] + states["problems"] + states["failed"] == documents


@pytest.mark.timeout(900)
def test_kills_at_random_moments_lose_nothing_and_cost_one_page_each_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch after batch, each killed at random moments until it is done."""
    moments = random.Random(20261121)
    pages = fill(tmp_path / "files")
    expected = _undisturbed(tmp_path / "files", tmp_path / "undisturbed", monkeypatch)
    kills = number = 0
    while kills < KILLS:
        yard = Yard(tmp_path / str(number))
        shutil.copytree(tmp_path / "files", yard.inbox)
        kills += _kill_until_done(yard, pages, moments, monkeypatch)
        assert notes(yard.inbox) == expected
        number += 1


def _kill_until_done(yard: Yard, pages: int, moments: random.Random, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many kills it took until every document had ended."""
    files = {path.name: path.read_bytes() for path in yard.inbox.iterdir() if path.suffix != ".md"}
    kills, longest = 0, LIFE
    with client_of(yard, monkeypatch) as client, lives(yard) as daemon:
        while not finished(client, len(files)):
            read = len(yard.read())
            process = daemon.start()
            time.sleep(moments.uniform(0.02, longest))
            assert daemon.kill(process) == -signal.SIGKILL
            kills += 1
            longest = LIFE if len(yard.read()) > read else 1.2 * longest
    assert {name: (yard.inbox / name).read_bytes() for name in files} == files
    assert {path.name for path in yard.inbox.iterdir() if path.name.startswith(".")} <= {CLAIMS}
    assert pages <= len(yard.read()) <= pages + kills
    return kills


def _undisturbed(files: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The notes of a daemon that nobody kills, for a copy of the same files."""
    shutil.copytree(files, root / "inbox")
    monkeypatch.setenv("PAPERTRAY_HOME", str(root / "home"))
    with running(root / "inbox", OneReader(InstantReader())) as desk:
        documents = len([path for path in files.iterdir() if path.suffix != ".md"])
        until(lambda: finished(desk.client, documents), "the undisturbed run", 120)
    return notes(root / "inbox")


def test_a_page_that_kills_the_process_is_set_aside_after_three_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard = Yard(tmp_path / "yard")
    yard.inbox.mkdir(parents=True)
    draw_pages(yard.inbox / "book.pdf", "deadly", 3)
    yard.deadly.write_text(_what_is_said(yard, 2))
    for number in range(5):
        draw(yard.inbox / f"{number}.png", f"harmless {number}")
    with client_of(yard, monkeypatch) as client, lives(yard) as daemon:
        for _life in range(3):
            daemon.start()
            assert daemon.wait() == -signal.SIGKILL
        process = daemon.start()
        until(lambda: finished(client, 6), "the rest")
        os.kill(process, signal.SIGTERM)
        assert daemon.wait() == 0
        states = {document.path.name: document.state.value for document in client.documents()}
    assert states.pop("book.pdf") == "problems"
    assert set(states.values()) == {"done"}
    note = (yard.inbox / "book.md").read_text()
    assert "papertray ended three times while reading this page" in note.replace("\n> ", " ")
    assert note.count("\npage ") == 2


def _what_is_said(yard: Yard, number: int) -> str:
    """What the fake reader would say of a page of the book."""
    from papertray.engine.renderer import Renderer
    from tests.fakes import text_of

    with Renderer() as renderer:
        return text_of(renderer.image(yard.inbox / "book.pdf", number))


def test_two_daemons_started_at_once_do_not_both_run(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.inbox.mkdir()
    with lives(yard) as one, lives(yard) as other:
        running = {one.start(): one, other.start(): other}
        until(lambda: not all(map(is_alive, running)), "the end of one")
        assert sum(map(is_alive, running)) == 1
        for process, life in running.items():
            if is_alive(process):
                os.kill(process, signal.SIGTERM)
                assert life.wait() == 0
            else:
                assert life.wait() != 0


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
