"""Numbers and names that only one of two readers saw are found; what readers set differently is none."""

import pytest

from papertray.engine.checking.unseen import find_unseen

LETTER = "Invoice 2026-117\n\nDear Ms Larsen, please transfer 148.00 EUR to Nordbank until 12.03.2026."


@pytest.mark.parametrize(
    ("wrong", "for_right"),
    [("143.00", "148.00"), ("Larson", "Larsen"), ("2026-177", "2026-117"), ("12.08.2026", "12.03.2026")],
)
def test_a_number_or_name_that_was_not_seen_is_found(wrong: str, for_right: str) -> None:
    assert find_unseen(LETTER, LETTER) == []
    assert find_unseen(LETTER.replace(for_right, wrong), LETTER) == [wrong]


@pytest.mark.parametrize(
    "seen",
    [
        LETTER.replace("148.00", "148,00").replace("12.03.2026", "12. 03. 2026"),
        LETTER.replace("Ms Larsen", "MsLarsen").replace("Nordbank", "Nord- bank"),
        "| Invoice | 2026-117 |\n| --- | --- |\n| Larsen | 148.00 |\n| Nordbank | 12.03.2026 |\n| EUR | Ms |",
        LETTER.replace("Larsen", "LARSEN").replace("Nordbank", "Nördbank"),
    ],
    ids=["marks and blanks", "words put together", "a table", "capitals and accents"],
)
def test_the_same_set_differently_is_seen(seen: str) -> None:
    assert find_unseen(LETTER, seen) == []


def test_ordinary_words_and_beginnings_of_sentences_are_left_to_the_model() -> None:
    assert find_unseen("Please pay soon. Thanks for it.\n\n- Otherwise nothing", "") == []
    assert find_unseen("**Otherwise** pay the 7 of them", "") == []


def test_what_the_other_reader_was_unsure_of_is_no_doubt_about_a_name() -> None:
    seen = LETTER.replace("Larsen", "Larscn")
    assert find_unseen(LETTER, seen) == ["Larsen"]
    assert find_unseen(LETTER, seen, unsure=["Larscn,"]) == []
    assert find_unseen("the sum of 148.00", "the sum of 143.00", unsure=["143.00"]) == ["148.00"]


def test_letters_that_the_other_reader_does_not_know_are_no_doubt() -> None:
    assert find_unseen("это Москва", "", knows=str.isascii) == []
    assert find_unseen("это Москва", "") == ["Москва"]


def test_formulas_addresses_and_marks_are_not_looked_at() -> None:
    assert find_unseen(r"so $x_{12} = Alpha$ and [there](https://example.org/2024) and 1\.25", "1.25") == []
