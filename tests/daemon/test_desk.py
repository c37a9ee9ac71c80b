from pathlib import Path

import pytest

from tests.desks import Running, draw, draw_pages, running, until
from tests.fakes import InstantReader, OneReader


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def test_a_dropped_picture_becomes_a_note_beside_it(inbox: Path) -> None:
    with running(inbox) as desk:
        draw(inbox / "scan.png", "hello")
        assert desk.note("scan.md").startswith("page ")
        assert desk.ends("scan.png") == {"scan.png": "done"}


def test_the_pages_of_a_pdf_come_in_order(inbox: Path) -> None:
    with running(inbox) as desk:
        draw_pages(inbox / "book.pdf", "book", 5)
        note = desk.note("book.md")
        assert note.count("page ") == 5 + 4
        assert "<!-- page 5 of 5 -->" in note
