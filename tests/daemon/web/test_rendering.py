"""What a note's text becomes in the page: its meaning stays, and nothing of it can come alive."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.outputs.safe_html import render_html

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "![x](https://elsewhere.example/pixel.png)",
    "<iframe src='https://elsewhere.example'></iframe><object data=x></object><embed src=x>",
    "<form action='https://elsewhere.example'><input name=q><button>go</button></form>",
    "<p style='position:fixed;inset:0' onclick='alert(1)' id=view class=lost>x</p>",
    "<style>*{display:none}</style><link rel=stylesheet href=x><base href=x><meta http-equiv=refresh>",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\href{javascript:alert(1)}{x}$ $\style{color:red}{x}$ $\class{lost}{x}$",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'><maction actiontype='statusline#http://x'>x</maction></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '```"><script>alert(1)</script>\nx\n```',
)
ALIVE = {
    "script",
    "style",
    "svg",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "link",
    "base",
    "meta",
}


class Seen(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update((name, value or "") for name, value in attrs)


def check_dead(html: str) -> None:
    seen = Seen(html)
    assert not seen.tags & ALIVE, html
    for name, value in seen.attributes:
        assert name not in ("src", "style", "class", "id", "action", "srcset"), html
        assert not name.startswith("on"), html
        assert name != "href" or value.lower().startswith(("http:", "https:", "mailto:")), html


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_hostile_comes_alive(markdown: str) -> None:
    check_dead(render_html(markdown))


@given(
    st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "`", "$", "<table><td>", "</", "<!--", "\ud800"]))
)
@settings(derandomize=True, deadline=None, database=None, max_examples=150)
def test_nothing_hostile_comes_alive_in_any_company(parts: list[str]) -> None:
    check_dead(render_html("".join(parts)))


def test_a_table_with_joined_cells_stays_one() -> None:
    html = render_html('<table>\n<tr><td colspan="2" onclick="x">Sum</td></tr>\n</table>')
    assert '<td colspan="2">Sum</td>' in html


def test_formulas_become_mathml() -> None:
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in render_html("so $x^2$ grows")
    assert '<math display="block">' in render_html("$$\n\\frac{a}{b}\n$$")


def test_an_aligned_formula_has_rows() -> None:
    html = render_html("$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$")
    assert html.count("<mtr>") == 2
    assert "&amp;" not in html


@pytest.mark.parametrize("latex", [r"\frac{", "a^", r"\left(", "{" * 3000, "x^" * 1500 + "x"])
def test_a_formula_that_cannot_be_drawn_shows_its_source(latex: str) -> None:
    assert f"<code>{latex}</code>" in render_html(f"${latex}$")


def test_prices_are_no_formulas() -> None:
    assert render_html(r"from \$5 to \$7") == "<p>from $5 to $7</p>\n"


def test_a_figure_has_a_name_and_no_source() -> None:
    assert '<img data-figure="figure-1.png" alt="A &lt;b&gt; plot">' in render_html(
        "![A <b> plot](figure:figure-1.png)"
    )


def test_the_first_heading_is_one_below_the_title_of_the_page() -> None:
    assert render_html("# A\n\n## B") == "<h2>A</h2>\n<h3>B</h3>\n"
