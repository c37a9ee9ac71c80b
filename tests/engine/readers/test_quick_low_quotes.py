"""The mark that opens a German quotation is seen by its shape."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from papertray.engine.layout.letters import letter_height
from papertray.engine.readers.quick.low_quotes import drop_lone_quotes, see_low_quotes
from papertray.engine.readers.quick.steps import RecognisedText
from tests.engine import pages_made as made
from tests.engine.layout.lines_made import line


def seen(printed: str, read: str, face: str = made.SERIF) -> str:
    """What becomes of `read`, its letters where they are printed."""
    font = ImageFont.truetype(face, 32)
    image = Image.new("RGB", (int(font.getlength(printed)) + 12, 44), "white")
    ImageDraw.Draw(image).text((6, 2), printed, fill="black", font=font)
    at, places = 0, []
    for letter in read.replace(" ", ""):
        at = printed.index(letter, at) + 1
        middle = (font.getlength(printed[: at - 1]) + font.getlength(printed[:at])) / 2
        places.append((6 + middle) / image.width)
    piece = np.asarray(image)
    found = RecognisedText(read, 0.98, tuple(places), (0.98,) * len(read))
    return see_low_quotes(piece, letter_height(piece), found).text


def test_a_low_quote_that_was_left_out_stands_before_its_word() -> None:
    for face in (made.SERIF, made.SANS):
        printed = "„Gut“, sagte er, („nun“) ist „gut“, ja."
        assert seen(printed, printed.replace("„", ""), face) == printed


def test_commas_and_dots_are_no_quotes() -> None:
    for printed in ("Erst, dann, und .. so, weiter, ...", "1,5 jg, gj; qp, 'a', \"b\" y, p; j"):
        assert seen(printed, printed) == printed


def test_specks_on_a_page_that_quotes_otherwise_or_not_at_all_are_no_quotes() -> None:
    english = line('he „said "Good" and "now"', 100, 300)
    assert "„" not in drop_lone_quotes([english])[0].text
    opened, closed = line("er sagte: „Gut", 100, 300), line("und nun“, so ging es", 100, 300)
    assert [each.text for each in drop_lone_quotes([opened, closed])] == [opened.text, closed.text]
    assert drop_lone_quotes([opened])[0].text == "er sagte: Gut"
