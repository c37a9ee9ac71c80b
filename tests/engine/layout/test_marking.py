"""Links and emphasis in Markdown: what a viewer shows is the text, set as on the page, and safe to click."""

import pytest
from markdown_it import MarkdownIt

from papertray.engine.layout.lines import Line, Word
from papertray.engine.layout.marking import mark_up
from papertray.engine.rectangles import Rect

HERE = Rect(0, 0, 100, 10)
VIEWER = MarkdownIt("commonmark")


def line(*words: Word) -> Line:
    return Line(HERE, " ".join(word.text for word in words), words=words)


def word(text: str, link: str = "", *, bold: bool = False, italic: bool = False, glued: bool = False) -> Word:
    return Word(text, 0, 0, glued=glued, bold=bold, italic=italic, link=link)


def shown(text: str, *lines: Line) -> str:
    return VIEWER.renderInline(mark_up(text, lines))


def test_words_set_apart_are_emphasised() -> None:
    one = line(
        word("a"), word("bold", bold=True), word("word,", bold=True), word("an"), word("italic.", italic=True)
    )
    assert mark_up(one.text, [one]) == "a **bold word,** an *italic.*"
    both = line(word("so"), word("strong", bold=True, italic=True), word("it"), word("was"))
    assert shown(both.text, both) == "so <em><strong>strong</strong></em> it was"


def test_a_paragraph_all_in_bold_is_not_emphasised() -> None:
    bold = line(word("all", bold=True), word("of", bold=True), word("it", bold=True))
    assert mark_up(bold.text, [bold]) == "all of it"


def test_half_a_word_is_not_emphasised() -> None:
    half = line(word("un", bold=True), word("believable", glued=True), word("story"))
    assert mark_up("unbelievable story", [half]) == "unbelievable story"


def test_emphasis_goes_on_over_the_end_of_a_line_and_a_hyphen() -> None:
    lines = line(word("the"), word("har-", italic=True)), line(word("bour", italic=True), word("master"))
    assert mark_up("the harbour master", lines) == "the *harbour* master"


def test_addresses_of_the_web_and_of_mail_are_linked() -> None:
    one = line(
        word("see"),
        word("here", "https://example.org/a?b=c#d"),
        word("or"),
        word("write", "mailto:a@example.org"),
    )
    assert (
        mark_up(one.text, [one]) == "see [here](https://example.org/a?b=c#d) or [write](mailto:a@example.org)"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://a b",
        "ftp://x",
        "//x",
        "http://",
    ],
)
def test_other_addresses_are_not_followed(address: str) -> None:
    one = line(word("see"), word("here", address))
    assert mark_up(one.text, [one]) == "see here"


@pytest.mark.parametrize(
    "address", ["https://x.org/a)b", "https://x.org/a(b", "https://x.org/[a]", "https://x.org/\\)"]
)
def test_an_address_cannot_end_its_link_early(address: str) -> None:
    one = line(word("see"), word("here", address), word("now"))
    (see, opened, here, closed, now) = VIEWER.parseInline(mark_up(one.text, [one]))[0].children or []
    assert (see.content, opened.type, here.content, closed.type, now.content) == (
        "see ",
        "link_open",
        "here",
        "link_close",
        " now",
    )


@pytest.mark.parametrize(
    "text", ["[a](b)", "a*b*c", "x]", "[y", "1. z", "# h", "<b>", "`c`", "$5 or $6", "a\\"]
)
def test_the_words_themselves_are_shown_as_they_are(text: str) -> None:
    for one in (
        line(word(text, bold=True), word("plain")),
        line(word("plain"), word(text, "https://example.org"), word("plain")),
    ):
        tokens = VIEWER.parseInline(mark_up(one.text, [one]))[0].children or []
        assert "".join(token.content for token in tokens) == one.text


def test_recognised_lines_stay_plain() -> None:
    assert mark_up("2 * 3 *x*", [Line(HERE, "2 * 3 *x*")]) == r"2 * 3 \*x\*"
