"""Several papertrays on one folder, each with a home of its own as on machines: each document read once."""

import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.daemon.claims.neighbours import EXPIRY
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord
from tests.desks import draw, until
from tests.faults.lives import SOON, Lives, Yard, lives

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills processes the POSIX way")

DOCUMENTS = 500 if os.environ.get("PAPERTRAY_TORTURE") else 60
ENDED = {"done", "problems", "failed", "forgotten"}


@contextmanager
def desk_for(yard: Yard) -> Iterator[tuple[Lives, Client]]:
    home = yard.home
    with (
        lives(yard) as life,
        Client(Places(home / "config", home / "state", home / "logs", home / "cache")) as client,
    ):
        yield life, client


def two_yards(folder: Path, expiry: float = EXPIRY) -> tuple[Yard, Yard]:
    inbox = folder / "shared"
    inbox.mkdir()
    return Yard(folder / "one", inbox, expiry), Yard(folder / "other", inbox, expiry)


def documents_of(client: Client) -> list[DocumentRecord]:
    return client.documents(limit=10_000)


def count_done(client: Client) -> int:
    return sum(document.state.value == "done" for document in documents_of(client))


def stop(process: int, life: Lives) -> None:
    os.kill(process, signal.SIGTERM)
    assert life.wait() == 0


def require_one_note_each(inbox: Path, documents: int) -> None:
    sources = Counter(re.search(r"source: (.*)", note.read_text())[1] for note in inbox.glob("*.md"))
    assert len(sources) == documents
    assert set(sources.values()) == {1}
    assert not (inbox / ".papertray").exists()


def test_two_daemons_on_one_folder_read_each_document_once(tmp_path: Path) -> None:
    yards = two_yards(tmp_path)
    for number in range(DOCUMENTS):
        draw(yards[0].inbox / f"{number}.png", f"page {number}")
    with desk_for(yards[0]) as (one, client), desk_for(yards[1]) as (other, other_client):
        processes = one.start(), other.start()
        until(lambda: count_done(client) == count_done(other_client) == DOCUMENTS, "every note", 300)
        stop(processes[0], one)
        stop(processes[1], other)
    assert len(yards[0].read()) + len(yards[1].read()) == DOCUMENTS
    require_one_note_each(yards[0].inbox, DOCUMENTS)


def test_a_killed_daemons_claims_are_taken_over(tmp_path: Path) -> None:
    yards = two_yards(tmp_path, SOON)
    for number in range(DOCUMENTS):
        draw(yards[0].inbox / f"{number}.png", f"page {number}")
    with desk_for(yards[0]) as (one, client), desk_for(yards[1]) as (other, other_client):
        process = one.start()
        survivor = other.start()
        until(lambda: count_done(client) + count_done(other_client) > DOCUMENTS // 4, "some notes", 300)
        assert one.kill(process) == -signal.SIGKILL
        until(lambda: count_done(other_client) == DOCUMENTS, "every note", 300)
        until(lambda: not (yards[0].inbox / ".papertray").exists(), "the end of what was left", 60)
        stop(survivor, other)
    read = Counter([*yards[0].read(), *yards[1].read()])
    assert len(read) == DOCUMENTS
    assert read.total() <= DOCUMENTS + 1 + 1  # in hand at the kill; and read, with its note not in place yet
    require_one_note_each(yards[0].inbox, DOCUMENTS)


def test_a_daemon_that_comes_back_reads_nothing_that_another_has_read_meanwhile(tmp_path: Path) -> None:
    yards = two_yards(tmp_path, SOON)
    for number in range(DOCUMENTS):
        draw(yards[0].inbox / f"{number}.png", f"page {number}")
    with desk_for(yards[0]) as (one, client), desk_for(yards[1]) as (other, other_client):
        process = one.start()
        until(lambda: count_done(client) > 3, "some notes")
        one.kill(process)
        survivor = other.start()
        until(lambda: count_done(other_client) == DOCUMENTS, "every note", 300)
        until(lambda: not (yards[0].inbox / ".papertray").exists(), "the end of what was left", 60)
        stop(survivor, other)
        process = one.start()
        until(lambda: count_done(client) == DOCUMENTS, "the first one's list", 300)
        stop(process, one)
    assert len(yards[0].read()) + len(yards[1].read()) <= DOCUMENTS + 2
    require_one_note_each(yards[0].inbox, DOCUMENTS)


def test_a_document_that_changes_is_read_once_by_one_of_them(tmp_path: Path) -> None:
    yards = two_yards(tmp_path)
    scan = draw(yards[0].inbox / "scan.png", "as it was")
    with desk_for(yards[0]) as (one, client), desk_for(yards[1]) as (other, other_client):
        processes = one.start(), other.start()
        until(lambda: count_done(client) == count_done(other_client) == 1, "the note")
        draw(tmp_path / "draft.png", "as it is now, and longer").replace(scan)
        size = scan.stat().st_size
        until(
            lambda: all(
                document.state.value == "done" and document.size == size
                for document in (*documents_of(client), *documents_of(other_client))
            ),
            "the new note",
        )
        stop(processes[0], one)
        stop(processes[1], other)
    assert len(yards[0].read()) + len(yards[1].read()) == 2


def test_archives_and_mirrors_hold_each_document_once(tmp_path: Path) -> None:
    yards = two_yards(tmp_path)
    for number in range(20):
        draw(yards[0].inbox / f"{number}.png", f"page {number}")
    outputs = {"archive": str(tmp_path / "archive"), "notes": str(tmp_path / "mirror")}
    for yard in yards:
        yard.root.mkdir()
        yard.folder.write_text(json.dumps(outputs))
    with desk_for(yards[0]) as (one, _), desk_for(yards[1]) as (other, _):
        processes = one.start(), other.start()
        until(lambda: len(list((tmp_path / "archive").glob("*.png"))) == 20, "the archive", 60)
        until(lambda: not (yards[0].inbox / ".papertray").exists(), "the end of the work", 60)
        stop(processes[0], one)
        stop(processes[1], other)
    assert list(yards[0].inbox.iterdir()) == []
    assert len(list((tmp_path / "mirror").iterdir())) == 20
    assert len(yards[0].read()) + len(yards[1].read()) == 20


def test_what_a_killed_daemon_left_in_the_folder_is_taken_away_at_its_next_start(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.inbox.mkdir()
    draw(yard.inbox / "letter.png", "letter")
    with desk_for(yard) as (life, client):
        process = life.start()
        until(lambda: list((yard.inbox / ".papertray").glob("*.daemon")), "the sign of life")
        life.kill(process)
        assert list((yard.inbox / ".papertray").glob("*.daemon"))
        process = life.start()
        until(lambda: count_done(client) == 1 and not (yard.inbox / ".papertray").exists(), "the end of it")
        stop(process, life)


def test_what_another_reads_says_so_meanwhile(tmp_path: Path) -> None:
    yards = two_yards(tmp_path)
    for number in range(200):
        draw(yards[0].inbox / f"{number}.png", f"page {number}")
    with desk_for(yards[0]) as (one, client), desk_for(yards[1]) as (other, other_client):
        first = one.start()
        until(lambda: count_done(client) > 0, "the first note")
        second = other.start()
        until(lambda: documents_of(other_client), "the second one's list")
        until(
            lambda: any("nother papertray" in document.sentence for document in documents_of(other_client)),
            "the sentence",
        )
        until(lambda: count_done(other_client) == 200, "every note", 120)
        assert {document.sentence for document in documents_of(other_client)} == {""}
        stop(first, one)
        stop(second, other)
