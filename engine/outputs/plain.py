"""Markdown as the text that a person sees: headings and lists as lines, the cells of a table between tabs."""

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from papertray.engine.outputs.tables import tables_of_html

_PARAGRAPHS = frozenset(
    {"heading_close", "paragraph_close", "table_close", "fence", "math_block", "html_block"}
)
_SAYS = frozenset({"text", "image", "code_inline", "math_inline", "math_inline_double"})
_VERBATIM = frozenset({"fence", "code_block", "math_block", "math_block_label"})


@cache
def markdown_parser() -> MarkdownIt:
    """For what notes hold: CommonMark, tables, struck text and formulas."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, double_inline=True)
    return parser


def markdown_as_text(markdown: str) -> str:
    """Lines; between paragraphs a blank one."""
    writer = _PlainWriter()
    for token in markdown_parser().parse(markdown):
        writer.take(token)
    return "\n".join(writer.lines).strip("\n")


def inline_text(tokens: Sequence[Token]) -> str:
    """What a line of text says, without how it is set."""
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "html_inline":
            parts.append("\n" if token.content.startswith("<br") else "")
        elif token.type in _SAYS:
            parts.append(token.content)
    return "".join(parts)


class _PlainWriter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._lists: list[int | None] = []  # the next number of each list that is open; None: bullets
        self._mark = ""
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            self._end_paragraph()
        elif token.type == "list_item_open":
            self._mark = self._next_mark()
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close":
            self.lines.append("\t".join(self._cells or ()))
            self._cells = None
        elif token.type == "inline":
            self._write(inline_text(token.children or ()))
        elif token.type in _VERBATIM:
            self._write(token.content.rstrip("\n"))
        elif token.type == "html_block":
            for row in (row for table in tables_of_html(token.content) for row in table.rows):
                self.lines.append("\t".join(" ".join(cell.split()) for cell in row))
        if token.type in _PARAGRAPHS and not self._lists and self._cells is None:
            self._end_paragraph()

    def _write(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(" ".join(text.split()))
            return
        indent = "  " * (len(self._lists) - 1)
        first, *rest = (self._mark + text).split("\n")
        hanging = " " * len(self._mark)
        self.lines += [indent + first, *(indent + hanging + line for line in rest)]
        self._mark = ""

    def _next_mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _end_paragraph(self) -> None:
        if self.lines and self.lines[-1] and not self._lists:
            self.lines.append("")
