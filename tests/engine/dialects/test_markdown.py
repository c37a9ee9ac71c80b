"""What models write as Markdown, LaTeX and HTML, as it may stand in a note."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.dialects.formulas import display_formula, with_dollars
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.dialects.prose import tidy_prose
from papertray.engine.dialects.tables import convert_table
from tests.engine.dialects.damaged_answers import NOISE


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**bold** and `code`", "**bold** and `code`"),
        ("a < b and c<3", "a < b and c<3"),
        ("x<y", "x&lt;y"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<!-- page 2 of 5 -->", "&lt;!-- page 2 of 5 -->"),
        ("H<sub>2</sub>O<BR/>", "H<sub>2</sub>O<br/>"),
        ("<center>Fig. 1</center>", "Fig. 1"),
        ("<<center>script>", "&lt;script>"),
        ("<sup onclick=x>", "&lt;sup onclick=x>"),
        ("`<b>` and $a<b$", "`< b>` and $a< b$"),
        ("![cat](http://example.org/cat.png)", r"\![cat](http://example.org/cat.png)"),
        ("[paper](https://example.org)", "[paper](https://example.org)"),
        ("[me](javascript:alert)", r"[me\](javascript:alert)"),
        ("f[x](y)", r"f[x\](y)"),
        ("[me]: data:text/html", r"[me]\: data:text/html"),
        ("[<script>[x]: javascript:y", r"[&lt;script>[x]\: javascript:y"),
        ("[1]: https://example.org", r"[1]\: https://example.org"),
        (r"\![x](http://e.org) \\![x](y)", r"\![x](http://e.org) \\\![x\](y)"),
        (r"\<b> \\<b>", r"&lt;b> \\&lt;b>"),
        ("> [x\ny]: data:z", "> [x\ny]\\: data:z"),
        (r"\`![x](http://e.org)\`", r"\`! [x](http://e.org)\`"),
        ("`[x](data:y)`", "`[x] (data:y)`"),
        ("end<｜end▁of▁sentence｜>", "end"),
        ("<|<|ref|>ref|>x", "x"),
        ("f <| x |> g", "f &lt;| x |> g"),
    ],
)
def test_text_keeps_its_markdown_and_loses_what_could_do_harm(said: str, shown: str) -> None:
    assert tidy_prose(said) == shown


def test_formulas_get_the_delimiters_that_notes_know() -> None:
    assert with_dollars(r"a \\[2pt] b \\[3pt]") == r"a \\[2pt] b \\[3pt]"
    assert with_dollars("a \\( x \\) b \\[\ny\n\nz\n\\] c \\(\\)") == "a $x$ b $$y\nz$$ c \\(\\)"


@pytest.mark.parametrize("latex", ["x", "$x$", "$$x$$", r"\(x\)", r"\[x\]", " \\[\n\nx\n\n\\]\n"])
def test_a_formula_of_its_own_loses_the_delimiters_it_came_with(latex: str) -> None:
    assert display_formula(latex) == "$$\nx\n$$"


def test_a_fence_left_open_is_closed() -> None:
    (block,) = markdown_paragraphs("```py\nprint()\n\nprint()")
    assert block.markdown == "```py\nprint()\n\nprint()\n```"


def test_a_table_without_spans_becomes_a_pipe_table() -> None:
    html = (
        "<table><thead><tr><th>Item</th><th>A|B</th></tr></thead><tbody><tr><td><b>Tea</b>\n &amp; milk</td>"
        "<td>1<br>2<sup>3</sup></td></tr><tr><td>\\(x\\)</td></tr></tbody></table>"
    )
    assert convert_table(html) == (
        "| Item | A\\|B |\n| --- | --- |\n| Tea & milk | 1<br>2<sup>3</sup> |\n| $x$ |  |"
    )


def test_a_table_with_spans_becomes_clean_html() -> None:
    html = (
        '<TABLE border=1 onload="x"><tr><th colspan="2" style="y">a</th><td rowspan=1>b &lt; c</td></table>'
    )
    assert convert_table(html) == '<table>\n<tr><th colspan="2">a</th><td>b &lt; c</td></tr>\n</table>'


@pytest.mark.parametrize("span", ["0", "-2", "1", "9999", "2x", "javascript:", "²"])
def test_a_span_that_is_none_is_left_out(span: str) -> None:
    assert convert_table(f'<table><tr><td colspan="{span}">a</td></tr></table>') == "| a |\n| --- |"


def test_a_table_cut_off_keeps_its_cells() -> None:
    assert convert_table("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td colspan=") == (
        "| a | b |\n| --- | --- |\n| c |  |"
    )


def test_words_outside_of_any_cell_stay() -> None:
    html = "<table><caption>Costs</caption><tr>loose<td>a</td>between<td>b</td></tr>"
    assert convert_table(html) == "Costs loose between\n\n| a | b |\n| --- | --- |"


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.lists(NOISE, max_size=12).map("".join))
def test_no_table_lets_through_a_tag_that_is_not_one_of_a_table(html: str) -> None:
    written = convert_table(html)
    tags = {name.lower() for name in re.findall(r"<[/!?|｜]?([A-Za-z]*)", written) if name or "<|" in written}
    assert tags <= {"table", "tr", "td", "th", "sup", "sub", "br"}
