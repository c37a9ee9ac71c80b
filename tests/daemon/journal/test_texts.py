"""A page's text as the journal keeps it, now and in the form that was kept first."""

from dataclasses import replace

import pytest

from papertray.daemon.journal.texts import format_text, pack_text, parse_text
from papertray.engine.pages import Block, BlockKind, Box, DoubtfulWord, Ending, Figure, PageText, Transcript
from papertray.engine.text_lines import PLACES, TextLine

PAGE = PageText(
    (
        Block(BlockKind.TITLE, "# Grüße ✓", Box(0.1, 0.25, 0.9, 0.3)),
        Block(BlockKind.TEXT, 'It "says" so.\n\nTwice.'),
    ),
    ending=Ending.LOOP_CUT,
    warnings=("A loop was cut.",),
    tokens=12,
)
DOUBT = DoubtfulWord("waster", 0.41, Box(0.1, 0.2, 0.3, 0.4))
DOUBTED = replace(PAGE, confidence=0.62, doubtful_words=(DOUBT,))
KEPT_FIRST = (
    '{"blocks": [["title", "# Grüße ✓", [0.1, 0.25, 0.9, 0.3]],'
    ' ["text", "It \\"says\\" so.\\n\\nTwice.", null]],'
    ' "ending": "loop cut", "warnings": ["A loop was cut."], "blank": false, "tokens": 12}'
)
BLANK_KEPT_FIRST = '{"blocks": [], "ending": "finished", "warnings": [], "blank": true, "tokens": 0}'


def test_a_text_comes_back_as_it_was_kept() -> None:
    assert parse_text(format_text(PAGE)) == PAGE
    assert parse_text(format_text(DOUBTED)) == DOUBTED
    assert parse_text(format_text(PageText((), blank=True))) == PageText((), blank=True)


def test_a_text_that_an_earlier_papertray_kept_is_still_read() -> None:
    assert parse_text(KEPT_FIRST) == PAGE
    assert parse_text(BLANK_KEPT_FIRST) == PageText((), blank=True)


def test_figures_and_transcript_are_not_kept_with_the_text() -> None:
    whole = PageText(
        PAGE.blocks, figures=(Figure("a.png", b"\x89"),), transcript=Transcript((1,), (2,), "raw")
    )
    assert parse_text(format_text(whole)) == PageText(PAGE.blocks)


def test_a_text_that_begins_with_a_list_is_not_taken_for_the_first_form() -> None:
    page = PageText((Block(BlockKind.LIST, '[["a", "b"]]'),))
    assert parse_text(format_text(page)) == page


def test_lines_come_back_with_their_places_and_take_few_bytes() -> None:
    lines = tuple(
        TextLine(
            f"line {number} of a page that is full of lines",
            tuple(
                part / PLACES for part in (400, 80 * number, 3600, 80 * number + 40, 400, 80 * number + 60)
            ),
            tuple(range(0, 80, 4)),
            written=number % 2 == 0,
        )
        for number in range(45)
    )
    page = replace(PAGE, lines=lines)
    assert parse_text(format_text(page)) == page
    few = len(pack_text(page)[0]) - len(pack_text(PAGE)[0])
    assert few < 12 * len(lines)
    for damaged in ('"numbers":[[1,2', '"numbers":[["a"', '"texts":[1,'):
        kept = format_text(page).replace(damaged[: damaged.index("[") + 1], damaged, 1)
        with pytest.raises((ValueError, TypeError)):
            parse_text(kept)
