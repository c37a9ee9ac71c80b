"""`papertray read` as a person meets it, with the quick reader itself."""

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.cli.conftest import Papertray


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    page = Image.new("RGB", (800, 300), "white")
    words = ImageDraw.Draw(page)
    words.text((60, 100), "Invoice 4711 is due today", fill="black", font=ImageFont.load_default(48))
    page.save(tmp_path / "letter.png")
    return tmp_path / "letter.png"


def test_the_markdown_of_a_file_is_printed(letter: Path, papertray: Papertray) -> None:
    said = papertray("read", letter)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith('---\nsource: "letter.png"\n')
    assert "Invoice 4711 is due today" in said.out


def test_one_bad_file_among_good_ones_is_said_and_gives_its_code(letter: Path, papertray: Papertray) -> None:
    letter.with_name("odd.pdf").write_text("no document at all")
    said = papertray("read", letter, letter.with_name("odd.pdf"), letter)
    assert said.code == 11
    assert said.err.count("\n") == 1
    assert "odd.pdf" in said.err
    assert said.out.count("Invoice 4711") == 2
    assert said.out.count(f"<!-- {letter} -->") == 2


def test_notes_go_into_a_folder_and_never_over_a_file(letter: Path, papertray: Papertray) -> None:
    into = letter.parent / "notes"
    into.mkdir()
    (into / "letter.md").write_text("mine")
    said = papertray("read", letter, "-o", into)
    assert said.out == f"{into / 'letter.png.md'}\n"
    assert "Invoice 4711" in (into / "letter.png.md").read_text(encoding="utf-8")
    assert (into / "letter.md").read_text() == "mine"


def test_json_tells_pages_and_problems(letter: Path, papertray: Papertray) -> None:
    said = papertray("read", letter, letter.with_name("gone.pdf"), "--json")
    good, bad = json.loads(said.out)["documents"]
    assert "Invoice 4711" in good["pages"][0]["markdown"]
    assert "gone.pdf" in bad["problem"]
    assert said.code == 10


def test_a_file_to_read_must_be_named(papertray: Papertray) -> None:
    assert papertray("read").code == 2
