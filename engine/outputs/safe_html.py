"""Turn a note's Markdown into HTML that is safe to show, for the page.

Takes text that somebody else wrote, a model or whoever made the scan, and trusts none of it: what comes out
holds the tags named below and no others, no picture from anywhere, no address but the web's and mail's.
A figure comes out as `<img data-figure=NAME>`, without a source: only the page knows where it may come from.
"""

import re
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

from papertray.engine.pages import FIGURE_SCHEME

_LONGEST_FORMULA = 4000  # characters; beyond, its source is shown

_TEXT = "a abbr b blockquote br code del em h2 h3 h4 h5 h6 hr i img li ol p pre s strong sub sup u ul"
_TABLES = "caption table tbody td tfoot th thead tr"
_FORMULAS = (
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup"
    " mtable mtd mtext mtr munder munderover"
)
_TAGS = {*_TEXT.split(), *_TABLES.split(), *_FORMULAS.split()}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "data-figure"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "math": {"display"},
    "mo": {"fence", "form", "maxsize", "minsize", "stretchy"},
    "mi": {"mathvariant"},
    "mspace": {"width"},
}
ADDRESSES = {"http", "https", "mailto"}
_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")  # which the converter knows as align* only


def render_html(markdown: str) -> str:
    """Safe HTML for one block, or for a whole note."""
    text = markdown.encode("utf-8", "replace").decode()  # names of files may hold what UTF-8 cannot say
    return nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=ADDRESSES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer",
    )


def render_formula(latex: str, options: dict[str, Any]) -> str:
    """MathML, or the source where that cannot be had; not safe yet: `render_html` cleans it."""
    from latex2mathml.converter import convert

    display = "block" if options.get("display_mode") else "inline"
    if len(latex) <= _LONGEST_FORMULA:
        try:
            return convert(_ALIGNED.sub(r"\\\1{align*}", latex), display=display)
        except Exception:  # the converter raises whatever comes; RecursionError and IndexError, too
            pass
    return f"<code>{escapeHtml(latex)}</code>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, renderer=render_formula, double_inline=True)
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("image", _image)
    return parser


def _lower_headings(state: Any) -> None:
    """The page has a title of its own: a note's first heading is one below it."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    source, alt = (
        str(token.attrGet("src") or ""),
        renderer.renderInlineAsText(token.children or [], options, env),
    )
    if not source.startswith(FIGURE_SCHEME):
        return escapeHtml(alt)
    return f'<img data-figure="{escapeHtml(source.removeprefix(FIGURE_SCHEME))}" alt="{escapeHtml(alt)}">'
