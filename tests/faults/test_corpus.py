"""The script that runs a folder of ugly files through a daemon finds what it is there to find."""

import sys
from pathlib import Path

import pytest

from tests.desks import draw
from tests.faults.corpus import find_tracebacks, run_corpus

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops by a POSIX signal")


def test_every_document_of_a_folder_has_a_note_or_a_sentence(tmp_path: Path) -> None:
    whole = draw(tmp_path / "whole.png", "whole")
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:60])
    (tmp_path / ".hidden.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    (tmp_path / "letter.txt").write_text("no document")
    report = run_corpus(tmp_path)
    assert (report["files"], report["documents"]) == (4, 3)
    assert report["silent"] == []
    assert report["tracebacks"] == []
    assert (report["alive_at_the_end"], report["exit"]) == (True, 0)
    assert sum(report["states"].values()) == 3


def test_a_traceback_is_told_by_its_last_line(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "papertray.log").write_text(
        'fine\nTraceback (most recent call last):\n  File "x"\n    raise\nValueError: no\nfine\n'
    )
    (tmp_path / "screen").write_text("")
    assert find_tracebacks(tmp_path) == ["ValueError: no"]
