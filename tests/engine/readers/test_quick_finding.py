"""Where text is found on a page: what is half seen counts where it can be read beyond doubt."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from papertray.engine.pages import Watch
from papertray.engine.readers.quick import rapid
from papertray.engine.readers.quick.second_look import SURER
from papertray.engine.readers.quick.sheet import look_at_page, read_lines
from papertray.engine.rectangles import Rect
from tests.engine import pages_made as made


@pytest.fixture(scope="module")
def engine() -> rapid.RapidEngine:
    return rapid.load(2)


def pixels(image: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def test_figures_that_stand_alone_in_coarse_print_are_half_seen(engine: rapid.RapidEngine) -> None:
    page = Image.new("L", (900, 600), 255)
    pen, face = ImageDraw.Draw(page), made.font(made.SANS, 14)
    for row in range(14):
        pen.text((60, 60 + 30 * row), f"Article number {row} of the list", font=face, fill=60)
        pen.text((520, 60 + 30 * row), "1", font=face, fill=90)
        pen.text((640, 60 + 30 * row), f"{row + 3}.50", font=face, fill=60)
    found = engine.find(pixels(page.filter(ImageFilter.GaussianBlur(1.6))))
    assert len(found.faint)
    assert len(found.sure) + len(found.faint) == 3 * 14
    assert all(480 < place[:, 0].mean() < 560 for place in found.faint)


def test_what_was_half_seen_is_taken_where_it_can_be_read_beyond_doubt(engine: rapid.RapidEngine) -> None:
    page = Image.new("L", (900, 300), 255)
    pen, face = ImageDraw.Draw(page), made.font(made.SANS, 30)
    for row, text in enumerate(("The harbour", "A captain", "Two pilots")):
        pen.text((60, 40 + 80 * row), text, font=face, fill=0)
    pen.text((500, 40), "7", font=face, fill=0)
    for at in range(0, 30, 5):
        pen.line((500 + at, 122, 530 - at, 148), fill=0, width=2)
    sheet = look_at_page(engine, pixels(page), 0, Watch())
    figure, scribble, rule = Rect(492, 36, 530, 80), Rect(492, 116, 538, 154), Rect(560, 40, 700, 48)
    sure = tuple(place for place in sheet.corners if place[:, 0].mean() < 400)
    faint = tuple(map(sheet.view.corners, (figure, scribble, rule)))
    lines = read_lines(engine, replace(sheet, corners=sure, faint=faint), Watch())
    assert [line.text for line in lines] == ["The harbour", "A captain", "Two pilots", "7"]


def test_letters_made_of_dots_are_smoothed_where_that_makes_them_surer(engine: rapid.RapidEngine) -> None:
    page, face = Image.new("L", (900, 200), 255), made.font(made.SERIF, 28)
    pen = ImageDraw.Draw(page)
    pen.text((60, 40), "The harbour master kept a journal", font=face, fill=0)
    pen.text((6, 104), "Rounding Adjustments", font=face, fill=0)
    dotted = pixels(page)
    low = dotted[100:]
    down, along = np.indices(low.shape[:2])
    low[(down % 4 >= 2) | (along % 4 >= 2)] = 255
    place = Rect(0, 100, 12 + int(pen.textlength("Rounding Adjustments", font=face)), 141)
    sheet = look_at_page(engine, dotted, 0, Watch())
    corners = (*(one for one in sheet.corners if one[:, 1].mean() < 90), sheet.view.corners(place))
    first = engine.read(engine.piece(sheet.pixels, corners[-1]))
    lines = read_lines(engine, replace(sheet, corners=corners, faint=()), Watch())
    assert [line.text for line in lines] == ["The harbour master kept a journal", "Rounding Adjustments"]
    assert lines[-1].score > first.score + SURER


def test_a_page_without_text_has_no_places(engine: rapid.RapidEngine) -> None:
    found = engine.find(np.full((64, 900, 3), 255, np.uint8))
    assert (len(found.sure), len(found.faint)) == (0, 0)
