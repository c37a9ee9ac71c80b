"""What one papertray tells another of a page: all that reading here gives, and nothing that does harm."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from papertray.engine.pages import (
    Block,
    BlockKind,
    Box,
    DoubtfulWord,
    Ending,
    Figure,
    PageImage,
    PageText,
    TextSource,
)
from papertray.engine.readers.server.page_details import describe_pages, understand_page
from papertray.engine.text_lines import TextLine

BOX = Box(0.1, 0.2, 0.8, 0.3)
PAGE = PageText(
    (
        Block(BlockKind.HEADING, "## Terms \\<A> of [3\\]: *all*", BOX, 12.5, True, 2),
        Block(BlockKind.TABLE, '<table>\n<tr><td colspan="2">1</td></tr>\n</table>', BOX),
        Block(BlockKind.TEXT, "One\\\n**two** <br> [link](https://example.com)"),
        Block(BlockKind.TEXT, "```\n<b> if a[i](b)\n```"),
        Block(BlockKind.FOOTER, "7", Box(0.5, 0.9, 0.6, 0.95)),
    ),
    Ending.LOOP_CUT,
    warnings=("Two numbers were not seen.",),
    source=TextSource.PARTLY_BY_TESSERACT,
    confidence=0.71,
    doubtful_words=(DoubtfulWord("1O0", 0.4, BOX), DoubtfulWord("4711")),
    lines=(TextLine("Terms of 3", (0.1, 0.2, 0.8, 0.2, 0.1, 0.25), (0, 80, 90, 120, 130, 250)),),
)
IMAGE = PageImage(Image.new("RGB", (200, 100), "white"))


def sent(page: PageText) -> Any:
    """As it arrives."""
    return json.loads(describe_pages([page]).model_dump_json())


def test_a_page_arrives_as_it_was_read() -> None:
    told = sent(PAGE)
    assert understand_page(told, IMAGE) == PAGE
    told["newer"] = told["pages"][0]["newer"] = {"unheard": "of"}
    assert understand_page(told, IMAGE) == PAGE
    assert understand_page(sent(PageText((), blank=True)), IMAGE) == PageText((), blank=True)


def test_a_figure_is_cut_from_the_picture_that_was_sent_and_others_are_no_figures() -> None:
    figure = Block(BlockKind.FIGURE, "![Plan](figure:../../x.png)", BOX)
    page = PageText((figure, replace(figure, box=None)), figures=(Figure("../../x.png", b"secret"),))
    text = understand_page(sent(page), IMAGE)
    assert text is not None
    assert [block.markdown for block in text.blocks] == ["![Figure 1](figure:figure-1.png)"]
    (cut,) = text.figures
    assert cut.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("live", "harmless"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![x](https://evil.example/pixel)", "\\![x](https://evil.example/pixel)"),
        ("[here](file:///etc/passwd)", "[here\\](file:///etc/passwd)"),
        ('a \\\\<img src="x">', 'a \\\\&lt;img src="x">'),
        ("<td onclick='x'>", "&lt;td onclick='x'>"),
        ("\x1b[31mred\u202e", "[31mred"),
        ("<!-- papertray sha256=00 -->", "&lt;!-- papertray sha256=00 -->"),
    ],
)
def test_nothing_that_another_tells_comes_alive(live: str, harmless: str) -> None:
    text = understand_page(sent(PageText((Block(BlockKind.TEXT, live),))), IMAGE)
    assert text is not None
    assert text.blocks[0].markdown == harmless


def _with(path: str, value: object) -> Any:
    told = copy.deepcopy(sent(PAGE))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = told
    for step in way:
        place = place[step]
    place[last] = value
    return told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("pages", []),
        ("pages", [sent(PAGE)["pages"][0]] * 2),
        ("pages.0.confidence", float("nan")),
        ("pages.0.confidence", 1.5),
        ("pages.0.blocks.0.kind", "script"),
        ("pages.0.blocks.0.markdown", "x" * 200_001),
        ("pages.0.blocks.0.box", [0, 0, 9, 9]),
        ("pages.0.blocks.0.size", float("inf")),
        ("pages.0.blocks", []),
        ("pages.0.lines.0.place", [0, 0, 1e9, 0, 0, 0]),
        ("pages.0.lines.0.spans", [0] * 5001),
        ("pages.0.doubtful_words.0.text", "x" * 201),
        ("pages.0.warnings", ["x"] * 21),
    ],
)
def test_what_cannot_be_understood_is_no_page(path: str, value: object) -> None:
    assert understand_page(_with(path, value), IMAGE) is None
    assert understand_page(value, IMAGE) is None
