"""What the recogniser saw step by step, as text: likely blanks and dots come back, unlikely ones do not."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from papertray.engine.readers.quick.second_look import halve, see_marks
from papertray.engine.readers.quick.steps import RecognisedText, spell_steps
from papertray.engine.readers.quick.white import inked_columns, widest_white

LETTERS = ["none", *"abcdefghijklmnopqrstuvwxyzCDEILMOVX0123456789.:()漢", " "]


def seen(
    *steps: str | tuple[str, float], white_between: Callable[[int, int], float] | None = None
) -> RecognisedText:
    """A letter for each step; "" for none, and a letter with how likely it was where none was likelier."""
    chances = np.zeros((len(steps), len(LETTERS)), np.float32)
    for at, step in enumerate(steps):
        letter, likely = step if isinstance(step, tuple) else (step or "none", 1.0)
        chances[at, LETTERS.index(letter)] = likely
        chances[at, 0] += 1 - likely
    return spell_steps(chances, LETTERS, 1.0, white_between)


def test_letters_are_told_once_with_their_places() -> None:
    said = seen("a", "a", "", "a", " ", " ", "b", "", "", "")

    assert (said.text, said.score, said.certain) == ("aa b", 1.0, (1.0, 1.0, 1.0, 1.0))
    assert said.places == (0.05, 0.35, 0.65)
    assert seen("", "").text == ""


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (("i", "n", ("␣", 0.2), "i", "t"), "in it"),  # a blank that was nearly seen
        (("i", "n", ("␣", 0.05), "i", "t"), "init"),
        (("1", ("␣", 0.2), "1", "a"), "11a"),  # within a number it has to be likelier
        (("1", ("␣", 0.3), "1", "a"), "1 1a"),
        (("6", ".", ("␣", 0.4), "0", "5"), "6.05"),
        (("(", ("␣", 0.4), "a", ("␣", 0.4), ")"), "(a)"),
        (("漢", "a", ("␣", 0.4), "b"), "漢ab"),  # Han has no words
        (("2", (".", 0.3), "3", "0"), "2.30"),  # a pale dot
        (("a", (".", 0.3), "b"), "ab"),
        (("D", ("␣", 0.2), "E", ("␣", 0.2), "V", ("␣", 0.2), "O", ("␣", 0.2), "X"), "DEVOX"),  # set wide
    ],
)
def test_a_blank_or_dot_that_was_nearly_seen_comes_back(
    steps: tuple[str | tuple[str, float], ...], text: str
) -> None:
    said = seen(*((" ", step[1]) if step[0] == "␣" else step for step in steps))  # type: ignore[misc]

    assert said.text == text
    assert len(said.certain) == len(text)
    assert len(said.places) == len(text.replace(" ", ""))
    assert said.score == 1.0


@pytest.mark.parametrize(
    ("likely", "white", "text"),
    [
        (0.2, 0.3, "of a bz ip"),  # as white as the line's other blanks
        (0.2, 0.1, "of a bzip"),  # as close as its other letters, nearly
        (0.05, 0.35, "of a bz ip"),  # hardly seen, but very white
        (0.05, 0.2, "of a bzip"),
    ],
)
def test_a_blank_that_was_nearly_seen_comes_back_only_where_the_line_is_white(
    likely: float, white: float, text: str
) -> None:
    steps = ("o", "", "f", " ", "a", " ", "b", "", "z", (" ", likely), "i", "", "p")
    widths = {(2, 4): 0.3, (4, 6): 0.34, (8, 10): white}

    said = seen(*steps, white_between=lambda left, right: widths.get((left, right), 0.04))
    slanted = seen(*steps, white_between=lambda left, right: widths.get((left, right), 0.0))

    assert said.text == text
    assert slanted.text == ("of a bz ip" if likely == 0.2 else text), "letters reach over each other"


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (("1", "0", "", "0", ("O", "0"), "M", "L"), "1000ML"),
        (("D", "O", ("l", "1"), "7"), "DO17"),
        (("c", "a", "", ("1", "l")), "cal"),
        (("C", ("l", "I")), "CI"),
        (("L", "", ("O", "0"), "D"), "LOD"),  # nothing beside it is a digit
        (("C", ("O", "0"), "2"), "CO2"),
        (("v", "a", "l", "", ("l", "I"), "e"), "valle"),
        (("a", ("1", "l"), "2"), "a12"),  # a name of letters and digits
    ],
)
def test_a_letter_that_looks_like_another_is_that_one_beside_its_kind(
    steps: tuple[str | tuple[str, str], ...], text: str
) -> None:
    chances = np.zeros((len(steps), len(LETTERS)), np.float32)
    for at, step in enumerate(steps):
        letter, other = step if isinstance(step, tuple) else (step or "none", "")
        chances[at, LETTERS.index(letter)] = 0.8 if other else 1.0
        if other:
            chances[at, LETTERS.index(other)] = 0.15

    assert spell_steps(chances, LETTERS).text == text


def test_a_letter_that_was_hardly_seen_takes_no_other_ones_place() -> None:
    assert seen("1", "", "0", ("O", 0.95), "M").text == "10OM"


def test_white_is_measured_between_the_letters_of_a_picture() -> None:
    piece = np.full((40, 200, 3), 255, np.uint8)
    for left in (10, 35, 100):  # letters of 20 columns, 5 and 45 apart
        piece[10:30, left : left + 20] = 0
    piece[38:, :] = 0  # what hangs below

    for picture in (piece, 255 - piece):
        columns = inked_columns(picture)
        assert (widest_white(columns, 20, 45), widest_white(columns, 45, 110)) == (5, 45)


@pytest.mark.parametrize(
    ("steps", "pale"),
    [
        (("1", (".", 0.05), " ", "8", "0"), True),
        (("1", (".", 0.05), "8", "0"), True),
        (("1", (".", 0.3), "8", "0"), False),  # put back already
        (("1", (".", 0.01), "8", "0"), False),
        (("a", (".", 0.05), "8", "0"), False),
        (("1", "8", "0"), False),
    ],
)
def test_a_number_in_which_a_dot_was_nearly_seen_is_looked_at_again(
    steps: tuple[str | tuple[str, float], ...], pale: bool
) -> None:
    assert seen(*steps).pale_mark is pale


@pytest.mark.parametrize(
    ("smoothed", "text"),
    [("1.80", "1.80"), ("1.88", "180"), ("180", "180"), ("1 80", "180"), ("", "180")],
)
def test_a_dot_that_smoothing_brings_out_stands_when_the_digits_stay(smoothed: str, text: str) -> None:
    class Smoothed:
        def read(self, piece: object) -> RecognisedText:
            return RecognisedText(smoothed, 0.9)

    piece = np.full((20, 60, 3), 255, np.uint8)
    first = RecognisedText("180", 1.0, pale_mark=True)
    assert see_marks(Smoothed(), piece, first).text == text  # type: ignore[arg-type]
    assert see_marks(Smoothed(), piece, replace(first, pale_mark=False)).text == "180"  # type: ignore[arg-type]


def test_a_short_line_set_twice_counts_where_both_are_read_alike() -> None:
    twice = RecognisedText("RM RM", 0.9, (0.1, 0.4, 0.6, 0.9), (0.9, 0.8, 1.0, 0.7, 0.9))

    once = halve(twice, 0.1)
    assert (once.text, once.certain) == ("RM", (0.7, 0.8))
    assert once.places == pytest.approx((0.125, 0.875))
    assert once.score == pytest.approx(0.75)
    assert halve(RecognisedText("RHRM", 0.9, (0.1, 0.4, 0.6, 0.9), (0.9,) * 4), 0.1).text == ""
    assert halve(RecognisedText("111", 0.9, (0.1, 0.4, 0.6), (0.9,) * 3), 0.1).text == ""
