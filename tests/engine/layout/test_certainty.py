"""A page's confidence falls with what the recogniser is unsure of; unsure words are told with a place."""

from dataclasses import replace

import pytest

from papertray.engine.layout.certainty import MISSPELLED, find_doubtful_words, rate_page
from papertray.engine.layout.lines import Line
from papertray.engine.layout.words import place_words
from papertray.engine.pages import GOOD, Box
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import PROSE, column, line


def place(rect: Rect) -> Box:
    return Box(rect.left / 1000, rect.top / 1000, rect.right / 1000, rect.bottom / 1000)


def recognised(text: str, *certain: tuple[str, float]) -> Line:
    """A line whose letters stand evenly, of which those named are not certain."""
    sure = dict(certain)
    places = [(at + 0.5) / len(text) for at, letter in enumerate(text) if letter != " "]
    rect = Rect(100, 100, 100 + 15 * len(text), 130)
    words = place_words(text, places, rect, [sure.get(letter, 1.0) for letter in text])
    return Line(rect, text, 0.97, 30, words=words)


def test_a_page_is_good_only_where_the_recogniser_is_sure() -> None:
    sure = column(PROSE)
    unsure = [replace(each, score=0.95) for each in sure]
    assert rate_page(sure) >= GOOD > rate_page(unsure) > 0.5
    assert rate_page([replace(each, score=1.0) for each in sure]) == 1.0


def test_lines_that_were_lost_and_a_language_that_is_half_known_make_a_page_doubtful() -> None:
    sure = column(PROSE)
    assert rate_page(sure, lost=sure[:1]) == pytest.approx(rate_page(sure) * 6 / 7, abs=0.02)
    assert rate_page(sure, best=MISSPELLED) == MISSPELLED
    assert rate_page([], lost=sure) == 0.0


def test_a_word_with_an_unsure_letter_is_told_with_its_place() -> None:
    lines = [recognised("the harbour waster", ("w", 0.41)), line("written in the file itself", 100, 200)]
    (word,) = find_doubtful_words(lines, place)
    assert (word.text, word.certain) == ("waster", 0.41)
    assert word.box is not None
    assert (word.box.left, word.box.right) == (pytest.approx(0.28, abs=0.01), pytest.approx(0.37, abs=0.01))
    assert find_doubtful_words([recognised("all of it", ("f", 0.9))], place) == ()
    assert find_doubtful_words([recognised("1 | 2", ("|", 0.2))], place) == ()


def test_of_a_row_without_blanks_only_what_surrounds_an_unsure_letter_is_told() -> None:
    found = find_doubtful_words([recognised("一二三四五六七八", ("三", 0.5), ("七", 0.6))], place)
    assert [word.text for word in found] == ["二三四", "六七八"]
