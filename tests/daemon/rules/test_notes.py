"""What rules make of notes: names, tags, another place, together with all that belongs to the document."""

from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.records import FoundFile
from papertray.daemon.rules.matching import find_mismatch
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.daemon.settings import RuleSettings, load_settings
from papertray.engine.documents import Fingerprint
from tests.daemon.notes.shelf import Shelf, shelf
from tests.daemon.rules.test_matching import document, pages

LETTERS = {"name": "letters", "source": "letter*", "tags": ["letter", "{folder}"]}
BILLS = {"name": "bills", "words": ["bill"], "tags": ["money"], "note_name": "{stem} of {folder}"}


def names_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def found(desk: Shelf, path: Path) -> list[FoundFile]:
    return desk.journal.arrivals.find_unknown([FoundFile(desk.inbox, path, Fingerprint.of(path.stat()))])


def test_a_rule_names_the_note_and_tags_it(tmp_path: Path) -> None:
    with shelf(tmp_path, rules=[LETTERS, BILLS, BILLS | {"name": "late", "note_name": "never"}]) as desk:
        (desk.inbox / "2026").mkdir()
        (desk.inbox / "2026" / "letter.pdf").write_text("a bill")
        (desk.inbox / "other.pdf").write_text("nothing")
        desk.live()
        notes = desk.notes_there()
        assert set(notes) == {"letter of 2026.md", "other.md"}
        assert '\ntags: ["letter", "2026", "money"]\n' in notes["letter of 2026.md"]
        assert "tags:" not in notes["other.md"]


@pytest.mark.parametrize(
    ("properties", "line"),
    [
        (["tags: [scan, money]", "kind: x"], 'tags: ["scan", "money", "letter"]'),
        (["tags: scan"], 'tags: ["scan", "letter", "money"]'),
        (["kind: x"], 'kind: "x"\ntags: ["letter", "money"]'),
    ],
)
def test_tags_come_to_those_of_the_folder(tmp_path: Path, properties: list[str], line: str) -> None:
    with shelf(tmp_path, folder={"properties": properties}, rules=[LETTERS, BILLS]) as desk:
        (desk.inbox / "letter.pdf").write_text("a bill")
        desk.live()
        assert f"\n{line}\n" in next(iter(desk.notes_there().values()))


@pytest.mark.parametrize("where", ["papers", "{inbox}/papers"], ids=["below the folder", "a full path"])
def test_a_moved_document_stays_together_and_is_not_new_where_it_is(tmp_path: Path, where: str) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    move = where.replace("{inbox}", str(inbox)) + "/{stem}/x {folder}"
    with shelf(tmp_path, folder={"outputs": ["txt"]}, rules=[{"name": "all", "move": move}]) as desk:
        (desk.inbox / "a..b.pdf").write_text("a bill")
        there = desk.inbox / "papers" / "a..b" / "x"
        there.mkdir(parents=True)
        (there / "a..b.txt").write_text("mine")
        desk.live()
        together = ["a..b.2.txt", "a..b.assets/page-1-chart.png", "a..b.md", "a..b.pdf", "a..b.txt"]
        assert names_below(desk.inbox) == [f"papers/a..b/x/{name}" for name in together]
        assert (there / "a..b.txt").read_text() == "mine"
        record = desk.documents()["a..b.pdf"]
        assert (record.archived, record.note) == (there / "a..b.pdf", there / "a..b.md")

        desk.live()  # the folder is looked through again
        assert (len(desk.documents()), desk.pages_read) == (1, 2)
        desk.journal.notes.announce_move(1, there / "b.pdf")  # a kill before it is confirmed
        (there / "a..b.pdf").rename(there / "b.pdf")
        assert found(desk, there / "b.pdf") == []
        (there / "b.pdf").rename(there / "a..b.pdf")

        index = SearchIndex(tmp_path / "search.sqlite3")
        catch_up(desk.journal, index)
        assert find_pages(desk.journal, index, "reading", 9)[0].document.archived == there / "a..b.pdf"
        index.close()

        desk.edition = "second"
        desk.journal.requests.retry(1, "quick")
        job = desk.journal.queue.ready_pages(1)[0]
        assert job.archived == there / "a..b.pdf"
        desk.journal.queue.begin([job])
        desk.journal.queue.give_back([job])
        (desk.inbox / "a..b.pdf").write_text("a bill")  # what the fake reader reads
        desk.read()
        (desk.inbox / "a..b.pdf").unlink()
        desk.place()
        assert names_below(desk.inbox) == [f"papers/a..b/x/{name}" for name in together]
        assert "second reading" in (there / "a..b.md").read_text()
        assert desk.documents()["a..b.pdf"].archived == there / "a..b.pdf"

        (there / "a..b.pdf").write_text("somebody's own, later")
        assert len(found(desk, there / "a..b.pdf")) == 1


def test_a_folder_that_a_document_names_is_no_longer_than_disks_allow(tmp_path: Path) -> None:
    rule = {"name": "all", "move": "papers/{stem} {stem}"}
    with shelf(tmp_path, rules=[rule]) as desk:
        (desk.inbox / f"{'信' * 80}.pdf").write_text("a letter")
        desk.live()
        (folder,) = (desk.inbox / "papers").iterdir()
        assert folder.name == f"{'信' * 80} 信信信信"
        assert names_below(folder)[-2:] == [f"{'信' * 77}.md", f"{'信' * 80}.pdf"]
        assert desk.states() == {f"{'信' * 80}.pdf": "done"}


def test_an_expression_that_takes_too_long_does_not_fit_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("papertray.daemon.rules.matching.MATCH_SECONDS", 0.02)
    rule = RuleSettings(name="slow", regex="(a|aa)+$", tags=("x",))
    assert find_mismatch(rule, document(), pages("a" * 300 + "b")) == (
        "To look for (a|aa)+$ in it takes longer than a second."
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "a rule needs something to do: note_name, tags, move, run or webhook"),
        ({"move": "../elsewhere"}, "must be a folder: a full path, or one below the watched folder"),
        ({"move": "{folder}"}, "must be a folder: a full path, or one below the watched folder"),
        ({"move": "a/{nobody}"}, "{nobody} is not known: there are title, "),
        ({"tags": ["{nobody}"]}, "{nobody} is not known"),
        ({"note_name": "{title"}, "has a brace without its other"),
    ],
)
def test_a_wrong_wish_is_refused_in_a_sentence(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(find_places(), rules=[{"name": "one", **rule}])
    assert said in str(caught.value)
