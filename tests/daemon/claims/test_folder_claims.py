"""Several claimants and one folder: real files, a clock for each observer that the test sets."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from papertray.daemon.claims.claimant import Claimant, new_claimant
from papertray.daemon.claims.folder_claims import FolderClaims
from papertray.daemon.claims.neighbours import EXPIRY
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import DocumentState


class Machine:
    """One papertray: its claims in the folder, its own clock, what it has in hand."""

    def __init__(self, root: Path, name: str, start: str = "first life") -> None:
        self.root = root
        self.now = float(len(name)) * 1000  # clocks do not agree
        self.claims = FolderClaims(root, Claimant(name, name, start, name), lambda: self.now)
        self.in_hand: list[DocumentRecord] = []

    def documents(self, *names: str) -> list[DocumentRecord]:
        return [
            DocumentRecord(ord(name[0]), self.root / name, self.root, 1, 1, DocumentState.ARRIVED)
            for name in names
        ]

    def admit(self, *names: str) -> list[str]:
        return [document.path.name for document in self.claims.admit(self.documents(*names)).ours]

    def beat(self) -> Sequence[int]:
        self.now += 1
        return self.claims.beat(lambda: self.in_hand)


def meet(root: Path, *names: str) -> list[Machine]:
    """So many at work in one folder, each known to each."""
    machines = [Machine(root, name) for name in names]
    for machine in machines:
        machine.claims.enter()
    beat_together(machines)
    return machines


def beat_together(machines: Sequence[Machine], times: int = 2) -> None:
    for _ in range(times):
        for machine in machines:
            machine.beat()


def leave_on(machine: Machine) -> None:
    """Without any work, beat after beat, until the dead are known as such."""
    for _ in range(int(EXPIRY)):
        machine.now += 1
        machine.claims.leave()


def test_one_that_is_alone_reads_at_once_and_claims_nothing(tmp_path: Path) -> None:
    one = Machine(tmp_path, "one")
    assert one.admit("a.png", "b.png") == ["a.png", "b.png"]
    assert [file.suffix for file in (tmp_path / ".papertray").iterdir()] == [".daemon"]


def test_a_newcomer_waits_until_those_at_work_know_it(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "one"), Machine(tmp_path, "other")
    one.admit("a.png")
    one.in_hand = one.documents("a.png")
    assert other.admit("a.png", "b.png") == []
    assert other.claims.admit(other.documents("a.png")).elsewhere == {ord("a"): "one"}
    one.beat()
    other.beat()
    assert other.admit("a.png", "b.png") == ["b.png"]
    assert other.claims.admit(other.documents("a.png")).elsewhere == {ord("a"): "one"}


def test_two_that_come_at_once_share_the_documents(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "one"), Machine(tmp_path, "other")
    one.claims.enter()
    other.claims.enter()
    assert other.admit("a.png") == []
    beat_together([one, other])
    assert one.admit("a.png", "b.png") == ["a.png", "b.png"]
    assert other.admit("a.png", "b.png", "c.png") == ["c.png"]


def test_a_claim_is_free_when_its_document_has_ended(tmp_path: Path) -> None:
    one, other = meet(tmp_path, "one", "other")
    assert one.admit("a.png") == ["a.png"]
    assert other.admit("a.png") == []
    one.claims.release({ord("a")})
    other.beat()
    assert other.admit("a.png") == ["a.png"]


def test_the_dead_are_told_by_signs_that_do_not_change_and_exactly_one_takes_over(tmp_path: Path) -> None:
    one, other, third = meet(tmp_path, "one", "other", "third")
    assert one.admit("a.png") == ["a.png"]
    beat_together([other, third], int(EXPIRY) - 3)
    assert other.admit("a.png") == third.admit("a.png") == []
    beat_together([other, third], 4)
    assert [other.admit("a.png"), third.admit("a.png")] == [["a.png"], []]
    assert [file.name[-8:] for file in (tmp_path / ".papertray").glob("*.claim")] == ["-2.claim"]


def test_one_that_slept_gives_up_what_others_took_meanwhile(tmp_path: Path) -> None:
    one, other = meet(tmp_path, "one", "other")
    one.admit("a.png")
    one.in_hand = one.documents("a.png")
    beat_together([other], int(EXPIRY) + 2)
    assert other.admit("a.png") == ["a.png"]
    other.in_hand = other.documents("a.png")
    assert one.beat() == [ord("a")]
    one.in_hand = []
    assert one.admit("a.png") == []
    beat_together([one, other])
    assert one.admit("a.png") == []


def test_one_that_slept_takes_nobody_for_dead_whose_sign_it_did_not_watch_meanwhile(tmp_path: Path) -> None:
    """Both on one machine that was suspended, or so busy that neither got a turn."""
    one, other = meet(tmp_path, "one", "other")
    one.admit("a.png")
    one.in_hand = one.documents("a.png")
    other.now += 100 * EXPIRY
    other.beat()
    assert other.admit("a.png") == []
    one.now += 100 * EXPIRY
    assert one.beat() == []


def test_one_that_slept_and_whose_claims_nobody_took_does_not_wait_for_itself(tmp_path: Path) -> None:
    one, other = meet(tmp_path, "one", "other")
    one.admit("a.png")
    one.in_hand = one.documents("a.png")
    beat_together([other], int(EXPIRY) + 2)
    assert one.beat() == [ord("a")]
    one.in_hand = []
    beat_together([one, other])
    assert one.admit("a.png") == ["a.png"]


def test_a_new_life_of_the_same_home_waits_for_nobody(tmp_path: Path) -> None:
    Machine(tmp_path, "one").admit("a.png")
    assert Machine(tmp_path, "one", "second life").admit("a.png") == ["a.png"]


def test_nothing_is_left_when_all_have_left(tmp_path: Path) -> None:
    one, other = meet(tmp_path, "one", "other")
    one.admit("a.png")
    other.admit("b.png")
    one.claims.leave()
    other.claims.leave()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_taken_away_by_one_that_has_nothing_to_do_any_more(tmp_path: Path) -> None:
    one, other = meet(tmp_path, "one", "other")
    one.admit("a.png")
    other.claims.leave()
    assert (tmp_path / ".papertray").exists()
    leave_on(other)
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_by_one_that_came_unseen_and_was_killed_is_taken_away_too(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "one"), Machine(tmp_path, "other")
    other.claims.enter()
    one.claims.enter()
    other.claims.leave()  # all was read between two beats
    other.claims.leave()
    leave_on(other)
    assert not (tmp_path / ".papertray").exists()


def test_the_folder_is_not_made_where_the_root_is_gone(tmp_path: Path) -> None:
    one = Machine(tmp_path / "unmounted", "one")
    assert one.admit("a.png") == ["a.png"]
    assert not (tmp_path / "unmounted").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_no_claim_is_made_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / ".papertray").symlink_to(tmp_path / "elsewhere")
    assert Machine(root, "one").admit("a.png") == ["a.png"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_nothing_is_read_or_removed_where_a_link_leads_that_came_in_the_meantime(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (elsewhere / "mine.draft").write_text("somebody's own")
    one, two = meet(root, "one", "two")
    assert one.admit("a.png") == ["a.png"]
    for file in (root / ".papertray").iterdir():
        (elsewhere / file.name).write_text(file.read_text())
    before = {file.name: file.read_text() for file in elsewhere.iterdir()}
    (root / ".papertray").rename(root / "aside")
    (root / ".papertray").symlink_to(elsewhere)
    two.claims.leave()
    one.claims.release([ord("a")])
    one.claims.leave()
    assert {file.name: file.read_text() for file in elsewhere.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may not write")
def test_a_folder_that_takes_no_files_is_read_as_if_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert Machine(tmp_path, "one").admit("a.png") == ["a.png"]
    finally:
        tmp_path.chmod(0o700)


def test_rubbish_among_the_claims_stops_nobody_for_long(tmp_path: Path) -> None:
    one = Machine(tmp_path, "one")
    (tmp_path / ".papertray").mkdir()
    (tmp_path / ".papertray" / "rubbish.daemon").write_bytes(b"\xff\x00[")
    (tmp_path / ".papertray" / "x-y.claim").write_text("{}")
    assert one.admit("a.png") == []
    beat_together([one], int(EXPIRY) + 1)
    assert one.admit("a.png") == ["a.png"]


def test_a_home_keeps_its_name_and_each_life_has_its_own(tmp_path: Path) -> None:
    first, second = new_claimant(tmp_path), new_claimant(tmp_path)
    assert first.id != second.id
    assert first.is_life_of(second)
    (tmp_path / "another").mkdir()
    assert not first.is_life_of(new_claimant(tmp_path / "another"))
