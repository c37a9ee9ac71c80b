"""Two servers as processes, one of them killed while it reads; a script in docs that reads with Ray."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.desks import draw
from tests.servers.two_servers import read_over_two_servers

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "ray_documents.py"
PYTHON = os.environ.get("PAPERTRAY_TEST_RAY")


def test_documents_of_a_server_that_is_killed_are_read_by_the_other_and_noted_once(tmp_path: Path) -> None:
    noted = read_over_two_servers(tmp_path, 40)
    assert noted == {f"letter {number}.png": 1 for number in range(40)}


@pytest.mark.skipif(
    PYTHON is None,
    reason="name a Python that has papertray and `ray[data]` in PAPERTRAY_TEST_RAY; neither needs the other",
)
def test_ray_reads_each_document_once_and_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    assert PYTHON is not None
    source, target = tmp_path / "scans", tmp_path / "notes"
    source.mkdir()
    draw(source / "a.png", "Invoice", (800, 300))
    target.mkdir()
    (target / "b.png.md").write_text("read before")
    draw(source / "b.png", "Invoice", (800, 300))
    subprocess.run([PYTHON, SCRIPT, source, target, "1", "0"], check=True, cwd=tmp_path, timeout=500)
    assert (target / "a.png.md").read_text()
    assert (target / "b.png.md").read_text() == "read before"


def test_the_script_for_ray_is_short() -> None:
    assert len([line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if line]) <= 30
