"""Formulas whose parts stand over each other are said to be there; those on one line, and all words, stay."""

from dataclasses import replace

import pytest

from papertray.engine.layout.lines import Line
from papertray.engine.pages import BlockKind
from tests.engine.layout.lines_made import HIGH, PROSE, column, line, page, shown


def formal(text: str, left: float, top: float, size: float = HIGH, ordinary: str = "") -> Line:
    """A part of a formula, in its fonts but for what is ordinary."""
    share = 1 - len(ordinary) / len(text)
    return replace(line(text, left, top, size), mathematics=share, ordinary=ordinary)


FRACTION = (
    formal("f(x) =", 400, 500),
    formal("exp(−r²)", 510, 478, ordinary="exp"),
    formal("2πσ²", 540, 520),
    line("(20)", 900, 500),
)
"""Two parts over each other beside a third, and what it is called."""


def test_a_fraction_is_said_to_be_a_formula_and_by_its_number() -> None:
    blocks = page(*column(PROSE), *FRACTION, *column(PROSE, top=700))
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.FORMULA, BlockKind.TEXT]
    assert blocks[1].markdown == "[formula (20)]"


def test_a_formula_on_one_line_is_text_with_its_number_behind_it() -> None:
    parts = formal("y", 400, 500), formal("= a + bx", 460, 500), line("(3)", 900, 500)
    assert shown(*column(PROSE), *parts, *column(PROSE, top=700))[1] == "y = a + bx (3)"
    assert shown(*column(PROSE), *parts[:2], *column(PROSE, top=700))[1] == "y = a + bx"


def test_a_sum_with_its_limits_is_a_formula() -> None:
    parts = formal("X", 400, 480), formal("i=1", 396, 535, 20), formal("P(i) = 1", 430, 500)
    assert shown(*column(PROSE), *parts, *column(PROSE, top=700))[1] == "[formula]"


@pytest.mark.parametrize(
    "words", ["denotes the share of the vessels that came", "where the harbour", "is one of them"]
)
def test_words_beside_a_formula_keep_it_in_their_sentence(words: str) -> None:
    beside = line(words, 640, 500)
    found = shown(*column(PROSE), *FRACTION[:3], beside, *column(PROSE, top=700))
    assert "[formula]" not in "".join(found)
    assert words in " ".join(found)


def test_cases_are_a_formula_with_the_words_that_tell_when_something_is_so() -> None:
    cases = (
        formal("f(x) =", 400, 500),
        formal("x² if x > 0", 520, 481, ordinary="if"),
        formal("0 otherwise", 520, 519, ordinary="0 otherwise"),
    )
    assert shown(*column(PROSE), *cases, *column(PROSE, top=700))[1] == "[formula]"


def test_a_number_belongs_to_the_formula_of_its_column() -> None:
    right = [
        formal("f(x) =", 1400, 500),
        formal("exp(−r²)", 1510, 478, ordinary="exp"),
        formal("2πσ²", 1540, 520),
    ]
    number = line("(21)", 1900, 500)
    left_text, right_text = column(PROSE, top=100), column(PROSE, left=1100, top=100)
    below = column(PROSE, top=600), column(PROSE, left=1100, top=600)
    found = shown(*left_text, *right_text, *FRACTION[:3], *right, number, *below[0], *below[1])
    assert [text for text in found if text.startswith("[")] == ["[formula]", "[formula (21)]"]


def test_figures_of_a_table_are_no_formula() -> None:
    rows = [
        line(cell, x, 100 + 50 * at)
        for at, row in enumerate((("Ware", "Share"), ("Rope", "12 ± 3"), ("Tar", "< 4"), ("Herring", "±0.5")))
        for cell, x in zip(row, (100, 500), strict=True)
    ]
    assert "| Tar | \\< 4 |" in shown(*rows)[0] or "| Tar | < 4 |" in shown(*rows)[0]


def test_signs_beside_what_they_mean_are_rows_of_a_table() -> None:
    rows = (("∧", "and"), ("def", ""), ("←→", "as defined"), ("∨", "or"), ("∀", "every"))
    tops = (100, 130, 150, 200, 250)
    cells = [
        formal(sign, 100, top, 30 if meaning else 18) for top, (sign, meaning) in zip(tops, rows, strict=True)
    ]
    names = [line(meaning, 400, top) for top, (_, meaning) in zip(tops, rows, strict=True) if meaning]
    assert "[formula]" not in "".join(shown(*cells, *names))
