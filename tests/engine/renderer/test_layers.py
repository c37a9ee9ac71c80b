"""What the child says is written on a page is believed where it adds up; pages are drawn when wanted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from papertray.engine.documents import PageSize
from papertray.engine.errors import DocumentChanged
from papertray.engine.render_child.frames import BrokenFrame
from papertray.engine.renderer import Renderer
from papertray.engine.renderer.layers import SHARES, parse_layer
from tests.engine.layer.pdfs_made import PROSE, layer_of, page_of, prose, write_pdf
from tests.engine.renderer.documents_made import A4, halves, pdf

STYLE = [12.0, 1.0, 0.0, 0.0, 400, 0, "Times", [0, 0, 0, 255], 0, 3]
SIZE = PageSize(100, 50, 200.0)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def told(**changes: Any) -> dict[str, Any]:
    """Two letters on a sketch of four by two pixels."""
    usual = {"letters": 2, "styles": [STYLE], "matrix": [1, 0, 0, -1, 0, 50], "links": [], "rules": []}
    return {**usual, "pictures": [], "sketch": [4, 2, 4], **changes}


def letters(codes: tuple[int, ...] = (65, 66), style: int = 0, number: float = 7.0) -> bytes:
    count = len(codes)
    return b"".join(
        [
            np.array(codes, np.uint32).tobytes(),
            np.full(4 * count, number).tobytes(),
            np.full(4 * count, number, np.float32).tobytes(),
            np.full(2 * count, number).tobytes(),
            np.full(count, style, np.uint32).tobytes(),
            bytes(count),
            bytes(8),
        ]
    )


def test_letters_are_placed_on_the_picture() -> None:
    layer = parse_layer(told(rules=[[1, 2, 30, 2]]), memoryview(letters()), SIZE)
    assert (layer.text, layer.boxes.tolist()) == ("AB", [[7, 43, 7, 43]] * 2)
    assert layer.styles[0].size == 12
    assert (layer.rules[0].left, layer.rules[0].top) == (1, 48)


@pytest.mark.parametrize(
    "changes",
    [
        {"letters": 3},
        {"letters": -1},
        {"sketch": [4, 3, 4]},
        {"sketch": [5, 2, 4]},
        {"sketch": [0, 0, 0]},
        {"styles": []},
    ],
)
def test_a_layer_that_does_not_add_up_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenFrame):
        parse_layer(told(**changes), memoryview(letters()), SIZE)


def test_a_style_that_nobody_told_of_is_refused() -> None:
    with pytest.raises(BrokenFrame):
        parse_layer(told(), memoryview(letters(style=1)), SIZE)


@pytest.mark.parametrize("missing", ["letters", "styles", "matrix", "links", "rules", "pictures", "sketch"])
def test_a_layer_with_a_part_missing_is_refused(missing: str) -> None:
    header = {name: value for name, value in told().items() if name != missing}
    with pytest.raises(LookupError):
        parse_layer(header, memoryview(letters()), SIZE)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1e30])
def test_places_that_are_nowhere_do_no_harm(number: float) -> None:
    layer = parse_layer(told(), memoryview(letters(number=number)), SIZE)
    assert np.isfinite(layer.boxes).all()
    assert np.isfinite(layer.origins).all()


def test_codes_that_are_no_letters_are_marked() -> None:
    layer = parse_layer(told(), memoryview(letters((0xD800, 0x7FFFFFFF))), SIZE)
    assert layer.text == "\ufffd\ufffd"
    assert sum(SHARES) * 2 + 8 == len(letters())


def test_a_letter_that_comes_in_halves_is_one() -> None:
    layer = parse_layer(told(letters=4), memoryview(letters((65, 0xD835, 0xDC4B, 66))), SIZE)
    assert layer.text == "A\U0001d44bB"
    assert len(layer.boxes) == len(layer.origins) == len(layer.styled) == len(layer.unmapped) == 3


def test_a_page_with_words_is_drawn_when_its_picture_is_wanted(tmp_path: Path, renderer: Renderer) -> None:
    page = page_of(renderer, write_pdf(tmp_path / "made.pdf", prose))
    assert page.layer is not None
    assert PROSE[0] in page.layer.text
    assert page.image.size == (page.layer.width, page.layer.height)
    assert page.image is page.image, "once is enough"
    assert min(page.image.convert("L").getextrema()) < 100


def test_pages_without_words_have_no_layer(tmp_path: Path, renderer: Renderer) -> None:
    (tmp_path / "empty.pdf").write_bytes(pdf(f"/MediaBox [0 0 {A4[0]} {A4[1]}]"))
    halves().save(tmp_path / "scan.png")
    assert page_of(renderer, tmp_path / "empty.pdf").layer is None
    assert page_of(renderer, tmp_path / "scan.png").layer is None


def test_a_document_that_changed_is_not_drawn_later(tmp_path: Path, renderer: Renderer) -> None:
    path = write_pdf(tmp_path / "made.pdf", prose)
    page = page_of(renderer, path)
    write_pdf(path, lambda canvas: prose(canvas, lines=("something else",)), prose)
    with pytest.raises(DocumentChanged):
        _ = page.image


def test_a_page_knows_the_titles_that_the_file_names_on_it(renderer: Renderer, tmp_path: Path) -> None:
    def outlined(title: str, level: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)
            prose(canvas)

        return draw

    def named(canvas: Canvas) -> None:
        canvas.setTitle("Ice and Winter")
        prose(canvas)

    path = write_pdf(tmp_path / "book.pdf", named, outlined("1 Winter", 0), outlined("1.1 Ice", 1))
    titles = [layer_of(renderer, path, number).titles for number in (1, 2, 3)]
    assert titles == [(("Ice and Winter", 0),), (("1 Winter", 1),), (("1.1 Ice", 2),)]
