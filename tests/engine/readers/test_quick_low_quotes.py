"""Quotation marks that open low are seen by their shape, where a page closes quotations as German does."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from papertray.engine.layout.lines import Line, Word
from papertray.engine.readers.quick.low_quotes import restore_low_quotes
from papertray.engine.rectangles import Rect
from tests.engine import pages_made as made

HIGH, EDGE = 40, 8


def read(shown: str, face: str) -> tuple[Line, "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"]:
    """A drawn line, and what the models make of it: everything but the marks that they do not know."""
    font = made.font(face, 30)
    width = int(font.getlength(shown)) + 2 * EDGE
    image = Image.new("L", (width, HIGH), 255)
    ImageDraw.Draw(image).text((EDGE, 1), shown, font=font, fill=30)
    words, at = [], 0
    for word in shown.split(" "):
        first, bare = at + word.count("„"), word.replace("„", "")
        left = EDGE + font.getlength(shown[:first])
        words.append(Word(bare, left, left + font.getlength(bare), certain=(0.9,) * len(bare)))
        at += len(word) + 1
    text = shown.replace("„", "")
    return Line(Rect(0, 0, width, HIGH), text, size=HIGH, words=tuple(words)), np.asarray(image)


@pytest.mark.parametrize("face", [made.SERIF, made.SANS])
@pytest.mark.parametrize(
    "shown",
    ["Er las „Das Boot“, schrieb „Ja“.", '„Nein!", rief sie, „wir gehen".', "Eins, zwei, drei sind „viele“,"],
)
def test_quotation_marks_that_open_low_come_back(shown: str, face: str) -> None:
    line, piece = read(shown, face)
    restored = restore_low_quotes([line], lambda _: piece)[0]
    assert restored.text == shown
    assert all(len(word.certain) == len(word.text) for word in restored.words)


def test_a_page_that_opens_its_quotations_high_is_not_looked_at() -> None:
    line, _ = read('She said, "Wait," and "Go,"', made.SERIF)

    def never(_: Line) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
        raise AssertionError

    assert restore_low_quotes([line], never) == [line]
