"""Figures, and formulas that are not spelled, are cut out of the page where that is wished."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.pages import BlockKind, PageText, Reader, Watch
from papertray.engine.readers.quick import reader as quick
from papertray.engine.renderer import Renderer
from tests.engine.layer.pdfs_made import page_of, prose, write_pdf

SIZE = 420, 600


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="module")
def cutting() -> Reader:
    return quick.load(threads=1, languages=(), cut_figures=True)


def draw(canvas: Canvas) -> None:
    """Prose, a chart whose bars have names and a caption, a fraction with its number."""
    canvas.translate(0, 300)
    prose(canvas)
    canvas.translate(0, -300)
    for at, (name, high) in enumerate((("Rope", 60), ("Tar", 90), ("Hemp", 40))):
        canvas.setFillGray(0.3 + 0.2 * at)
        canvas.rect(120 + 60 * at, 380, 59, high, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(130 + 60 * at, 370, name)
    canvas.drawString(120, 345, "Figure 1: What came into the bay.")
    canvas.setFont("Symbol", 12)
    canvas.drawString(150, 250, "α =")
    canvas.drawString(180, 258, "β + γ")
    canvas.drawString(190, 242, "δ")
    canvas.setFont("Times-Roman", 12)
    canvas.drawString(380, 250, "(7)")


def read(reader: Reader, renderer: Renderer, folder: Path) -> PageText:
    page = page_of(renderer, write_pdf(folder / "made.pdf", draw, size=SIZE))
    (text,) = reader.read([page], Watch())
    return text


def test_a_figure_stands_over_its_caption_and_its_words_describe_it(
    tmp_path: Path, renderer: Renderer, cutting: Reader
) -> None:
    text = read(cutting, renderer, tmp_path)
    kinds = [block.kind for block in text.blocks]
    assert kinds == [BlockKind.TEXT, BlockKind.FIGURE, BlockKind.TEXT, BlockKind.FORMULA]
    assert text.blocks[1].markdown == "![Rope Tar Hemp](figure:figure-1.png)"
    assert text.blocks[2].markdown == "Figure 1: What came into the bay."
    assert text.blocks[3].markdown == "![formula (7)](figure:figure-2.png)"
    chart, formula = (Image.open(io.BytesIO(figure.png)) for figure in text.figures)
    assert chart.width > 3 * 59 * 200 / 72 > formula.width > 0


def test_without_the_wish_nothing_is_cut_and_no_picture_drawn(tmp_path: Path, renderer: Renderer) -> None:
    def refuse() -> Image.Image:
        raise AssertionError("nobody should have asked for the picture")

    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", draw, size=SIZE))
    assert page.layer is not None
    (text,) = quick.load(threads=1, languages=()).read([replace(page, picture=refuse)], Watch())
    assert not text.figures
    assert text.blocks[-1].markdown == "[formula (7)]"
    assert "Rope" in text.markdown
