"""Markup that models write where Markdown was wanted: shapes of public answers, described anew."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.dialects.plain import parse_plain
from tests.engine.dialects.damaged_answers import SLICES, assert_all_there, assert_harmless, damage, texts

quiet = settings(derandomize=True, deadline=None, max_examples=150)


def markdown(raw: str) -> str:
    return "\n\n".join(block.markdown for block in parse_plain(raw).blocks)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("The gain $ G $ of $ \\alpha_{1} $ is 3 $ \\% $.", "The gain $G$ of $\\alpha_{1}$ is 3 %."),
        ("It costs $ 5 or $ 6 a day.", "It costs $ 5 or $ 6 a day."),
        ("[1] Chen. $ \\underline{\\text{On ships, 2024.}} $", "[1] Chen. On ships, 2024."),
        ("$ \\textcircled{1} $ first $ \\textcircled{21} $ last", "① first (21) last"),
        ("$ \\boxed{\\checkmark} $ yes $ \\square $ no", "☑ yes ☐ no"),
        ("Smith $ ^{1} $ wrote", "Smith $^{1}$ wrote"),
    ],
)
def test_formulas_with_blanks_in_their_dollars_become_formulas_and_signs_become_signs(
    raw: str, shown: str
) -> None:
    assert markdown(raw) == shown


def test_formulas_that_only_their_environment_tells_stand_alone() -> None:
    assert markdown("So\n\\begin{equation}\nE=mc^2 \\tag{1}\n\\end{equation}\nholds") == (
        "So\n\n$$E=mc^2 \\tag{1}$$\n\nholds"
    )
    aligned = "\\begin{align}\na &= b\n\\end{align}"
    assert markdown(aligned) == f"$${aligned}$$"
    assert markdown(f"$$\n{aligned}\n$$") == f"$${aligned}$$"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<p>One</p><p>Two <b>bold</b> and <i>it</i></p>", "One\n\nTwo **bold** and *it*"),
        ("<h1>Head</h1><ul><li>a</li><li>b</li></ul>", "# Head\n\n- a\n- b"),
        (
            "<!DOCTYPE html><html><head><style>td{}</style></head><body><h2>Bill</h2>3</body></html>",
            "## Bill\n\n3",
        ),
        ('<div style="text-align: center;"><img src="imgs/a.jpg" /></div>\n<div>Figure 1</div>', "Figure 1"),
        ("\\textbf{Total} and \\textit{x}", "**Total** and *x*"),
        ("Use <p> for paragraphs.", "Use &lt;p> for paragraphs."),
        ("```sh\nls <p>x</p>\n```\n\nand", "```sh\nls <p>x</p>\n```\n\nand"),
        ("```html\n<p>One</p>\n```\nand\n\n```sh\nls\n```", "One\n\nand\n\n```sh\nls\n```"),
    ],
)
def test_a_page_wrapped_in_html_or_latex_is_read_as_markdown(raw: str, shown: str) -> None:
    assert markdown(raw).replace("< ", "<") == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("---\nprimary_language: en\nis_rotation_valid: True\nis_table: False\n---\nText.", "Text."),
        ("---\ntitle: Report\n---\nText.", "---\ntitle: Report\n---\nText."),
        (
            "<watermark>COPY</watermark>\nText\n<img>A chart</img>\n<page_number>14</page_number>",
            "COPY\nText",
        ),
        ("<think>\nA page.\n</think>\n# Page", "# Page"),
        ("Text\n\n![image](image_1.png)312,104,711,500\n\nmore", "Text\n\nmore"),
        ("```markdown\n# A\n```\n\n```markdown\n# B\n```", "# A\n\n# B"),
    ],
)
def test_what_stands_on_no_page_goes(raw: str, shown: str) -> None:
    assert markdown(raw) == shown


def test_a_table_in_a_cell_is_the_words_of_the_cell() -> None:
    inner = "<table><tr><td>in</td><td>side</td></tr></table>"
    assert markdown(f"<table><tr><td>{inner}</td><td>x</td></tr></table>") == "| in side | x |\n| --- | --- |"
    begun = "<table><tr><td>a</td></tr>\n\n<table><tr><td>b</td></tr></table>"
    assert markdown(begun) == "| a |\n| --- |\n| b |"


MARKUP = st.sampled_from(
    [
        *(
            "<p>{}</p>",
            "<div>{}</div>",
            "<h2>{}</h2>",
            "<ul><li>{}</li></ul>",
            "<b>{}</b>",
            "<watermark>{}</watermark>",
        ),
        *("\\textbf{{{}}}", "$ {} $", "$ \\text{{{}}} $", "\\begin{{equation}}\n{}\n\\end{{equation}}", "{}"),
        *(
            "<table><tr><td>{}</td></tr></table>",
            "<table><tr><td><table><tr><td>{}</td></tr></table></td></tr></table>",
        ),
        *("```markdown\n{}\n```", "<html><body>{}</body></html>", "<think>\nHm.\n</think>\n{}"),
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, list[str]]:
    raw, words = "", list[str]()
    for number in range(draw(st.integers(1, 5))):
        text, said = draw(texts(str(number)))
        raw += draw(MARKUP).format(text) + draw(st.sampled_from(["", "\n", "\n\n"]))
        words += said
    return raw, words


@quiet
@given(answers(), SLICES)
def test_no_text_is_lost_in_markup_and_nothing_harmful_comes_through(
    answer: tuple[str, list[str]], slices: list[tuple[int, int]]
) -> None:
    conversion = parse_plain(answer[0])
    assert_harmless(conversion)
    assert_all_there(answer[1], conversion)
    assert_harmless(parse_plain(damage(answer[0], slices)))
