"""Which words are the same, and what a query asks of the index."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.daemon.errors import NothingToLookFor
from papertray.daemon.search.plain import plain_words
from papertray.daemon.search.query import find_term, parse_query
from papertray.daemon.search.words import find_pieces, fold, list_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Größe, ČESKÝ, Łódź, ĮRAŠAS!", ["grosse", "cesky", "lodz", "irasas"]),
        ("ﬁnd 2.026,50 €", ["find", "2", "026", "50"]),
        ("re-use it", ["re", "use", "reuse", "it"]),
        ("可得水", ["可得", "得水"]),
        ("水", ["水"]),
        ("PaddleOCR模型 1.6", ["paddleocr", "模型", "1", "6"]),
        ("안녕하세요 여러분", ["안녕하세요", "여러분"]),
        ("कैसे हो", ["कैसे", "हो"]),
        ("ตาราง", ["ตา", "าร", "รา", "าง"]),
        ("السَّلام", ["السلام"]),
    ],
)
def test_words_are_what_they_are_without_case_accents_and_hyphens(text: str, words: list[str]) -> None:
    assert list_words(text) == words


def test_the_places_of_words_are_those_of_the_text_as_it_stands() -> None:
    text = "Über die Größe: 可得水"
    assert [text[piece.start : piece.end] for piece in find_pieces(text)] == [
        "Über",
        "die",
        "Größe",
        "可得水",
    ]
    assert fold("ŒUVRE") == "oeuvre"


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("toner 2026", '(("toner" *)) AND (("2026" *))'),
        ('"Toner invoice" -draft', '(("toner" AND "invoice"))'),
        ("it", '(("it"))'),
        ("re-use", '(("re" AND "use" *) OR ("reuse" *))'),
        ('no "unended phrase', '(("no")) AND (("unended" AND "phrase"))'),
        ('NEAR(a) OR "x*"', '(("near" AND "a")) AND (("or")) AND (("x"))'),
        ("水", '(("水" *))'),
    ],
)
def test_the_index_is_asked_for_pages_that_have_all_words(query: str, expression: str) -> None:
    assert parse_query(query).expression == expression


@pytest.mark.parametrize("query", ["", "  ", '""', "-draft", "?!", "* *"])
def test_a_query_without_a_word_is_refused_with_a_sentence(query: str) -> None:
    with pytest.raises(NothingToLookFor):
        parse_query(query)


def test_of_markdown_the_words_are_kept_that_a_person_sees() -> None:
    table = "| Item | [Price](https://x.org/a_b) |\n| --- | ---: |\n| snake_case | 3 &lt; 4 |"
    assert plain_words(f"## **Toner** \\# 5\n\n{table}") == "Toner # 5 Item Price snake_case 3 < 4"
    assert plain_words("<table><tr><td>a</td><td>b</td></tr></table> <!-- page 2 -->") == "a b"
    assert plain_words("2 * 3 * 4, *so* _it_ is") == "2 * 3 * 4, so it is"


@given(
    text=st.text("abc™é-'_ .|水得火かば\u0300\u00ad", max_size=20),
    query=st.text("abcé-' \"水得火かば", min_size=1, max_size=8),
)
def test_the_quick_look_lets_through_all_that_is_found_word_by_word(text: str, query: str) -> None:
    with suppress(NothingToLookFor):
        asked = parse_query(query)
        pieces = list(find_pieces(text))
        for term, may_have in zip(asked.terms, asked.may_have(text), strict=True):
            assert may_have or not find_term(term, pieces)
