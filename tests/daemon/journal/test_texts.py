"""A page's text as the journal keeps it, now and in the form that was kept first."""

from dataclasses import replace

from papertray.daemon.journal.texts import format_text, parse_text
from papertray.engine.pages import Block, BlockKind, Box, DoubtfulWord, Ending, Figure, PageText, Transcript

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
