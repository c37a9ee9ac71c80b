"""What word processors set as signs of a font is read as what it shows: ligatures without a name, rings."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.layer.drawn_bullets import name_rings
from papertray.engine.layer.trust import judge
from papertray.engine.layer.written_text import written_lines
from papertray.engine.renderer import Renderer
from papertray.engine.written import Layer
from tests.engine.layer.pdfs_made import layer_of, prose, unicode_font, write_pdf


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def with_signs(layer: Layer, font: str, **drawn: str) -> Layer:
    """Letters of it become signs without a name, as wide as the letters that they draw."""
    text, rooms = layer.text, layer.rooms.copy()

    def width(letter: str) -> float:
        at = text.index(letter)
        return float(rooms[at, 2] - rooms[at, 0])

    for sign, letters in drawn.items():
        at = layer.text.index(sign)
        rooms[at, 2] = rooms[at, 0] + sum(map(width, letters)) - 0.1
        text = text[:at] + "\ufffd" + text[at + 1 :]
    styles = tuple(replace(style, font=font) for style in layer.styles)
    return replace(layer, text=text, rooms=rooms, styles=styles)


def test_a_ligature_without_a_name_is_the_letters_that_are_as_wide(
    tmp_path: Path, renderer: Renderer
) -> None:
    lines, font = ("the acXon of a soYware that is leZing it",), unicode_font()
    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", lambda canvas: prose(canvas, font, lines)))
    drawn = {"X": "ti", "Y": "ft", "Z": "tt"}
    (line,) = judge(with_signs(layer, "abcdef+calibri-bold", **drawn)).lines
    assert line.text == "the action of a software that is letting it"
    (other,) = judge(with_signs(layer, "abcdef+times", **drawn)).lines
    assert "action" not in other.text, "what another font draws nobody knows"


def test_a_typed_ring_before_a_line_is_a_bullet(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        for top, left, first in ((260, 48, "Rope and tar"), (240, 300, "is far away")):
            canvas.setFont("Courier", 12)
            canvas.drawString(30, top, "o")
            canvas.setFont("Helvetica", 12)
            canvas.drawString(left, top, first)

    lines = judge(layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw))).lines
    texts = [
        line.text for line in sorted(name_rings(lines), key=lambda line: (line.rect.bottom, line.rect.left))
    ]
    assert texts == ["◦", "Rope and tar", "o", "is far away"]


def test_a_dot_that_is_drawn_before_a_number_alone_is_no_bullet(tmp_path: Path, renderer: Renderer) -> None:
    def draw(canvas: Canvas) -> None:
        for at, words in enumerate(("Rope", "Tar", "2013", "4", "5", "6")):
            canvas.circle(40 + 200 * (at > 2), 264 - 20 * (at % 3), 2, stroke=0, fill=1)
            canvas.drawString(52 + 200 * (at > 2), 260 - 20 * (at % 3), words)

    layer = layer_of(renderer, write_pdf(tmp_path / "made.pdf", draw))
    texts = {line.text for line in written_lines(judge(layer), layer)}
    assert texts == {"• Rope", "• Tar", "• 2013", "4", "5", "6"}
