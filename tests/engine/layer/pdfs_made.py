"""PDFs that the tests write for themselves, and what the renderer finds written in them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.pages import PageImage
from papertray.engine.renderer import Renderer
from papertray.engine.written import Layer
from tests.engine import pages_made

PROSE = (
    "The harbour master kept a careful journal of every vessel that entered",
    "the bay during the long winter. Most captains arrived before noon, be-",
    "cause the wind turned in the afternoon and made the narrow passage",
    "dangerous for anyone who did not know the sandbanks by heart.",
)
SIZE = (420, 300)  # points

Drawn = Callable[[Canvas], None]


def write_pdf(path: Path, *pages: Drawn, turned: int = 0, size: tuple[int, int] = SIZE) -> Path:
    canvas = Canvas(str(path), pagesize=size)
    for draw in pages:
        canvas.setPageRotation(turned)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def prose(canvas: Canvas, font: str = "Times-Roman", lines: tuple[str, ...] = PROSE) -> None:
    canvas.setFont(font, 12)
    for number, line in enumerate(lines):
        canvas.drawString(30, 260 - 15 * number, line)


def unicode_font(path: str = pages_made.SANS) -> str:
    """A font of the system, embedded with a map of its letters."""
    name = Path(path).stem
    try:
        pdfmetrics.registerFont(TTFont(name, path))
    except TTFError:
        pytest.skip(f"the font {path} is not installed here")
    return name


def scan(canvas: Canvas, lines: tuple[str, ...] = PROSE[:3]) -> None:
    """The page as a picture of all of it, words and all."""
    paper = pages_made.Paper((1167, 834), margin=83)
    for line in lines:
        paper.set(line, path=pages_made.SERIF, size=28, after=0)
    place_picture(canvas, paper.image, 0, 0, SIZE[0], SIZE[1])


def place_picture(canvas: Canvas, image: Image.Image, *place: float) -> None:
    canvas.drawImage(ImageReader(image), *place)


def page_of(renderer: Renderer, path: Path, number: int = 1) -> PageImage:
    renderer.inspect(path)
    return renderer.image(path, number)


def layer_of(renderer: Renderer, path: Path, number: int = 1) -> Layer:
    layer = page_of(renderer, path, number).layer
    assert layer is not None
    return layer
