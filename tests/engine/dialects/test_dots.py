"""dots.ocr's JSON layout, whole, broken and beyond repair."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.dialects.dots import NotLayout, parse_dots
from papertray.engine.pages import BlockKind, Box
from tests.engine.dialects.damaged_answers import (
    PAGE,
    SLICES,
    assert_all_there,
    assert_harmless,
    damage,
    texts,
)

SEEN = (812, 1092)
quiet = settings(derandomize=True, deadline=None, max_examples=250)


def item(
    category: str, text: str | None = "words", box: tuple[float, ...] = (0, 0, 406, 546)
) -> dict[str, object]:
    return {"bbox": list(box), "category": category} | ({} if text is None else {"text": text})


def markdowns(raw: str) -> list[str]:
    return [block.markdown for block in parse_dots(raw, PAGE, SEEN).blocks]


@pytest.mark.parametrize(
    ("category", "text", "kind", "markdown"),
    [
        ("Title", "Report", BlockKind.TITLE, "# Report"),
        ("Section-header", "Costs", BlockKind.HEADING, "## Costs"),
        ("Section-header", "#### Costs", BlockKind.HEADING, "#### Costs"),
        ("Text", "plain", BlockKind.TEXT, "plain"),
        ("List-item", "one", BlockKind.LIST, "- one"),
        ("List-item", "• one", BlockKind.LIST, "- one"),
        ("List-item", "2. two", BlockKind.LIST, "2. two"),
        ("Caption", "Fig. 1", BlockKind.CAPTION, "Fig. 1"),
        ("Footnote", "1 see above", BlockKind.FOOTNOTE, "1 see above"),
        ("Formula", "a < b", BlockKind.FORMULA, "$$\na < b\n$$"),
        ("Formula", "$$a<b$$", BlockKind.FORMULA, "$$\na< b\n$$"),
        ("Table", "<table><tr><td>a</td></tr></table>", BlockKind.TABLE, "| a |\n| --- |"),
        ("Never-heard-of", "plain", BlockKind.TEXT, "plain"),
    ],
)
def test_a_category_says_what_a_block_is(category: str, text: str, kind: BlockKind, markdown: str) -> None:
    (block,) = parse_dots(json.dumps([item(category, text)]), PAGE, SEEN).blocks
    assert (block.kind, block.markdown) == (kind, markdown)


def test_boxes_are_pixels_of_the_picture_that_the_model_saw() -> None:
    (block,) = parse_dots(json.dumps([item("Text")]), PAGE, SEEN).blocks
    assert block.box == Box(0.0, 0.0, 0.5, 0.5)


def test_page_headers_and_footers_are_left_out_and_the_order_is_kept() -> None:
    raw = json.dumps([item("Page-header"), item("Text", "b"), item("Text", "a"), item("Page-footer")])
    assert markdowns(raw) == ["b", "a"]


def test_a_picture_is_cut_out_and_linked() -> None:
    conversion = parse_dots(json.dumps([item("Caption", "Fig."), item("Picture", None)]), PAGE, SEEN)
    assert [block.markdown for block in conversion.blocks] == ["![Figure 1](figure:figure-1.png)", "Fig."]
    assert len(conversion.figures) == 1


def test_an_empty_list_is_a_page_with_nothing_on_it() -> None:
    assert parse_dots("[]", PAGE, SEEN).blocks == ()


def test_the_same_item_twice_is_shown_once() -> None:
    assert markdowns(json.dumps([item("Text")] * 3)) == ["words"]


def test_the_same_words_in_two_places_are_shown_twice() -> None:
    assert markdowns(json.dumps([item("Text"), item("Text", box=(0, 600, 406, 700))])) == ["words", "words"]


@pytest.mark.parametrize(
    "raw",
    [
        '```json\n[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}]\n```',
        '{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}',
        '{"layout": [{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}]}',
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"},]',
        '[{"bbox": [1, 2, 3, 4,], "category": "Text", "text": "first",},]',
        '[{"bbox": [1, 2, 3], "category": "Text", "text": "first"}]',
        '[{"bbox": [1, 2, 3, "category": "Text", "text": "first"}]',
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first',
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}, {"bbox": [1, 2',
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}, {"bbox": [1, 2, 3, 4], "cat',
        '[{"bbox": [1, 2, 3, 4], "text": "first", "category": "Text", }]',
        "[{'bbox': [1, 2, 3, 4], 'category': 'Text', 'text': \"first\"}]",
        'Here is the layout: [{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first"}] Done.',
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "first\x01\x02"}]',
        '[{"text": "first"}]',
    ],
)
def test_broken_json_still_gives_its_text(raw: str) -> None:
    assert markdowns(raw) == ["first"]


@pytest.mark.parametrize(
    ("said", "markdown"),
    [
        (r"\frac{a}{b} \beta \alpha", r"\frac{a}{b} \beta \alpha"),
        (
            r"\times \theta \text{x} \nu \nabla \neq \rho \right",
            r"\times \theta \text{x} \nu \nabla \neq \rho \right",
        ),
        (r"\\frac{a}{b} \\times", r"\frac{a}{b} \times"),
        (r"a\n= b", "a\n= b"),
        (r"\upsilon \u", r"\upsilon \u"),
    ],
)
def test_latex_keeps_its_backslashes_whether_they_were_escaped_or_not(said: str, markdown: str) -> None:
    raw = f'[{{"bbox": [1, 2, 3, 4], "category": "Formula", "text": "{said}"}}]'
    assert markdowns(raw) == [f"$$\n{markdown}\n$$"]


def test_a_new_line_outside_a_formula_stays_one() -> None:
    assert markdowns('[{"category": "Text", "text": "one\\nu. a. $\\nu$ \\times"}]') == [
        "one\nu. a. $\\nu$ \times"
    ]


def test_raw_newlines_and_bare_quotes_in_a_text_are_kept() -> None:
    raw = (
        '[{"bbox": [1, 2, 3], "category": "Text", "text": "He said "yes", "no"\nand left"}, {"text": "then"}]'
    )
    assert markdowns(raw) == ['He said "yes", "no"\nand left', "then"]


@pytest.mark.parametrize(
    "raw", ["", "Just words on a page.", "[1, 2, 3]", "{}", "null", "[" * 50_000, '"text"', '[{"a": 1}]']
)
def test_an_answer_without_any_layout_is_said_to_be_none(raw: str) -> None:
    with pytest.raises(NotLayout):
        parse_dots(raw, PAGE, SEEN)


CATEGORIES = [
    "Text",
    "Title",
    "Section-header",
    "List-item",
    "Table",
    "Formula",
    "Caption",
    "Footnote",
    "Picture",
]


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[str]]:
    found, words = [], []
    for number in range(draw(st.integers(1, 5))):
        text, said = draw(texts(str(number)))
        box = draw(st.lists(st.floats(-50, 2000) | st.just(float("inf")), min_size=3, max_size=5))
        found.append(item(draw(st.sampled_from(CATEGORIES)), text, tuple(box)))
        words += said
    return found, words


@quiet
@given(answers())
def test_no_text_is_lost_and_nothing_harmful_comes_through(
    answer: tuple[list[dict[str, object]], list[str]],
) -> None:
    conversion = parse_dots(json.dumps(answer[0]), PAGE, SEEN)
    assert_harmless(conversion)
    assert_all_there(answer[1], conversion)


@quiet
@given(answers(), st.integers(0, 60))
def test_an_answer_cut_anywhere_keeps_what_was_said_so_far(
    answer: tuple[list[dict[str, object]], list[str]], missing: int
) -> None:
    whole = json.dumps(answer[0])
    raw = whole[: max(whole.index('"text"') + 9, len(whole) - missing)]
    conversion = parse_dots(raw, PAGE, SEEN)
    assert_harmless(conversion)
    assert_all_there([word for word in answer[1] if re.search(rf"{word}\b", raw)], conversion)


@quiet
@given(answers())
def test_unescaped_text_is_not_lost(answer: tuple[list[dict[str, object]], list[str]]) -> None:
    """What a model writes that knows the shape of JSON but escapes nothing."""
    raw = "".join(
        f'{{"bbox": {i["bbox"]}, "category": "{i["category"]}", "text": "{i["text"]}"}},\n' for i in answer[0]
    )
    conversion = parse_dots(f"[{raw}]", PAGE, SEEN)
    assert_harmless(conversion)
    assert_all_there(answer[1], conversion)


@quiet
@given(answers(), SLICES)
def test_a_damaged_answer_is_converted_or_said_to_be_no_layout(
    answer: tuple[list[dict[str, object]], list[str]], slices: list[tuple[int, int]]
) -> None:
    try:
        conversion = parse_dots(damage(json.dumps(answer[0]), slices), PAGE, SEEN)
    except NotLayout:
        return
    assert_harmless(conversion)
