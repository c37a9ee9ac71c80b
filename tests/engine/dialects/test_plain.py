"""Answers without places: OTSL tables, fences and LaTeX frames around them, lines that stay lines."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.dialects.formulas import display_formula, with_dollars
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.dialects.plain import parse_plain
from papertray.engine.dialects.tables import convert_table
from papertray.engine.pages import BlockKind
from tests.engine.dialects.damaged_answers import SLICES, assert_all_there, assert_harmless, damage, texts

quiet = settings(derandomize=True, deadline=None, max_examples=250)


def markdown(raw: str) -> str:
    return "\n\n".join(block.markdown for block in parse_plain(raw).blocks)


@pytest.mark.parametrize(
    ("otsl", "shown"),
    [
        (
            "<fcel>Item<fcel>Price<nl><fcel>Tea<ecel><nl>",
            "| Item | Price |\n| --- | --- |\n| Tea |  |",
        ),
        (
            "<fcel>A<lcel><fcel>B<nl><ucel><xcel><fcel>2<nl>",
            '<table>\n<tr><td colspan="2" rowspan="2">A</td><td>B</td></tr>\n<tr><td>2</td></tr>\n</table>',
        ),
        ("<fcel>a<fcel>b<nl><fcel>c<fc", "| a | b |\n| --- | --- |\n| c |  |"),
        (
            "<lcel><fcel>a<nl><ucel><fcel>b<nl>",
            '<table>\n<tr><td rowspan="2"></td><td>a</td></tr>\n<tr><td>b</td></tr>\n</table>',
        ),
        ("Costs\n<fcel>a<nl>paid", "Costs\n\n| a |\n| --- |\n\npaid"),
    ],
)
def test_a_table_in_otsl_becomes_a_table(otsl: str, shown: str) -> None:
    assert markdown(otsl) == shown


@pytest.mark.parametrize("cut", ["</the", "</td", "<t", "</", "<", "<td colspan="])
def test_a_table_cut_inside_a_tag_keeps_its_cells_and_nothing_else(cut: str) -> None:
    assert convert_table(f"<table><tr><td>a</td><td>b{cut}") == "| a | b |\n| --- | --- |"


def test_words_that_only_look_like_the_beginning_of_a_tag_stay() -> None:
    assert convert_table("<table><tr><td>a <xyz") == "| a &lt;xyz |\n| --- |"


@pytest.mark.parametrize("number", [r"\quad (4)", r"\qquad(4.1)", r"\hfill (4)", r"\tag{4}"])
def test_the_number_behind_a_formula_goes_inside_it(number: str) -> None:
    assert display_formula(rf"\[ z \] {number}") == f"$$\nz {number}\n$$"
    assert with_dollars(rf"so \[ z \] {number} holds") == f"so $$z {number}$$ holds"


@pytest.mark.parametrize(
    "raw",
    [
        "```markdown\n# Report\n\nWords.\n```",
        "```\n# Report\n\nWords.\n```\n```\n```",
        "```html\n# Report\n\nWords.",
        "\\documentclass[a4paper]{article}\n\\usepackage{amsmath}\n\\title{Report}\n\\begin{document}\n\\maketitle\n"
        "Words.\n\\end{document}",
        "```latex\n\\documentclass{article}\n\\begin{document}\n\\section*{Report}\nWords.\n\\end{document}\n```",
    ],
)
def test_what_was_wrapped_around_a_whole_answer_goes_and_its_content_stays(raw: str) -> None:
    assert markdown(raw).replace("## Report", "# Report") == "# Report\n\nWords."


def test_a_page_that_is_a_program_stays_one() -> None:
    assert markdown("```python\nprint()\n```") == "```python\nprint()\n```"
    assert markdown("See:\n\n```\nls\n```") == "See:\n\n```\nls\n```"


def test_a_program_within_a_wrapped_answer_keeps_its_fence() -> None:
    assert markdown("```markdown\nSee:\n\n```sh\nls\n```\n```") == "See:\n\n```sh\nls\n```"


@pytest.mark.parametrize(
    "lines",
    [
        "Harbour Office\n12 Quay Road\nBayside 4312",
        "Introduction ........ 3\nThe harbour ......... 12",
        "Row, row, row your boat\nGently down the stream\nMerrily, merrily\nLife is but a dream",
    ],
)
def test_lines_of_an_address_a_poem_or_a_table_of_contents_stay_lines(lines: str) -> None:
    (block,) = markdown_paragraphs(lines)
    assert (block.kind, block.markdown) == (BlockKind.TEXT, lines.replace("\n", "  \n"))


@pytest.mark.parametrize(
    "paragraph",
    [
        "The harbour master kept a careful journal of every vessel\nThat came in 1887.",
        "Most captains arrived\nbefore noon in\nthe year 1887.",
        "# Report\nWords\nOf 1887",
    ],
)
def test_lines_of_a_paragraph_may_run_together(paragraph: str) -> None:
    assert [block.markdown for block in markdown_paragraphs(paragraph)] == [paragraph]


OTSL = st.sampled_from(["<fcel>", "<ecel>", "<lcel>", "<ucel>", "<xcel>", "<nl>", "<nl>", "", "\n", "<fc"])
WRAPPERS = st.sampled_from(
    ["{}", "```markdown\n{}\n```", "```\n{}", "\\documentclass{{a}}\n\\begin{{document}}\n{}"]
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, list[str]]:
    raw, words = "", list[str]()
    for number in range(draw(st.integers(1, 6))):
        text, said = draw(texts(str(number)))
        raw += draw(OTSL) + text
        words += said
    return draw(WRAPPERS).format(raw + draw(OTSL)), words


@quiet
@given(answers())
def test_no_text_is_lost_and_nothing_harmful_comes_through(answer: tuple[str, list[str]]) -> None:
    conversion = parse_plain(answer[0])
    assert_harmless(conversion)
    assert_all_there(answer[1], conversion)
    assert not any(re.search(r"<[feluxn]c?e?l>", block.markdown) for block in conversion.blocks)


@quiet
@given(answers(), SLICES)
def test_a_damaged_answer_never_raises_nor_does_harm(
    answer: tuple[str, list[str]], slices: list[tuple[int, int]]
) -> None:
    assert_harmless(parse_plain(damage(answer[0], slices)))
