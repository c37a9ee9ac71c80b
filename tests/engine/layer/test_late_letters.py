"""Letters that a file sets after others stand where they are seen, not where the file has them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.layer.lines import write_lines
from papertray.engine.renderer import Renderer
from tests.engine.layer.pdfs_made import layer_of, prose, write_pdf


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def test_letters_set_later_into_the_white_of_a_line_stand_in_it(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        for top, text, late in (
            (260, "122.9", (3,)),
            (220, "wind was low, and tar", (12,)),
            (180, "Roundup", (2, 5)),
        ):
            canvas.setFont("Helvetica", 12)
            for first in (False, True):
                for at, letter in enumerate(text):
                    if (at in late) == first:
                        canvas.drawString(30 + stringWidth(text[:at], "Helvetica", 12), top, letter)

    lines = write_lines(layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw))).lines
    texts = [line.line.text for line in sorted(lines, key=lambda line: line.line.rect.top)]
    assert texts == ["122.9", "wind was low, and tar", "Roundup"]


def test_a_mirrored_page_is_read_as_it_was_written(tmp_path: Path, renderer: Renderer) -> None:
    layer = layer_of(
        renderer, write_pdf(tmp_path / "made.pdf", lambda canvas: prose(canvas, lines=("harbours",)))
    )
    boxes, rooms, origins = layer.boxes.copy(), layer.rooms.copy(), layer.origins.copy()
    for rects in (boxes, rooms):
        rects[:, [0, 2]] = layer.width - rects[:, [2, 0]]
    origins[:, 0] = layer.width - origins[:, 0]
    (line,) = write_lines(replace(layer, boxes=boxes, rooms=rooms, origins=origins)).lines
    assert line.line.text == "harbours"
