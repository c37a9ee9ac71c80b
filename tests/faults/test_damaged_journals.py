"""Bits that flip and files that are cut, in the journal or its log: the daemon starts and loses no scan.

The same journal is damaged in another way each time. A few ways are tried with all tests, two hundred with
PAPERTRAY_TORTURE=1.
"""

import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.errors import JournalError
from papertray.daemon.places import Places, find_places
from papertray.daemon.start import run_daemon
from papertray.daemon.status import DocumentState
from papertray.engine.errors import PapertrayError
from tests.desks import draw, draw_pages, running, settings_for, until
from tests.fakes import InstantReader, OneReader

CASES = 200 if os.environ.get("PAPERTRAY_TORTURE") else 14
NOTED, WAITING = 8, 6  # documents
FOREIGN = "This is somebody's own."
_DATE = re.compile(rb"^date: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Template:
    """A home and its inbox as they were when a daemon ended: cleanly, or killed in the middle."""

    inbox: Path
    home: Path
    kept: dict[bool, Path]

    def restore(self, *, checkpointed: bool) -> None:
        for folder in (self.inbox, self.home):
            shutil.rmtree(folder)
            shutil.copytree(self.kept[checkpointed] / folder.name, folder)

    def keep(self, *, checkpointed: bool) -> None:
        for folder in (self.inbox, self.home):
            shutil.copytree(folder, self.kept[checkpointed] / folder.name)

    def sources(self) -> list[Path]:
        return [path for path in self.inbox.iterdir() if path.suffix in {".png", ".pdf"}]

    def notes(self) -> dict[str, bytes]:
        """Without the moment of writing: what is papertray's own may be put in place once more."""
        return {path.name: _DATE.sub(b"", path.read_bytes()) for path in self.inbox.glob("*.md")}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    root = tmp_path_factory.mktemp("damaged")
    made = Template(root / "inbox", root / "home", {True: root / "ended", False: root / "killed"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERTRAY_HOME", str(made.home))
        with running(made.inbox) as desk:
            names = [draw(made.inbox / f"noted{number}.png", f"n {number}").name for number in range(NOTED)]
            desk.ends(*names)
            with (made.inbox / "noted0.md").open("a") as edited:
                edited.write(FOREIGN)
            (made.inbox / "waiting0.md").write_text(FOREIGN)  # in the way
            desk.client.pause()
            for number in range(WAITING):
                draw_pages(made.inbox / f"waiting{number}.pdf", f"w {number}", 3)
            until(lambda: desk.client.counts().get("queued") == WAITING, "the opening")
            until(lambda: desk.client.status().counts.get("queued") == WAITING, "the status")
            made.keep(checkpointed=False)
        made.keep(checkpointed=True)
        yield made


Damage = Callable[[bytearray, random.Random], None]


def flip_one_bit(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def flip_a_bit_of_the_header(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(min(100, len(content)))] ^= 1 << chance.randrange(8)


def flip_many_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(64):
        flip_one_bit(content, chance)


def lose_a_sector(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content)) // 512 * 512
    content[start : start + 512] = bytes(len(content[start : start + 512]))


def write_noise(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start : start + 700] = chance.randbytes(len(content[start : start + 700]))


def cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


DAMAGES: tuple[Damage, ...] = (
    flip_one_bit,
    flip_a_bit_of_the_header,
    flip_many_bits,
    lose_a_sector,
    write_noise,
    cut,
    flip_one_bit,
)


def damage_journal(places: Places, case: int) -> None:
    """Every other one had its log written into it; of the others the log is damaged as often as the file."""
    chance = random.Random(case)
    wal = places.journal.with_name(places.journal.name + "-wal")
    file = wal if wal.exists() and case % 4 == 0 else places.journal
    content = bytearray(file.read_bytes())
    DAMAGES[case % len(DAMAGES)](content, chance)
    file.write_bytes(content)


@contextmanager
def daemon(inbox: Path, problems: list[BaseException]) -> Iterator[None]:
    """One in this process; what it ends with goes to `problems`."""
    stop = threading.Event()

    def run() -> None:
        readers = OneReader(InstantReader())
        try:
            run_daemon(find_places(), readers, lambda: settings_for(inbox), lambda _status: None, stop)
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the daemon did not stop"


def unanswered(template: Template) -> list[str]:
    """Sources that have neither a note of their own nor a sentence."""
    with Client(find_places()) as client:
        try:
            client.resume()
            failed = {document.path.name for document in client.documents((DocumentState.FAILED,))}
        except JournalError:  # it is being set aside
            failed = set()
    notes = template.notes().values()
    return [
        source.name
        for source in template.sources()
        if source.name not in failed and not any(source.name.encode() in note for note in notes)
    ]


@pytest.mark.parametrize("case", range(CASES))
def test_no_damage_of_the_journal_stops_the_start_or_loses_a_scan(
    template: Template, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTRAY_HOME", str(template.home))
    template.restore(checkpointed=bool(case % 2))
    before = template.notes()
    damage_journal(find_places(), case)
    problems: list[BaseException] = []
    with daemon(template.inbox, problems):
        until(lambda: problems or not unanswered(template), "an answer for each scan", 15)
    after = template.notes()
    assert all(isinstance(problem, PapertrayError) for problem in problems), problems
    assert {name: after.get(name) for name in before} == before
    if problems:  # it was said in a sentence
        find_places().journal.unlink()
        with daemon(template.inbox, problems[1:]):
            until(lambda: not unanswered(template), "an answer for each scan")
