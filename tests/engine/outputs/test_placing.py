"""Words on the lines of a page: the quick reader's own, a large model's, and those nobody saw a line of."""

from dataclasses import replace

import pytest

from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.placing import match_words, place_page
from papertray.engine.outputs.words import WHOLE, spread_words
from papertray.engine.pages import Block, BlockKind, Box, PageText
from tests.engine.outputs.readings import line, page

SEEN = (
    line(
        "The harbour master kept a careful", 0.1,
        spans=(0, 15, 20, 60, 65, 105, 110, 140, 145, 150, 155, 250),
    ),
    line("joumal of every vessel that", 0.14),
    line("entered the bay.", 0.18),
)  # fmt: skip


def texts(lines: list[PlacedLine]) -> list[str]:
    return [placed.text for placed in lines]


def test_what_the_quick_reader_read_stands_where_it_saw_it() -> None:
    read = page("The first line", "and a second one")
    assert texts(place_page(read)) == ["The first line", "and a second one"]
    known = PageText((Block(BlockKind.TEXT, "The harbour master kept a careful"),), lines=SEEN[:1])
    words = place_page(known)[0].words
    assert [(word.start, word.end) for word in words][:2] == [(0, 60), (80, 240)]


def test_a_models_words_take_the_places_of_what_was_seen() -> None:
    said = "The harbour master kept a **careful** journal of every vessel that entered the bay."
    placed = place_page(PageText((Block(BlockKind.TEXT, said),), lines=SEEN))
    assert texts(placed) == [
        "The harbour master kept a careful",
        "journal of every vessel that",
        "entered the bay.",
    ]
    assert placed[0].words[1].start == 80
    assert placed[1].place == SEEN[1].place


def test_columns_that_one_reader_took_for_rows_are_found_all_the_same() -> None:
    left, right = ["one two three four", "five six seven"], ["alpha beta gamma", "delta epsilon zeta"]
    said = " ".join([*left, *right]).split()
    seen = " ".join([left[0], right[0], left[1], right[1]]).split()
    pairs = match_words(said, seen)
    assert {said[at]: seen[number] for at, number in pairs.items()} == {word: word for word in said}


def test_a_word_that_is_parted_at_the_end_of_a_line_stays_parted() -> None:
    lines = (line("They stood there be-", 0.1), line("cause it rained.", 0.15))
    placed = place_page(
        PageText((Block(BlockKind.TEXT, "They stood there because it rained."),), lines=lines)
    )
    assert texts(placed) == ["They stood there be-", "cause it rained."]


def test_a_line_of_which_the_model_says_nothing_stays_as_it_was_seen() -> None:
    lines = (line("Harbour office, page 3", 0.02), line("The tide was low.", 0.1))
    placed = place_page(PageText((Block(BlockKind.TEXT, "The tide was low."),), lines=lines))
    assert texts(placed) == ["Harbour office, page 3", "The tide was low."]


def test_what_no_line_is_known_of_fills_the_box_of_its_block() -> None:
    box = Box(0.1, 0.2, 0.5, 0.4)
    prose = "All hands were called on deck when the second bell had rung and the wind had turned. " * 4
    placed = place_page(PageText((Block(BlockKind.TEXT, prose, box), Block(BlockKind.TEXT, "And more."))))
    assert " ".join(texts(placed)).split() == f"{prose} And more.".split()
    assert len(placed) > 4
    for one in placed:
        assert box.left <= one.box.left < one.box.right <= box.right + 1e-9
        assert box.top <= one.box.top < one.box.bottom <= box.bottom + 1e-9


def test_a_page_without_any_box_is_filled_as_a_whole() -> None:
    (placed,) = place_page(PageText((Block(BlockKind.TEXT, "Lost and found"),)))
    assert placed.text == "Lost and found"


def test_what_is_read_from_the_right_begins_there() -> None:
    first, *_, last = spread_words("שלום עולם יפה")
    assert first.end == pytest.approx(WHOLE)
    assert last.start == pytest.approx(0)
    assert first.text == "שלום"


def test_letters_without_blanks_find_their_places_one_by_one() -> None:
    lines = (line("港口管理员每天记", 0.1), line("录进入海湾的船只", 0.15))
    said = "港口管理员每天记录进入海湾的船只"
    assert texts(place_page(PageText((Block(BlockKind.TEXT, said),), lines=lines))) == [
        line.text for line in lines
    ]


def test_the_place_of_a_word_on_a_leaning_line_leans_too() -> None:
    leaning = replace(line("one two", 0.1), place=(0.1, 0.1, 0.9, 0.2, 0.09, 0.13))
    one, two = place_page(PageText((Block(BlockKind.TEXT, "one two"),), lines=(leaning,)))[0].words
    (placed,) = place_page(PageText((Block(BlockKind.TEXT, "one two"),), lines=(leaning,)))
    assert placed.word_box(one).top < placed.word_box(two).top
    assert placed.word_box(one).right < placed.word_box(two).left
