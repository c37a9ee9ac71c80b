"""An HTML table as a model wrote it, as a pipe table, or as clean HTML where cells span.

Comes in as text from a model, damaged or not. Only the tags below ever go out, with nothing but
`colspan` and `rowspan`; words outside of any cell stay as a paragraph before the table.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from papertray.engine.dialects.formulas import with_dollars
from papertray.engine.dialects.prose import tidy_prose
from papertray.engine.dialects.tokens import strip_tokens

_INLINE = ("sup", "sub", "br")
_KNOWN = "|".join(("table", "thead", "tbody", "tfoot", "tr", "td", "th", *_INLINE))
_DROPPED = re.compile(r"</?(?:b|i|u|p|em|strong|span|div|center|font|caption|col|colgroup)\b[^<>]*>", re.I)
_FOREIGN = re.compile(rf"<(?!/?(?:{_KNOWN})\b[^<>]*>)", re.IGNORECASE)
_CUT_OFF = re.compile(rf"""</?(?:{_KNOWN})(?:\s+(?:col|row)span=?["']?\d*["']?)*\s*\Z""", re.IGNORECASE)
_CUT_NAME = re.compile(r"</?([a-z]{0,5})\Z", re.IGNORECASE)
_SPAN = re.compile(r"[0-9]{1,3}")
_BAR, _ESCAPED_BAR = re.compile(r"\\?\|"), r"\\|"


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: `parts` are its words, HTML-escaped, and its inline tags."""

    tag: str
    spans: str = ""
    parts: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        return " ".join("".join(self.parts).split())

    @property
    def markdown(self) -> str:
        return tidy_prose(html.unescape(self.html))


class _Rows(HTMLParser):
    """Gathers the cells row by row; `outside` takes the words that are in none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[TableCell]] = []
        self.outside = TableCell("p")
        self._cell = self.outside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _INLINE:
            self._cell.parts.append(f"<{tag}>")
        elif tag in ("td", "th"):
            self._cell = TableCell(tag, _spans(attrs))
            self.rows = self.rows or [[]]
            self.rows[-1].append(self._cell)
        else:
            self._leave_cell()
            self.rows += [[]] if tag == "tr" else []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("sup", "sub"):
            self._cell.parts.append(f"</{tag}>")
        elif tag != "br":
            self._leave_cell()

    def handle_data(self, data: str) -> None:
        self._cell.parts.append(html.escape(with_dollars(data), quote=False))

    def _leave_cell(self) -> None:
        self._cell = self.outside
        self.outside.parts.append(" ")


def convert_table(markup: str) -> str:
    """Markdown for one table; just its words where there are no cells."""
    parser = _Rows()
    known = _DROPPED.sub(" ", _without_cut_tag(strip_tokens(markup)))
    parser.feed(_FOREIGN.sub("&lt;", known))
    parser.close()
    rows = [row for row in parser.rows if row]
    write = _as_html if any(cell.spans for row in rows for cell in row) else _as_pipes
    return "\n\n".join(part for part in (parser.outside.markdown, write(rows)) if part)


def _without_cut_tag(markup: str) -> str:
    """Without the beginning of a tag at the very end, where the answer was cut."""
    markup = _CUT_OFF.sub("", markup)
    begun = _CUT_NAME.search(markup)
    cut = begun and any(tag.startswith(begun[1].lower()) for tag in _KNOWN.split("|"))
    return markup[: begun.start()] if begun and cut else markup


def _as_pipes(rows: Sequence[Sequence[TableCell]]) -> str:
    if not any(cell.parts for row in rows for cell in row):
        return ""
    width = max(len(row) for row in rows)
    lines = [_line([cell.markdown for cell in row] + [""] * (width - len(row))) for row in rows]
    return "\n".join([lines[0], _line(["---"] * width), *lines[1:]])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_BAR.sub(_ESCAPED_BAR, cell) for cell in cells)} |"


def _as_html(rows: Sequence[Sequence[TableCell]]) -> str:
    lines = ["".join(f"<{c.tag}{c.spans}>{c.html}</{c.tag}>" for c in row) for row in rows]
    return "\n".join(["<table>", *(f"<tr>{line}</tr>" for line in lines), "</table>"])


def _spans(attrs: Sequence[tuple[str, str | None]]) -> str:
    found = {name: int(value) for name, value in attrs if value and _SPAN.fullmatch(value)}
    return "".join(f' {name}="{found[name]}"' for name in ("colspan", "rowspan") if found.get(name, 1) > 1)
