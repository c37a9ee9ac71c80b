"""What bad files get in a daemon that really runs: one sentence, untouched, and the next one is read."""

import io
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.desks import draw, draw_pages, running, until


def _picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(file, kind)
    return file.getvalue()


def _pdf(pages: int, last_size: str = "200 100") -> bytes:
    """As few bytes as pdfium accepts."""
    sizes = ["200 100"] * (pages - 1) + [last_size] * bool(pages)
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] >>" for size in sizes),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        content
        + f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n".encode()
    )


def _locked(user: str) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption(user, ownerPassword="owner"))
    canvas.drawString(50, 50, "secret")
    canvas.save()
    return file.getvalue()


def _one_bit(side: int) -> bytes:
    """A PNG of which only the header says how large it is."""
    small = bytearray(_png_one_bit())
    small[16:24] = side.to_bytes(4) * 2
    import zlib

    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4)
    return bytes(small)


def _png_one_bit() -> bytes:
    file = io.BytesIO()
    Image.new("1", (8, 8)).save(file, "PNG")
    return file.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "half.jpg": (lambda: _picture("JPEG")[:4000], "ends too early"),
    "half.png": (lambda: _picture("PNG")[:4000], "ends too early"),
    "half.pdf": (lambda: _locked("")[:700], "ends too early"),
    "text.pdf": (lambda: b"Dear reader, this is no PDF.", "neither a PDF nor an image"),
    "locked.pdf": (lambda: _locked("user"), "needs a password"),
    "none.pdf": (lambda: _pdf(0), "has no pages"),
    "many.pdf": (lambda: _pdf(5000), "more than 2,000 pages"),
    "bits.png": (lambda: _one_bit(35_000), "35,000 × 35,000 pixels"),
    "bomb.png": (lambda: _one_bit(200_000), "200,000 × 200,000 pixels"),
}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_each_bad_file_gets_a_sentence_and_the_good_one_its_note(inbox: Path) -> None:
    for name, (make, _) in REFUSED.items():
        (inbox / name).write_bytes(make())
    draw(inbox / "good.png", "good")
    before = {path.name: path.read_bytes() for path in inbox.iterdir()}
    with running(inbox) as desk:
        assert desk.note("good.md")
        ends = desk.ends(*before)
        said = {document.path.name: document for document in desk.client.documents()}
    assert ends == {**dict.fromkeys(REFUSED, "failed"), "good.png": "done"}
    for name, (_, sentence) in REFUSED.items():
        assert sentence in said[name].sentence
        assert name in said[name].sentence
        assert said[name].advice.endswith(".")
    assert {name: (inbox / name).read_bytes() for name in before} == before


def test_an_empty_file_is_given_time_and_then_refused(inbox: Path) -> None:
    (inbox / "zero.png").touch()
    with running(inbox) as desk:
        assert desk.ends("zero.png") == {"zero.png": "failed"}
        assert "is empty (0 bytes)" in desk.client.documents()[0].sentence
        draw(inbox / "zero.png", "at last")
        assert desk.note("zero.md")


def test_a_wrong_suffix_does_not_matter(inbox: Path) -> None:
    draw_pages(inbox / "really.pdf", "pdf", 2)
    (inbox / "really.pdf").rename(inbox / "named.jpg")
    with running(inbox) as desk:
        assert "page 2 of 2" in desk.note("named.md")


def test_a_pdf_with_an_owner_password_alone_is_read(inbox: Path) -> None:
    (inbox / "owned.pdf").write_bytes(_locked(""))
    with running(inbox) as desk:
        assert desk.note("owned.md").startswith("page ")


def test_an_endless_page_fails_alone(inbox: Path) -> None:
    (inbox / "endless.pdf").write_bytes(_pdf(3, last_size="2000000 2000000"))
    with running(inbox) as desk:
        note = desk.note("endless.md")
        assert desk.ends("endless.pdf") == {"endless.pdf": "problems"}
        assert note.count("[!WARNING]") == 1
        assert "too large to draw readably" in note.replace("\n> ", " ")
        assert note.count("\npage ") + note.startswith("page ") == 2


NAMES = (
    "with space.png",
    'it\'s "quoted".png',
    "two\nlines.png",
    "\N{GRINNING FACE} smile.png",
    "cafe\N{COMBINING ACUTE ACCENT}.png",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}.png",
    "-dash.png",
    "a" * 251 + ".png",
    os.fsdecode(b"latin \xe9.png"),
)


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
def test_every_name_that_a_disk_allows_is_read(inbox: Path) -> None:
    for number, name in enumerate(NAMES):
        draw(inbox / "draft.tmp.png", f"name {number}").rename(inbox / name)
    with running(inbox) as desk:
        assert set(desk.ends(*NAMES).values()) == {"done"}
        assert len(list(inbox.glob("*.md"))) == len(NAMES)
        assert (inbox / "two\nlines.md").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_pipes_sockets_and_links_that_lead_away_are_left_alone(inbox: Path, tmp_path: Path) -> None:
    os.mkfifo(inbox / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox / "s.png"))
        outside = draw(tmp_path / "outside.png", "outside")
        (inbox / "link.png").symlink_to(outside)
        (inbox / "loop").symlink_to(inbox)
        with running(inbox) as desk:
            draw(inbox / "good.png", "good")
            assert desk.note("good.md")
            assert set(desk.states()) == {"good.png"}


def test_a_file_that_still_grows_is_waited_for(inbox: Path) -> None:
    drawn = draw(inbox.parent / "whole.png", "slowly", size=(600, 400)).read_bytes()
    with running(inbox) as desk, (inbox / "slow.png").open("wb", buffering=0) as file:
        for start in range(0, len(drawn), len(drawn) // 8 + 1):
            file.write(drawn[start : start + len(drawn) // 8 + 1])
            end = desk.statuses[-1].at
            until(lambda end=end: _past(end + 0.1), "a moment")
            assert not desk.states()
        assert desk.note("slow.md")


def _past(moment: float) -> bool:
    import time

    return time.time() > moment


def test_a_folder_that_goes_and_returns_is_read_on(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.folders.watcher.CHECK", 0.2)
    draw_pages(inbox.parent / "book.pdf", "book", 3)
    with running(inbox) as desk:
        away = inbox.rename(inbox.with_name("away"))
        until(lambda: desk.client.status().folders[0].watch == "gone", "the loss to be noticed")
        (inbox.parent / "book.pdf").rename(away / "book.pdf")
        away.rename(inbox)
        assert "page 3 of 3" in desk.note("book.md")


def test_a_kind_that_is_not_read_is_named_once_and_never_tried_again(inbox: Path) -> None:
    with running(inbox) as desk:
        (inbox / "letter.docx").write_bytes(b"PK\x03\x04" + bytes(200))
        for name in ("notes.txt", ".hidden.docx", "~$letter.docx", "todo.md", "song.mp3"):
            (inbox / name).write_bytes(b"nothing to read")
        (inbox / "truly a picture.odt").write_bytes(draw(inbox / "scan.png", "hello").read_bytes())
        assert desk.ends("letter.docx", "scan.png", "truly a picture.odt")["letter.docx"] == "failed"
        assert set(desk.states()) == {"letter.docx", "scan.png", "truly a picture.odt"}
        [failed] = [document for document in desk.client.documents() if document.path.name == "letter.docx"]
        assert failed.sentence == "papertray does not read .docx files."
        assert (failed.exit_code, failed.tries) == (11, 1)
        assert not list(inbox.glob("letter*.md"))
