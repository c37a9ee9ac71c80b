"""Notes for a vault: named and headed as a person wants, and known as ours all the same."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from papertray.daemon.errors import SettingsError
from papertray.daemon.notes.fields import find_title
from papertray.daemon.notes.preview import preview_note
from papertray.daemon.places import find_places
from papertray.daemon.records import PageRecord
from papertray.daemon.settings import load_settings
from papertray.daemon.settings.note_templates import name_from
from papertray.engine.escape import escape
from papertray.engine.pages import Block, BlockKind, Box, PageText
from tests.daemon.notes.shelf import Shelf, shelf

PROPERTIES = (
    "title: {title}",
    'scan: "[[{source}]]"',
    "place: {path}",
    "created: {created:%d.%m.%Y}",
    "tags: [scan, {folder}, {title}]",
    "aliases: [{stem}]",
)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Shelf]:
    inbox = tmp_path / "inbox"
    folder = {
        "path": inbox,
        "notes": tmp_path / "vault",
        "archive": tmp_path / "archive",
        "note_name": "{created} {stem}",
        "properties": PROPERTIES,
    }
    with shelf(tmp_path, folders=(folder,)) as made:
        yield made


def head_of(note: Path) -> dict[str, Any]:
    lines = note.read_text("utf-8").split("---\n")
    read: dict[str, Any] = yaml.safe_load(lines[1])
    return read


def test_a_note_is_named_and_headed_as_its_folder_says(vault: Shelf) -> None:
    scan = vault.inbox / "bills" / 'a "letter": yes.pdf'
    scan.parent.mkdir()
    scan.write_text("a letter")
    vault.live()
    day = datetime.fromtimestamp(vault.documents()[scan.name].mtime_ns / 1e9)
    note = vault.inbox.parent / "vault" / "bills" / f"{day:%Y-%m-%d} a -letter- yes.md"
    head = head_of(note)
    assert list(head) == ["title", "scan", "place", "created", "tags", "aliases"]
    assert head["scan"] == f"[[{scan.name}]]"
    assert head["created"] == f"{day:%d.%m.%Y}"
    assert head["tags"] == ["scan", "bills", scan.stem]
    assert (note.parent / head["place"]).read_text() == "a letter", "it leads to the archive"


def test_what_a_scan_says_writes_no_line_of_its_own(vault: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.notes.fields.find_title", lambda _: 'x"\n---\nowner: "{path}')
    (vault.inbox / "scan.pdf").write_text("a letter")
    vault.live()
    (note,) = (vault.inbox.parent / "vault").glob("*.md")
    head = head_of(note)
    assert "owner" not in head
    assert head["title"] == 'x" --- owner: "{path}', "braces of a scan are filled with nothing"


def test_a_note_is_read_again_in_its_place_whatever_its_title_is_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shelf(tmp_path, folders=({"path": tmp_path / "inbox", "note_name": "{title}"},)) as made:
        (made.inbox / "scan.pdf").write_text("a letter")
        made.live()
        (name,) = made.notes_there()
        made.edition = "second"
        monkeypatch.setattr("papertray.daemon.notes.fields.find_title", lambda _: "Another title")
        made.journal.requests.retry(made.documents()["scan.pdf"].id)
        made.read()
        made.place()
        assert list(made.notes_there()) == [name] == ["scan.md"]
        assert "second reading" in made.notes_there()[name]


def test_a_lost_journal_leads_to_no_second_note(tmp_path: Path) -> None:
    folder = {"path": tmp_path / "inbox", "note_name": "{created} {title}", "properties": PROPERTIES}
    with shelf(tmp_path, folders=(folder,)) as made:
        before = tmp_path / "before"
        made.copy_journal(before, checkpoint=True)
        (made.inbox / "scan.pdf").write_text("a letter")
        made.live()
        notes = made.notes_there()
        made.restore_journal(before)
        made.live()
        assert made.notes_there() == notes
        assert made.pages_read == 2, "it was known by its note before it was read"


def test_a_preview_says_what_would_be_written(vault: Shelf) -> None:
    (vault.inbox / "scan.pdf").write_text("a letter")
    vault.live()
    (note,) = (vault.inbox.parent / "vault").glob("*.md")
    record = vault.documents()["scan.pdf"]
    path, _, text = preview_note(record, vault.journal.listing.pages(record.id), vault.settings).partition(
        "\n\n"
    )
    assert (path, text) == (str(note), note.read_text())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("title {title}", "is no `key: value`"),
        ("title: {titel}", "{titel} is not known: there are title,"),
        ("when: {title:%Y}", "only created and read take a form"),
        ("when: {created:%s}", "cannot be written so"),
        ("title: {title", "a brace without its other"),
        ("warnings: none", "a line of papertray's own"),
    ],
)
def test_a_template_that_means_nothing_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as problem:
        load_settings(find_places(), folders=[{"path": tmp_path, "properties": [line]}])
    assert sentence in str(problem.value)


def test_a_name_is_one_that_every_disk_takes() -> None:
    fields = {"title": "../..\\CON", "stem": "scan"}
    assert name_from("{title}", fields) == "CON_"
    assert name_from("{title}", fields | {"title": "Bill: 3/4 [paid] #2?"}) == "Bill- 3-4 -paid- -2"
    assert name_from("{title}", fields | {"title": " . "}) == "scan"
    for title, name in (
        ("nul.txt", "nul_.txt"),
        ("Con .txt", "Con_ .txt"),
        ("COM¹", "COM¹_"),
        ("fdp\u202eexe", "fdp-exe"),
    ):
        assert name_from("{title}", fields | {"title": title}) == name
    assert name_from("{title}", fields | {"title": "console.2"}) == "console.2"


def test_a_title_is_the_first_heading_without_its_marks() -> None:
    box = Box(0, 0, 1, 1)
    text = PageText(
        (Block(BlockKind.TEXT, "before", box), Block(BlockKind.TITLE, "# **Bill** no\\. 3_4", box))
    )
    assert find_title([PageRecord(1, 1, "done", text=text)]) == "Bill no. 3_4"
    assert find_title([]) == ""


def test_templates_and_comments_of_a_vault_stay_text_of_the_scan() -> None:
    assert escape("<% tp.date %> and %%hidden%%, 50 %") == "<\\% tp.date %\\> and %\\%hidden%\\%, 50 %"
