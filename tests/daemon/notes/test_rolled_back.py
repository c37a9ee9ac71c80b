"""A journal older than the notes, from a backup or a snapshot, leads to no second note of anything."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.daemon.notes.shelf import Shelf, shelf
from tests.desks import until
from tests.faults.torture import TORTURE

STAGES: dict[str, Callable[[Shelf], None]] = {
    "before all": lambda _shelf: None,
    "arrived": Shelf.look,
    "opened": Shelf.open_documents,
    "half read": lambda shelf: shelf.read(1),
    "read": Shelf.read,
    "in place": lambda shelf: (shelf.place(), None)[1],
}


def edit(shelf: Shelf) -> None:
    note = shelf.inbox / "scan.md"
    note.write_text(note.read_text().replace("reading", "READING, and my own words"))


def rename(shelf: Shelf) -> None:
    (shelf.inbox / "scan.md").rename(shelf.inbox / "A letter from May.md")


def read_again(shelf: Shelf) -> None:
    """With the same words as before."""
    _retry(shelf)
    shelf.read()
    shelf.place()


def read_differently(shelf: Shelf) -> None:
    """As another reader would, in the life that is lost."""
    shelf.edition = "second"
    read_again(shelf)
    shelf.edition = "first"


def read_differently_and_edit(shelf: Shelf) -> None:
    read_differently(shelf)
    edit(shelf)


def _retry(shelf: Shelf) -> None:
    finished = max(record.finished or 0 for record in shelf.documents().values())
    until(lambda: int(time.time()) > finished, "the next second")  # a note's date has no parts of one
    shelf.journal.requests.retry(shelf.documents()["scan.pdf"].id)


LIVES: tuple[Callable[[Shelf], None], ...] = (
    lambda _shelf: None,
    edit,
    rename,
    read_again,
    read_differently,
    read_differently_and_edit,
)
ALL = list(itertools.product(STAGES, range(len(LIVES)), (True, False), (True, False)))
CASES = ALL if TORTURE else ALL[::5]


@pytest.mark.parametrize(("stage", "life", "checkpoint", "front_matter"), CASES)
def test_a_journal_put_back_writes_no_second_note(
    tmp_path: Path, stage: str, life: int, checkpoint: bool, front_matter: bool
) -> None:
    if LIVES[life] is rename and not front_matter:
        pytest.skip("without front matter a note does not say which file it is of, only of which bytes")
    with shelf(tmp_path, notes={"front_matter": front_matter}) as desk:
        for name in ("scan.pdf", "other.pdf"):
            (desk.inbox / name).write_text(name)
        (desk.inbox / "twin.pdf").write_text("scan.pdf")
        for step in STAGES:
            STAGES[step](desk)
            if step == stage:
                desk.copy_journal(tmp_path / "backup", checkpoint=checkpoint)
        LIVES[life](desk)
        notes = desk.notes_there()
        assert len(notes) == 3
        desk.restore_journal(tmp_path / "backup")
        desk.live()
        assert desk.notes_there() == notes
        assert set(desk.states().values()) == {"done"}
        desk.live()
        assert desk.notes_there() == notes


def test_a_note_that_stands_is_known_whatever_is_chosen_about_running_heads_now(tmp_path: Path) -> None:
    with shelf(tmp_path, notes={"keep_running_heads": True}) as desk:
        (desk.inbox / "scan.pdf").write_text("a scan")
        desk.look()
        desk.copy_journal(tmp_path / "backup", checkpoint=True)
        desk.live()
        notes = desk.notes_there()
        desk.restore_journal(tmp_path / "backup")
    with shelf(tmp_path, notes={"keep_running_heads": False}) as desk:
        desk.live()
        assert (desk.notes_there(), desk.documents()["scan.pdf"].sentence) == (notes, "")


@pytest.mark.parametrize("checkpoint", [True, False])
@pytest.mark.parametrize("edited", [True, False])
def test_a_retry_that_the_journal_has_forgotten_is_not_taken_for_an_edit(
    tmp_path: Path, checkpoint: bool, edited: bool
) -> None:
    """Asked for before the copy was made, carried out after."""
    with shelf(tmp_path) as desk:
        (desk.inbox / "scan.pdf").write_text("a scan")
        desk.live()
        _retry(desk)
        desk.copy_journal(tmp_path / "backup", checkpoint=checkpoint)
        desk.edition = "second"
        desk.read()
        desk.place()
        if edited:
            edit(desk)
        notes = desk.notes_there()
        desk.restore_journal(tmp_path / "backup")
        desk.live()
        assert desk.notes_there() == notes
        assert desk.states() == {"scan.pdf": "done"}


def test_a_note_that_is_proven_to_be_unedited_is_replaced_later_and_another_is_not(tmp_path: Path) -> None:
    with shelf(tmp_path) as desk:
        for name in ("scan.pdf", "other.pdf"):
            (desk.inbox / name).write_text(name)
        desk.look()
        desk.open_documents()
        desk.copy_journal(tmp_path / "backup", checkpoint=True)
        desk.live()
        edit(desk)
        mine = (desk.inbox / "scan.md").read_text()
        desk.restore_journal(tmp_path / "backup")
        desk.live()
        records = desk.documents()
        assert records["other.pdf"].note_sha256
        assert not records["scan.pdf"].note_sha256
        assert "scan.md stood already" in records["scan.pdf"].sentence
        desk.edition = "second"
        for record in records.values():
            desk.journal.requests.retry(record.id)
        desk.live()
        assert "second" in (desk.inbox / "other.md").read_text()
        assert (desk.inbox / "scan.md").read_text() == mine
        assert "second" in (desk.inbox / "scan.pdf.md").read_text()


def test_a_note_of_other_bytes_or_of_another_file_is_no_note_of_this_one(tmp_path: Path) -> None:
    with shelf(tmp_path) as desk:
        (desk.inbox / "scan.pdf").write_text("a scan")
        desk.live()
        stands = (desk.inbox / "scan.md").read_text()
        (desk.inbox / "scan.pdf").unlink()
        desk.restore_journal(tmp_path)  # an empty one
        (desk.inbox / "scan.pdf").write_text("another scan")
        desk.live()
        assert (desk.inbox / "scan.md").read_text() == stands
        assert "another scan" in (desk.inbox / "scan.pdf.md").read_text()
