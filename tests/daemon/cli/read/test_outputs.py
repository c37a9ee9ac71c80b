"""Where `papertray read` puts what was read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papertray.daemon.cli.read.outputs import FileAnswer, FolderOutput, JsonOutput, MarkdownOutput
from papertray.engine.document_reader import Document
from papertray.engine.errors import DocumentError
from papertray.engine.markdown import FailedPage
from papertray.engine.pages import Block, BlockKind, Figure, PageText, ReaderIdentity

QUICK = ReaderIdentity("quick", "3.10", "cpu")
SEEN = PageText((Block(BlockKind.TEXT, "Dear Sir"),))


def answer(name: str, *pages: PageText | FailedPage) -> FileAnswer:
    return FileAnswer(
        Path(name), "ab" * 32, Document("pdf", pages or (SEEN,), QUICK), datetime(2026, 1, 2, tzinfo=UTC)
    )


def test_one_document_is_the_note_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    MarkdownOutput(front_matter=True, separate=False).add(answer("a.pdf"))
    assert capsys.readouterr().out == answer("a.pdf").note(front_matter=True)


def test_several_documents_begin_with_a_comment_that_names_the_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notes = MarkdownOutput(front_matter=False, separate=True)
    for name in ("in/a.pdf", "--><script>.png"):
        notes.add(answer(name))
    written = capsys.readouterr().out
    assert written.startswith("<!-- in/a.pdf -->\n\nDear Sir\n")
    assert "<!-- - -><script>.png -->" in written


def test_notes_are_named_as_the_daemon_names_them_and_nothing_is_overwritten(tmp_path: Path) -> None:
    notes = FolderOutput(tmp_path / "new", front_matter=False)
    for _ in range(3):
        notes.add(answer("elsewhere/scan.pdf"))
    (tmp_path / "new" / "scan.pdf.3.md").symlink_to("nowhere")
    notes.add(answer("elsewhere/scan.pdf"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir() if path.exists()) == [
        "scan.md",
        "scan.pdf.2.md",
        "scan.pdf.4.md",
        "scan.pdf.md",
    ]


def test_figures_lie_where_the_note_looks_for_them(tmp_path: Path) -> None:
    picture = PageText((Block(BlockKind.FIGURE, "![a cat](figure:cat)"),), figures=(Figure("cat", b"png"),))
    FolderOutput(tmp_path, front_matter=False).add(answer("scan one.pdf", SEEN, picture))
    note = (tmp_path / "scan one.md").read_text(encoding="utf-8")
    assert "![a cat](scan%20one.assets/page-2-cat.png)" in note
    assert (tmp_path / "scan one.assets" / "page-2-cat.png").read_bytes() == b"png"


def test_json_accounts_for_every_page_and_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    output = JsonOutput()
    output.add(answer("a.pdf", SEEN, FailedPage(2, "It is torn.", "Scan it again.")))
    output.refuse(Path("b.pdf"), DocumentError("b.pdf is empty.", "Save it again."))
    output.finish()
    good, bad = json.loads(capsys.readouterr().out)["documents"]
    assert good["pages"][0]["markdown"] == "Dear Sir"
    assert good["pages"][1] == {"number": 2, "problem": "It is torn.", "advice": "Scan it again."}
    assert bad == {"file": "b.pdf", "problem": "b.pdf is empty.", "advice": "Save it again."}
