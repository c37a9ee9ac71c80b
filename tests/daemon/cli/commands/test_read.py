"""`papertray read` as a person meets it, with the quick reader itself."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.daemon.cli.conftest import Papertray
from tests.desks import draw_pages, until

READ = [sys.executable, "-c", "from papertray.daemon.cli import main; main()", "read"]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    page = Image.new("RGB", (800, 300), "white")
    words = ImageDraw.Draw(page)
    words.text((60, 100), "Invoice 4711 is due today", fill="black", font=ImageFont.load_default(48))
    page.save(tmp_path / "letter.png")
    return tmp_path / "letter.png"


def test_the_markdown_of_a_file_is_printed(letter: Path, papertray: Papertray) -> None:
    result = papertray("read", letter)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith('---\nsource: "letter.png"\n')
    assert "Invoice 4711 is due today" in result.out


def test_a_file_is_written_as_what_is_asked_for(letter: Path, papertray: Papertray, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = papertray("read", letter, "--as", "pdf,txt", "-o", out)
    assert (result.code, result.out.splitlines()) == (
        0,
        [str(out / "letter.searchable.pdf"), str(out / "letter.txt")],
    )
    assert (out / "letter.txt").read_text() == "Invoice 4711 is due today\n"
    read = subprocess.run(["pdftotext", out / "letter.searchable.pdf", "-"], capture_output=True, text=True)
    assert "Invoice 4711 is due today" in read.stdout


def test_one_bad_file_among_good_ones_is_said_and_gives_its_code(letter: Path, papertray: Papertray) -> None:
    letter.with_name("odd.pdf").write_text("no document at all")
    result = papertray("read", letter, letter.with_name("odd.pdf"), letter)
    assert result.code == 11
    assert result.err.count("\n") == 1
    assert "odd.pdf" in result.err
    assert result.out.count("Invoice 4711") == 2
    assert result.out.count(f"<!-- {letter} -->") == 2


def test_notes_go_into_a_folder_and_never_over_a_file(letter: Path, papertray: Papertray) -> None:
    into = letter.parent / "notes"
    into.mkdir()
    (into / "letter.md").write_text("mine")
    result = papertray("read", letter, "-o", into)
    assert result.out == f"{into / 'letter.png.md'}\n"
    assert "Invoice 4711" in (into / "letter.png.md").read_text(encoding="utf-8")
    assert (into / "letter.md").read_text() == "mine"


def test_json_tells_pages_and_problems(letter: Path, papertray: Papertray) -> None:
    result = papertray("read", letter, letter.with_name("gone.pdf"), "--json")
    good, bad = json.loads(result.out)["documents"]
    assert "Invoice 4711" in good["pages"][0]["markdown"]
    assert "gone.pdf" in bad["problem"]
    assert result.code == 10


def test_a_file_that_never_was_is_not_called_gone(tmp_path: Path, papertray: Papertray) -> None:
    missing = tmp_path / "nope.png"
    for command in ("read", "bench"):
        result = papertray(command, missing)
        assert (result.code, result.err) == (10, f"papertray: There is no file {missing}. Check the name.\n")


def test_a_folder_is_named_and_what_reads_all_that_is_in_it(papertray: Papertray) -> None:
    said = papertray("read", ".").err
    assert said.startswith("papertray: . is a folder")
    assert "--into DIR" in said


def test_a_file_of_which_nothing_can_be_read_gets_no_note(letter: Path, papertray: Papertray) -> None:
    letter.write_bytes(letter.read_bytes()[:1500])
    result = papertray("read", letter, "-o", letter.parent / "notes")
    sentence = "letter.png ends too early: a part of it is missing. Copy or scan it again."
    assert (result.code, result.out, result.err) == (10, "", f"papertray: {sentence}\n")
    assert not (letter.parent / "notes").exists()


def test_a_file_to_read_must_be_named(papertray: Papertray) -> None:
    assert papertray("read").code == 2


def test_a_page_that_cannot_be_read_is_marked_and_gives_a_code(tmp_path: Path, papertray: Papertray) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.new_page(2_000_000, 2_000_000)
    document.save(tmp_path / "plan.pdf")
    document.close()
    result = papertray("read", tmp_path / "plan.pdf")
    assert result.code == 10
    assert "> [!WARNING]\n> Page 2 could not be read." in result.out
    assert "plan.pdf has pages that could not be read" in result.err


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is not a signal that can be sent there")
class TestOnATerminal:
    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        return draw_pages(tmp_path / "book.pdf", "book", 200)

    def test_ctrl_c_ends_it_quietly(self, book: Path) -> None:
        pipe = subprocess.PIPE
        with subprocess.Popen([*READ, book], stdout=pipe, stderr=pipe, start_new_session=True) as process:
            until(psutil.Process(process.pid).children, "the child that opens documents")
            os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group
            output = process.communicate(timeout=30)
        assert process.returncode == 130
        assert output == (b"", b"")

    def test_ctrl_c_keeps_the_pages_that_were_read(self, book: Path, tmp_path: Path) -> None:
        ours, theirs = os.openpty()
        command = [*READ, book, "--output", tmp_path / "notes"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True
        ) as process:
            os.close(theirs)
            screen = b""
            while b" left" not in screen:  # a page is read, and how long the others may take is known
                screen += os.read(ours, 4096)
            os.killpg(process.pid, signal.SIGINT)
            output = process.communicate(timeout=30)[0]
        os.close(ours)
        assert process.returncode == 130
        assert b" a minute" in screen
        note = Path(output.decode().strip()).read_text(encoding="utf-8")
        assert "book" in note
        assert "Reading was interrupted before this page." in note

    def test_a_bar_tells_how_far_a_long_document_is(self, book: Path) -> None:
        ours, theirs = os.openpty()
        with subprocess.Popen([*READ, book], stdout=subprocess.DEVNULL, stderr=theirs) as process:
            os.close(theirs)
            screen = b""
            while b"/200" not in screen:
                screen += os.read(ours, 4096)
            process.terminate()
        os.close(ours)
        assert b"book.pdf" in screen
