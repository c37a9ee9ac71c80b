"""Of a PDF's pages servers are asked only for what the file does not say itself."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.choice import ReaderChoice, load_reader
from papertray.engine.models.catalog import SERVER, find_entry
from papertray.engine.models.weights import Weights
from papertray.engine.page_flow import PageList, read_flow
from papertray.engine.pages import (
    DoubtfulWord,
    PageImage,
    PageText,
    PdfText,
    ReadOptions,
    TextSource,
    Watch,
)
from papertray.engine.renderer import Renderer
from papertray.engine.server_address import ServerAddress
from tests.engine.layer.pdfs_made import page_of, prose, scan, write_pdf
from tests.engine.readers.openai_server import Reply, inference_server

ROWS = (("Article", "Ordered"), ("Lamp oil", "1204"), ("Rope", "377"))
SAID = Reply(("| Article | Ordered |\n| --- | --- |\n| Lamp oil | 1204 |\n| Rope | 371 |\n",))


def table(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    canvas.grid([30, 130, 230], [140, 165, 190, 215])
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            canvas.drawString(36 + 100 * x, 198 - 25 * y, cell)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[PageImage]]:
    """Nine of prose, a table, a scan, and prose that says other than it shows."""
    path = write_pdf(tmp_path_factory.mktemp("pdf") / "made.pdf", *[prose] * 9, table, scan, prose)
    with Renderer() as renderer:
        *sound, last = (page_of(renderer, path, number) for number in range(1, 13))
        assert last.layer is not None
        shuffled = last.layer.text.replace("e", "q").replace("a", "x").replace("o", "k").replace("n", "w")
        yield [*sound, replace(last, layer=replace(last.layer, text=shuffled))]


def read_with_server(
    pages: list[PageImage], folder: Path, pdf_text: PdfText, prompt: str = "document"
) -> tuple[list[PageText], int]:
    """The texts, and how many pages the server was asked for; alike whichever way they are read."""
    with inference_server(lambda _: SAID) as server:
        options = ReadOptions(
            prompt=prompt, pdf_text=pdf_text, servers=(ServerAddress(server.url, "some-vl"),)
        )
        choice = ReaderChoice(find_entry(SERVER))
        with closing(load_reader(choice, Weights(folder), options)) as reader:
            texts = reader.read(pages, Watch())
            asked = len(server.bodies)
            flow = PageList([_again(page) for page in pages], Watch())
            read_flow(reader, flow)
        assert flow.texts() == texts
        assert len(server.bodies) == 2 * asked
    return texts, asked


def _again(page: PageImage) -> PageImage:
    """A flow spends the pictures that it is given."""
    return page if callable(page.picture) else replace(page, picture=page.picture.copy())


def test_plain_prose_is_read_from_the_file_and_of_the_rest_its_words_check_the_servers(
    pages: list[PageImage], tmp_path: Path
) -> None:
    texts, asked = read_with_server(pages, tmp_path, PdfText.AUTO)
    assert asked == 3
    assert {page.source for page in texts[:9]} == {TextSource.WRITTEN}
    assert {page.source for page in texts[9:]} == {TextSource.RECOGNISED}
    assert "harbour master kept" in texts[0].markdown
    assert texts[9].doubtful_words == (DoubtfulWord("371"),)
    assert texts[9].lines
    assert not texts[10].warnings  # nothing is written there that could tell
    assert not texts[11].warnings  # nor can what is written there be trusted


def test_always_takes_what_is_written_for_sound_and_never_asks_for_every_page(
    pages: list[PageImage], tmp_path: Path
) -> None:
    texts, asked = read_with_server(pages, tmp_path, PdfText.ALWAYS)
    assert asked == 2
    assert "hkrbkur" in texts[11].markdown or "hxrbkur" in texts[11].markdown
    few = [pages[0], pages[9]]
    for pdf_text, prompt in ((PdfText.NEVER, "document"), (PdfText.AUTO, "figure")):
        texts, asked = read_with_server(few, tmp_path, pdf_text, prompt)
        assert asked == 2
        assert not any(page.warnings for page in texts)
