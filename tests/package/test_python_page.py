"""docs/python.md is true: its programs run, and print what stands below them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.engine.pages_made import SANS_BOLD, Paper
from tests.package import scans
from tests.package.builds import ROOT

PAGE = ROOT / "docs" / "python.md"
PROGRAMS = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def draw_scan(folder: Path) -> None:
    """The two pages that the examples read."""
    texts = (
        (
            "Invoice 2026-117",
            "Dear Ms Larsen, thank you for your order of November. We deliver within five working days.",
            "Please transfer 148.00 euros within two weeks.",
        ),
        (
            "Terms of delivery",
            "Goods that arrive damaged are taken back within thirty days, at our expense.",
        ),
    )
    images = []
    for heading, *paragraphs in texts:
        paper = Paper()
        paper.set(heading, path=SANS_BOLD, size=48)
        for paragraph in paragraphs:
            paper.set(paragraph)
        images.append(paper.image)
    images[0].save(folder / "scan.pdf", save_all=True, append_images=images[1:], resolution=200)


def test_every_program_of_the_page_prints_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_scan(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    programs = PROGRAMS.findall(PAGE.read_text(encoding="utf-8"))
    for number, (program, below) in enumerate(programs):
        if "plan.pdf" in program:
            scans.half_a_plan(tmp_path)
            scans.locked(tmp_path)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(program, f"{PAGE.name}, program {number + 1}", "exec"), names)
        assert printed.getvalue() == below
    assert len(programs) == PAGE.read_text(encoding="utf-8").count("```python")
