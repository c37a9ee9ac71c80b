"""What the child that opens untrusted bytes cannot do, even if a document makes it try."""

import errno
import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from reportlab.pdfgen import canvas

from papertray.engine.render_child.landlock import landlock_version
from papertray.engine.renderer import DocumentLimits, Renderer
from tests.engine.renderer.documents_made import halves

ROOT = Path(__file__).parents[3]
PRISONER = (sys.executable, "-m", "tests.engine.renderer.prisoner")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems confine less, see docs/security.md"
)


@pytest.fixture
def outcome(tmp_path: Path) -> dict[str, str]:
    """Of what a confined process tried."""
    file = tmp_path / "letter.png"
    file.write_bytes(b"a letter")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])}
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [*PRISONER, str(server.getsockname()[1]), str(file)]
        said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"a letter", [file])
    told: dict[str, str] = json.loads(said)
    return told


@pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")
def test_the_child_can_neither_read_nor_write_nor_call_anybody(outcome: dict[str, str]) -> None:
    assert outcome.pop("write into an open file") == str(errno.EFBIG)
    later = {"connect": 4, "listen": 4, "signal its parent": 6, "cut a file": 3}
    unknown = {what for what, version in later.items() if landlock_version() < version}
    assert {what for what, came in outcome.items() if came != "PermissionError"} <= unknown


def test_a_child_at_work_is_confined_and_knows_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTRAY_ENGINE__KEY", "secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    halves().save(tmp_path / "scan.png")
    with Renderer(DocumentLimits(memory_megabytes=700)) as renderer:
        renderer.inspect(tmp_path / "scan.png")
        (child,) = (
            c for c in psutil.Process().children() if any("render_child" in word for word in c.cmdline())
        )
        assert "secret" not in child.environ().values()
        assert child.rlimit(resource.RLIMIT_AS) == (700 << 20, 700 << 20)
        assert child.rlimit(resource.RLIMIT_CORE) == (0, 0)
        assert child.rlimit(resource.RLIMIT_FSIZE) == (0, 0)
        assert "NoNewPrivs:\t1" in Path(f"/proc/{child.pid}/status").read_text()


def test_a_title_in_letters_that_the_child_has_not_met_before_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    book = canvas.Canvas(str(file))
    book.setTitle("Книга ✓")
    book.drawString(72, 720, "One")
    book.bookmarkPage("one")
    book.addOutlineEntry("Первая глава ✓", "one")
    book.save()
    with Renderer(DocumentLimits()) as renderer:
        renderer.inspect(file)
        layer = renderer.image(file, 1).layer
    assert layer is not None
    assert [title for title, _ in layer.titles] == ["Первая глава ✓", "Книга ✓"]
