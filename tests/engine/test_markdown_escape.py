"""A viewer shows escaped text exactly as it stood on the page."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papertray.engine.escape import escape, escape_heading

VIEWERS = (MarkdownIt("commonmark"), MarkdownIt("gfm-like", {"linkify": False}))
TRICKY = st.text(st.sampled_from("ab1. )(*_#+-=|~`<>[]!:&;\\$/\"'x\n\t"), max_size=24)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=40)


def shown(text: str, viewer: MarkdownIt, tag: str = "p") -> str:
    """The text of the one paragraph that a viewer makes of it; fails if it makes anything else."""
    rendered = viewer.render(text)
    inner = re.sub(rf"\A<{tag}>|</{tag}>\n\Z", "", rendered)
    assert "<" not in inner, rendered
    return " ".join(html.unescape(inner).split())


@pytest.mark.parametrize("viewer", VIEWERS)
@given(text=TRICKY | ANY)
@settings(derandomize=True, deadline=None, max_examples=1500)
def test_escaped_text_is_shown_as_it_was(viewer: MarkdownIt, text: str) -> None:
    paragraph = re.sub(r"\n\s*\n+", "\n", text)
    assert shown(escape(paragraph), viewer) == " ".join(paragraph.split())


@pytest.mark.parametrize("viewer", VIEWERS)
@given(text=TRICKY | ANY)
@settings(derandomize=True, deadline=None, max_examples=1500)
def test_an_escaped_heading_is_shown_as_it_was(viewer: MarkdownIt, text: str) -> None:
    assert shown(f"## {escape_heading(text)}", viewer, "h2") == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["1. Scope", "2) Terms", "- 1 -", "+ and -", "# of pages", "> 5 %", "C#", "=====", "[x] done"]
)
def test_what_begins_nothing_in_a_heading_gets_no_backslash(text: str) -> None:
    """Links to a heading name it as it is written."""
    assert escape_heading(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("Issue #", "Issue \\#"), ("Chess ##", "Chess \\##"), ("#", "\\#"), ("a*b*", "a\\*b\\*")],
)
def test_what_a_heading_would_lose_is_escaped(text: str, escaped: str) -> None:
    assert escape_heading(text) == escaped


@pytest.mark.parametrize(
    "text",
    [
        "# rm <b>",
        "1. x",
        "12. März 2024",
        "* a",
        "- a",
        "a | b",
        "[x](y)",
        "![x](y)",
        "[x]: y",
        "&amp; &alpha; &#35; &#x23;",
        "---",
        "***",
        "above\n===",
        "above\n---",
        "a | b\n--- | ---",
        "```\ncode\n```",
        "~~~",
        "    indented",
        "<script>alert(1)</script>",
        "<!-- comment -->",
        "C:\\*",
        "ends with a backslash\\",
        "https://example.org/a_b_c",
        "<https://example.org>",
        "a  \nb",
    ],
)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_text_that_looks_like_markdown_stays_text(viewer: MarkdownIt, text: str) -> None:
    assert shown(escape(text), viewer) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Who paid $5.00 (net) - on 1.5.2024!",
        "snake_case and 2 * 3 * 4",
        "AT&T, R&D; 3 < 4 > 2",
        "No. 5: see [12] and page 3.",
        "about ~5 kg, 50 % = half",
        "#hashtag",
        "C:\\Temp",
        "5 - 3 + 1",
    ],
)
def test_ordinary_text_gets_no_backslashes(text: str) -> None:
    assert escape(text) == text


def test_control_characters_become_spaces() -> None:
    assert escape("a\x00b\x1b[31m\tc") == "a b [31m c"
