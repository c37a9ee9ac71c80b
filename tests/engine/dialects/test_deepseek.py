"""DeepSeek's grounding marks, whole and damaged."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from papertray.engine.dialects.deepseek import parse_deepseek
from papertray.engine.pages import BlockKind, Box, PageImage
from tests.engine.dialects.damaged_answers import (
    PAGE,
    SLICES,
    assert_all_there,
    assert_harmless,
    damage,
    texts,
)

quiet = settings(derandomize=True, deadline=None, max_examples=250)


def mark(label: str, boxes: str = "[[0, 0, 999, 999]]") -> str:
    return f"<|ref|>{label}<|/ref|><|det|>{boxes}<|/det|>\n"


def kinds(raw: str) -> list[BlockKind]:
    return [block.kind for block in parse_deepseek(raw, PAGE).blocks]


def markdowns(raw: str) -> list[str]:
    return [block.markdown for block in parse_deepseek(raw, PAGE).blocks]


@pytest.mark.parametrize(
    ("label", "body", "kind", "markdown"),
    [
        ("title", "# Annual report", BlockKind.TITLE, "# Annual report"),
        ("title", "Annual report", BlockKind.TITLE, "# Annual report"),
        ("title", "Annual\nreport", BlockKind.TITLE, "# Annual report"),
        ("sub_title", "Costs", BlockKind.HEADING, "## Costs"),
        ("sub_title", "### Costs", BlockKind.HEADING, "### Costs"),
        ("text", "Two\nlines", BlockKind.TEXT, "Two\nlines"),
        ("text", "- one\n- two", BlockKind.LIST, "- one\n- two"),
        ("text", "• one\n• two", BlockKind.LIST, "- one\n- two"),
        ("equation", r"\[ E = mc^2 \]", BlockKind.FORMULA, "$$\nE = mc^2\n$$"),
        ("equation", r"where \( a \) is", BlockKind.TEXT, "where $a$ is"),
        ("figure_caption", "<center>Figure 1</center>", BlockKind.CAPTION, "Figure 1"),
        ("table_caption", "Table 1", BlockKind.CAPTION, "Table 1"),
        ("table", "<table><tr><td>a</td></tr></table>", BlockKind.TABLE, "| a |\n| --- |"),
        ("never_heard_of", "Words", BlockKind.TEXT, "Words"),
        ("Words that stand on the page", "", BlockKind.TEXT, "Words that stand on the page"),
    ],
)
def test_a_label_says_what_a_block_is(label: str, body: str, kind: BlockKind, markdown: str) -> None:
    (block,) = parse_deepseek(mark(label) + body, PAGE).blocks
    assert (block.kind, block.markdown) == (kind, markdown)


UNLIMITED = """<|det|>page_number [166, 69, 201, 84]<|/det|>286
<|det|>header [759, 69, 878, 84]<|/det|>CHAPTER 13
<|det|>title [165, 256, 573, 274]<|/det|>13.8 The tree
of prices
<|det|>text [0, 333, 999, 666]<|/det|>Set \\(\\sigma\\) so that
<|det|>equation [512, 339, 880, 360]<|/det|>\\[
u = e ^ {\\sigma} \\tag {13.15}
\\]
<|det|>image [100, 400, 500, 500]<|/det|>
<|det|>image_caption [100, 500, 500, 510]<|/det|>Figure 5
<|det|>title [165, 556, 573, 574]<|/det|>Next
<|det|>stamp [40,600,960,700]<|/det|>PAID
<|det|>page_footnote<|/det|>1 Of both
<|det|>text [1, 1"""


def test_marks_with_the_label_inside_are_read_too_and_the_first_title_is_the_pages() -> None:
    assert markdowns(UNLIMITED) == [
        "# 13.8 The tree of prices",
        "Set $\\sigma$ so that",
        "$$\nu = e ^ {\\sigma} \\tag {13.15}\n$$",
        "![Figure 1](figure:figure-1.png)",
        "Figure 5",
        "## Next",
        "PAID",
        "1 Of both",
    ]
    box = parse_deepseek(UNLIMITED, PAGE).blocks[1].box
    assert box == Box(0.0, pytest.approx(1 / 3), 1.0, pytest.approx(2 / 3))
    assert kinds(UNLIMITED)[-1] is BlockKind.FOOTNOTE


def test_coordinates_are_thousandths_of_the_page() -> None:
    (block,) = parse_deepseek(mark("text", "[[0, 999, 999, 333]]") + "words", PAGE).blocks
    assert block.box == Box(0.0, pytest.approx(1 / 3), 1.0, 1.0)


def test_several_boxes_of_a_text_become_one_that_holds_them_all() -> None:
    (block,) = parse_deepseek(mark("text", "[[0, 0, 333, 333], [666, 333, 999, 666]]") + "words", PAGE).blocks
    assert block.box == Box(0.0, 0.0, 1.0, pytest.approx(2 / 3))


def test_several_boxes_of_a_picture_become_several_pictures_cut_from_the_page() -> None:
    image = Image.new("RGB", (100, 200), "red")
    image.paste("blue", (0, 100, 100, 200))
    conversion = parse_deepseek(mark("image", "[[0, 0, 999, 499], [0, 500, 999, 999]]"), PageImage(image))
    assert [block.markdown for block in conversion.blocks] == [
        "![Figure 1](figure:figure-1.png)",
        "![Figure 2](figure:figure-2.png)",
    ]
    colours = [Image.open(io.BytesIO(figure.png)).getpixel((50, 50)) for figure in conversion.figures]
    assert colours == [(255, 0, 0), (0, 0, 255)]


def test_a_caption_named_before_its_figure_goes_under_it() -> None:
    assert kinds(mark("image_caption") + "Fig. 1\n" + mark("image")) == [BlockKind.FIGURE, BlockKind.CAPTION]


def test_a_caption_under_a_figure_stays_with_it_when_another_figure_follows() -> None:
    raw = mark("image") + mark("image_caption") + "Fig. 1\n" + mark("image")
    assert kinds(raw) == [BlockKind.FIGURE, BlockKind.CAPTION, BlockKind.FIGURE]


@pytest.mark.parametrize("box", ["[500, 100, 510, 900]", "[100, 500, 900, 510]"])
def test_a_sliver_is_no_figure(box: str) -> None:
    page = PageImage(Image.new("RGB", (100, 100), "red"))
    assert parse_deepseek(mark("image", f"[{box}]"), page).figures == ()


def test_a_figure_without_a_place_leaves_a_warning() -> None:
    conversion = parse_deepseek(mark("image", "[[1, 2, 3]]"), PAGE)
    assert conversion.figures == ()
    assert "missing" in conversion.warnings[0]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    raw = mark("header") + "Chapter\n" + mark("text") + "words\n" + mark("footer") + "12"
    assert markdowns(raw) == ["words"]


def test_a_page_that_has_only_a_running_head_keeps_it() -> None:
    assert markdowns(mark("header") + "Chapter") == ["Chapter"]


def test_an_answer_without_marks_is_cut_into_paragraphs() -> None:
    raw = "# One\n\ntwo\n\n<table><tr><td>3</td></tr></table>\n\n\\[\n4\n\n\\]\n\n1. five\n2. six"
    assert kinds(raw) == [BlockKind.TITLE, BlockKind.TEXT, BlockKind.TABLE, BlockKind.FORMULA, BlockKind.LIST]


def test_words_that_the_model_was_asked_to_find_are_words_even_if_a_label_is_called_so() -> None:
    raw = "".join(mark(word) for word in ("header", "Invoice no. 7", "image", "total"))
    assert markdowns(raw) == ["header", "Invoice no. 7", "image", "total"]


@pytest.mark.parametrize(
    "raw",
    [
        "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]\nwords",
        "<|ref|>text<|/ref|>[[1, 2, 3, 4]]<|/det|>\nwords",
        "<|ref|>text<|/ref|>\nwords",
        "<|ref|>text<|det|>[[1, 2, 3]]<|/det|>\nwords",
        "<｜ref｜>text<｜/ref｜><｜det｜>[[1, 2, 3, 4]]<｜/det｜>\nwords<｜end▁of▁sentence｜>",
        '<|ref|>text<|/ref|><|det|>[[__import__("os").abort()]]<|/det|>\nwords',
        "<|/det|>\nwords<|ref|>text<|/ref|><|det|>[[12, 3",
        "words<|re",
    ],
)
def test_damaged_marks_leave_only_the_words(raw: str) -> None:
    assert [text for text in markdowns(raw) if text != "text"] == ["words"]


def test_numbers_too_long_for_a_float_stay_on_the_page() -> None:
    assert_harmless(parse_deepseek(mark("text", f"[[-5, {'9' * 5000}, 7, 1e999]]") + "words", PAGE))


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, list[str]]:
    labels = draw(
        st.lists(st.sampled_from(["text", "title", "sub_title", "table", "equation", "image"]), max_size=5)
    )
    raw, words = "", []
    inside = draw(st.booleans())
    for number, label in enumerate(labels):
        text, said = draw(texts(str(number)))
        numbers = draw(st.lists(st.integers(-50, 2000), min_size=3, max_size=5))
        marked = f"<|det|>{label} {numbers}<|/det|>" if inside else mark(label, f"[{numbers}]")
        raw += marked + text + "\n\n"
        words += said
    return raw, words


@quiet
@given(answers())
def test_no_text_is_lost_and_nothing_harmful_comes_through(answer: tuple[str, list[str]]) -> None:
    raw, words = answer
    conversion = parse_deepseek(raw, PAGE)
    assert_harmless(conversion)
    assert_all_there(words, conversion)


@quiet
@given(answers(), SLICES)
def test_a_damaged_answer_never_raises_nor_does_harm(
    answer: tuple[str, list[str]], slices: list[tuple[int, int]]
) -> None:
    assert_harmless(parse_deepseek(damage(answer[0], slices), PAGE))


@quiet
@given(st.text())
def test_any_text_at_all_is_an_answer(raw: str) -> None:
    assert_harmless(parse_deepseek(raw, PAGE))
