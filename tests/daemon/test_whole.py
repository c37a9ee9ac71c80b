"""`papertray run` as a person starts it: its own process, the bundled reader, a stop signal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from tests.desks import until

PAPERTRAY = Path(sys.executable).with_name("papertray")

# Started with this, a process that tries to reach anything ends with a word about it.
NO_SOCKETS = """
import os, socket, sys

def refused(*_):
    sys.stderr.write("TRIED THE NETWORK\\n")
    os._exit(99)

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refused
"""


def letter(path: Path, *lines: str) -> Path:
    page = Image.new("RGB", (1000, 120 + 90 * len(lines)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype("DejaVuSans.ttf", 40)
    for number, line in enumerate(lines):
        pen.text((60, 60 + 90 * number), line, fill="black", font=font)
    page.save(path)
    return path


@pytest.fixture
def started(own_home: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The daemon in the foreground, every socket refused."""
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(
        [str(PAPERTRAY), "run"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="stops by a POSIX signal")
def test_a_letter_dropped_on_a_running_papertray_becomes_a_note(
    started: subprocess.Popen[str], own_home: Path
) -> None:
    inbox = own_home / "OCR" / "inbox"
    with Client(find_places()) as client:
        until(lambda: client.status().folders, "the start")
        letter(own_home / "draft.png", "Dear Ms Hopper,", "the compiler works.").rename(inbox / "letter.png")
        until((inbox / "letter.md").exists, "the note", 120)
        note = (inbox / "letter.md").read_text(encoding="utf-8")
        assert "Dear Ms Hopper," in note
        assert "the compiler works." in note
        shown = subprocess.run([str(PAPERTRAY), "list", "--json"], capture_output=True, text=True, check=True)
        assert json.loads(shown.stdout)[0]["state"] == "done"
    started.send_signal(signal.SIGTERM)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 0
    assert str(inbox) in said
    assert "letter.png -> letter.md" in said
    assert "TRIED THE NETWORK" not in said
    log = (find_places().log_file).read_text(encoding="utf-8")
    assert "Hopper" not in log
    assert "compiler" not in log


@pytest.mark.skipif(sys.platform == "win32", reason="stops by a POSIX signal")
def test_a_stop_in_the_middle_of_a_page_gives_it_back(started: subprocess.Popen[str], own_home: Path) -> None:
    """The journal says when a page is in hand: the status does so while its reader is still being loaded."""
    inbox = own_home / "OCR" / "inbox"
    with Client(find_places()) as client:
        until(lambda: client.status().folders, "the start", 120)
        draft = letter(own_home / "draft.png", *(f"This is line {number}." for number in range(20)))
        pages = [Image.open(draft).convert("L")] * 40
        pages[0].save(own_home / "book.pdf", save_all=True, append_images=pages[1:])
        (own_home / "book.pdf").rename(inbox / "book.pdf")
        until(lambda: client.documents(), "the document", 120)
        until(lambda: any(page.state == "reading" for page in client.document(1)[1]), "the reading", 300)
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=120)
        assert started.returncode == 0
        document, pages_now = client.document(1)
        assert document.state == "reading"
        assert {page.attempts for page in pages_now if page.state == "waiting"} == {0}
