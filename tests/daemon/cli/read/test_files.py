"""What `papertray read` says on stderr of files that it read."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from papertray.daemon.cli.read.files import read_files
from papertray.daemon.cli.read.outputs import MarkdownOutput
from papertray.engine.document_reader import DocumentReader
from papertray.engine.exit_codes import ExitCode
from papertray.engine.pages import Block, BlockKind, PageImage, PageText, Watch
from papertray.engine.renderer import Renderer
from tests.desks import draw, draw_pages
from tests.fakes import InstantReader


class Unsure(InstantReader):
    """Sure of the third and the fifth page, and of no other."""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        said = (Block(BlockKind.TEXT, "x"),)
        return [PageText(said, confidence=0.99 if page.number in (3, 5) else 0.6) for page in pages]


def test_pages_that_may_be_misread_are_named_and_are_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [draw(tmp_path / "letter.png", "dear"), draw_pages(tmp_path / "book.pdf", "book", 5)]
    output = MarkdownOutput(front_matter=True, separate=True)
    assert read_files(files, DocumentReader(Renderer(), Unsure), output) is ExitCode.OK
    assert capsys.readouterr().err.splitlines() == [
        "papertray: letter.png may be misread in places.",
        "papertray: book.pdf may be misread in places: pages 1, 2, 4.",
    ]
