"""Signs of TeX's fonts that a file does not name come out as what they show."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.layer.lines import write_lines
from papertray.engine.layer.tex_signs import STROKE
from papertray.engine.renderer import Renderer
from tests.engine.layer.pdfs_made import layer_of, write_pdf


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def text_of(renderer: Renderer, folder: Path, *parts: str) -> str:
    """The second part of two, the fourth and so on are set in a font of TeX's; a stroke takes no room."""

    def draw(canvas: Canvas) -> None:
        at = 30.0
        for place, part in enumerate(parts):
            font = "Courier" if place % 2 else "Times-Roman"
            canvas.setFont(font, 12)
            canvas.drawString(at, 200, part)
            at += canvas.stringWidth(part, font, 12) if part != STROKE else 0.0

    layer = layer_of(renderer, write_pdf(folder / "made.pdf", draw))
    named = tuple(
        replace(style, font="cmsy10" if "courier" in style.font.lower() else style.font)
        for style in layer.styles
    )
    (line,) = write_lines(replace(layer, styles=named)).lines
    return line.line.text


def test_angle_brackets_and_primes_of_tex_are_what_they_show(tmp_path: Path, renderer: Renderer) -> None:
    assert (
        text_of(renderer, tmp_path, "the ", "h", "ship", "i", " and its sail", "0")
        == "the ⟨ship⟩ and its sail′"
    )


def test_a_sign_that_tex_strikes_through_is_one_sign(tmp_path: Path, renderer: Renderer) -> None:
    assert text_of(renderer, tmp_path, "tar ", STROKE, "= rope") == "tar ≠ rope"
