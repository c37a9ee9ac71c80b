"""Answers of models as hypothesis imagines them, whole and damaged, and what holds of every conversion."""

import html
import re
from collections.abc import Sequence

from hypothesis import strategies as st
from PIL import Image

from papertray.engine.dialects import Conversion
from papertray.engine.pages import PageImage

PAGE = PageImage(Image.new("RGB", (400, 600), "white"))

NOISE = st.sampled_from(
    [
        *(
            " ",
            "\n",
            "\n\n",
            "# ",
            "- ",
            "1. ",
            "|",
            "||",
            "*",
            "_",
            "`",
            "```",
            "\n```\n",
            "~~~",
            "\\",
            "\\\\",
        ),
        *(
            "$",
            "$$",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "\\frac",
            "\\times",
            "\\nu",
            "\\u12",
            "\t",
            "\r",
            "\x00",
            "\ud800",
        ),
        *(
            "<",
            ">",
            "<script>",
            "</script>",
            "<script src='x'>",
            "<SCRIPT",
            "<img src=x onerror=y>",
            "<!--",
            "-->",
        ),
        *(
            "<table>",
            "</table>",
            "<tr>",
            "</tr>",
            "<td>",
            "</td>",
            '<td colspan="2">',
            "<br",
            "<sup>",
            "&lt;",
            "&#60;",
        ),
        *(
            "![",
            "](",
            "[x]: javascript:",
            "{",
            "}",
            "[",
            "]",
            '"',
            '"}',
            "'",
            ",",
            ":",
            "[[",
            "1",
            "999",
            "…",
            "①",
        ),
        *(
            "<|",
            "|>",
            "<|det|>",
            "<|/det|>",
            "<|/ref|>",
            "<｜end▁of▁sentence｜>",
            "<|im_end|>",
            "<|re",
            "f|>",
        ),
    ]
)
SLICES = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40)), max_size=4)


@st.composite
def texts(draw: st.DrawFn, tag: str) -> tuple[str, list[str]]:
    """A text and the words in it that have to come through; `tag` keeps words of two texts apart."""
    words = [f"word{tag}x{number}" for number in range(draw(st.integers(1, 4)))]
    noises = [draw(st.lists(NOISE, max_size=4).map("".join)) for _ in words]
    return " ".join(f"{noise} {word}" for noise, word in zip(noises, words, strict=True)), words


def damage(text: str, slices: Sequence[tuple[int, int]]) -> str:
    """The text with pieces missing."""
    for start, length in slices:
        text = text[:start] + text[start + length :]
    return text


def assert_harmless(conversion: Conversion) -> None:
    """No script, no model's token, no picture from elsewhere, and every box on the page."""
    for block in conversion.blocks:
        assert "<script" not in block.markdown.lower()
        assert "<img" not in block.markdown.lower()
        assert not re.search(r"<[|｜]", block.markdown)
        assert not re.search(r"(?<!\\)!\[[^\]]*\]\((?!figure:figure-\d+\.png\))", block.markdown)
        assert not re.search(r"(?<!\\)\]\(javascript:|^\[x\]: javascript:", block.markdown)
        assert block.markdown.strip()
        block.markdown.encode()
        if block.box:
            assert 0 <= block.box.left <= block.box.right <= 1
            assert 0 <= block.box.top <= block.box.bottom <= 1
    assert len({figure.name for figure in conversion.figures}) == len(conversion.figures)


def assert_all_there(words: Sequence[str], conversion: Conversion) -> None:
    markdown = html.unescape("\n".join(block.markdown for block in conversion.blocks))
    assert [word for word in words if word not in markdown] == []
