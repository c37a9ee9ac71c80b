"""The quick reader takes what a PDF says itself where that is sound, and recognises the rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.pages import BlockKind, PageImage, PageText, PdfText, Reader, TextSource, Watch
from papertray.engine.readers.quick import reader as quick
from papertray.engine.readers.quick.finding import FoundPlaces
from papertray.engine.readers.quick.rapid import RapidEngine
from papertray.engine.renderer import Renderer
from tests.engine import pages_made
from tests.engine.layer.pdfs_made import PROSE, SIZE, page_of, place_picture, prose, scan, write_pdf
from tests.engine.reading import cells, error_rate, plain

Pixels = np.ndarray[Any, Any]

WHOLE = " ".join(PROSE).replace("be- cause", "because")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="module")
def reader() -> Reader:
    return quick.load(threads=1)


def read(reader: Reader, page: PageImage) -> PageText:
    return reader.read([page], Watch())[0]


def refuse_to_draw() -> Image.Image:
    raise AssertionError("this page need not be drawn")


def test_a_page_of_prose_is_read_without_being_drawn(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    (block,) = (text := read(reader, replace(page, picture=refuse_to_draw))).blocks
    assert (plain(block.markdown), text.source) == (WHOLE, TextSource.WRITTEN)
    assert (text.confidence, text.doubtful_words) == (1.0, ())
    assert block.box is not None
    assert block.box.left == pytest.approx(30 / SIZE[0], abs=0.01)


def test_an_old_layer_over_a_scan_is_recognised_anew(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    def draw(canvas: Canvas) -> None:
        scan(canvas)
        text = canvas.beginText(30, 260)
        text.setTextRenderMode(3)
        text.textLines(["Tbe harb0ur rnaster", "k3pt a careful j0urna1"])
        canvas.drawText(text)

    text = read(reader, page_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert text.source is TextSource.RECOGNISED
    assert "harbour master kept a careful journal" in plain(text.markdown)


def test_visible_words_upon_a_scan_have_to_agree_with_it(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    def on_paper(*lines: str) -> PageText:
        def draw(canvas: Canvas) -> None:
            place_picture(canvas, Image.new("RGB", (40, 30), "lightyellow"), 0, 0, *SIZE)
            prose(canvas, lines=lines)

        return read(reader, page_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))

    assert on_paper(*PROSE).source is TextSource.WRITTEN


def test_a_scanned_part_is_set_in_its_place(tmp_path: Path, renderer: Renderer, reader: Reader) -> None:
    def draw(canvas: Canvas) -> None:
        paper = pages_made.Paper((1000, 200), margin=40)
        paper.set("Stamped on Tuesday", path=pages_made.SANS_BOLD, size=60)
        place_picture(canvas, paper.image, 30, 140, 250, 50)
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(30, 250, "This letter was found in the archive.")
        canvas.drawString(30, 90, "It has been kept there since the flood.")

    text = read(reader, page_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert text.source is TextSource.PARTLY_WRITTEN
    assert [plain(block.markdown) for block in text.blocks] == [
        "This letter was found in the archive.",
        "Stamped on Tuesday",
        "It has been kept there since the flood.",
    ]


@dataclass(frozen=True)
class RecordingEngine(RapidEngine):
    """Remembers how large the pictures were in which text was looked for."""

    looks: list[tuple[int, int]] = field(default_factory=list)

    def find(self, pixels: Pixels) -> FoundPlaces:
        self.looks.append(pixels.shape[:2])
        return RapidEngine.find(self, pixels)


def test_beside_sound_text_a_drawing_without_words_costs_a_glance_at_it(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    def draw_star(canvas: Canvas) -> None:
        prose(canvas)
        path = canvas.beginPath()
        path.moveTo(80, 140)
        for corner in ((90, 110), (120, 105), (95, 88), (105, 60), (80, 78), (55, 60), (65, 88), (40, 105)):
            path.lineTo(*corner)
        path.lineTo(70, 110)
        path.close()
        canvas.drawPath(path, fill=1)

    def draw_stamp(canvas: Canvas) -> None:
        prose(canvas)
        paper = pages_made.Paper((1000, 200), margin=40)
        paper.set("Stamped on Tuesday", path=pages_made.SANS_BOLD, size=60)
        place_picture(canvas, paper.image, 30, 80, 250, 50)

    assert isinstance(reader, quick.QuickReader)
    engine = RecordingEngine(reader.rapid.engine, reader.rapid.threads, reader.rapid.eight_bit)
    reader = quick.QuickReader(engine)
    page = page_of(renderer, write_pdf(tmp_path / "star.pdf", draw_star))
    text, whole = read(reader, page), page.image.size[::-1]
    assert (text.source, plain(text.markdown)) == (TextSource.WRITTEN, WHOLE)
    (glance,) = engine.looks
    assert glance[0] * glance[1] < 0.2 * whole[0] * whole[1]
    text = read(reader, page_of(renderer, write_pdf(tmp_path / "stamp.pdf", draw_stamp)))
    assert "Stamped on Tuesday" in plain(text.markdown)
    assert engine.looks[1] != whole
    assert engine.looks[2:] == [whole]


def test_never_means_that_the_picture_is_read(tmp_path: Path, renderer: Renderer) -> None:
    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    text = read(quick.load(threads=1, pdf_text=PdfText.NEVER), page)
    assert text.source is TextSource.RECOGNISED
    assert error_rate(WHOLE, text) < 0.02


def test_always_means_that_nothing_is_doubted(tmp_path: Path, renderer: Renderer) -> None:
    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    assert page.layer is not None
    shuffled = replace(page.layer, text=page.layer.text.replace("e", "q"))
    text = read(
        quick.load(threads=1, pdf_text=PdfText.ALWAYS),
        replace(page, picture=refuse_to_draw, layer=shuffled),
    )
    assert text.source is TextSource.WRITTEN
    assert "harbour mastqr kqpt" in plain(text.markdown)


def test_a_drawn_table_is_cell_exact(tmp_path: Path, renderer: Renderer, reader: Reader) -> None:
    rows = (("Article", "Ordered"), ("Lamp oil", "12"), ("Rope", "3"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.grid([30, 130, 230], [140, 165, 190, 215])
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                canvas.drawString(36 + 100 * x, 198 - 25 * y, cell)

    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", draw))
    (table,) = read(reader, replace(page, picture=refuse_to_draw)).blocks
    assert table.kind is BlockKind.TABLE
    assert cells(table.markdown) == rows


def test_links_and_emphasis_come_through(tmp_path: Path, renderer: Renderer, reader: Reader) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas, lines=PROSE[:1])
        text = canvas.beginText(30, 245)
        for font, words in (
            ("Times-Roman", "and it was "),
            ("Times-Bold", "never"),
            ("Times-Roman", " lost at "),
        ):
            text.setFont(font, 12)
            text.textOut(words)
        text.textOut("sea")
        canvas.drawText(text)
        end = text.getX()
        start = end - 1.3 * canvas.stringWidth("sea", "Times-Roman", 12)  # and a bit of the word before
        canvas.linkURL("https://example.org", (start, 242, end + 1, 255))
        canvas.linkURL("javascript:alert(1)", (30, 257, 400, 270))

    text = read(reader, page_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert text.markdown.endswith("and it was **never** lost at [sea](https://example.org)")
    assert "javascript" not in text.markdown


def test_bullets_that_a_pdf_draws_are_those_of_a_list(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    items = ("a plan of the harbour,", "the times of the tide, and", "a form for what you think.")

    def draw(canvas: Canvas) -> None:
        prose(canvas)
        for at, item in enumerate(items):
            canvas.circle(36, 184 - 15 * at, 2, fill=1)
            canvas.drawString(46, 180 - 15 * at, item)

    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", draw))
    blocks = read(reader, replace(page, picture=refuse_to_draw)).blocks
    assert blocks[-1].markdown == "\n".join(f"- {item}" for item in items)


def test_a_line_of_a_picture_that_could_not_be_read_is_told_of(
    tmp_path: Path, renderer: Renderer, reader: Reader
) -> None:
    def draw(canvas: Canvas) -> None:
        paper = pages_made.Paper((1000, 200), margin=40)
        paper.set("საქართველო მშვენიერი ქვეყანაა", path=pages_made.SANS, size=50)
        place_picture(canvas, paper.image, 30, 120, 250, 50)
        prose(canvas)

    text = read(reader, page_of(renderer, write_pdf(tmp_path / "made.pdf", draw)))
    assert plain(text.markdown) == WHOLE
    (warning,) = text.warnings
    assert warning.startswith("1 line could not be read.")
    assert text.confidence is not None
    assert text.confidence < 1
