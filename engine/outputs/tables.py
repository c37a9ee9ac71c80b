"""The tables of a text, cell by cell: those that Markdown draws and those that stand there as HTML.

Takes Markdown; gives plain values. A cell over several columns or rows has its words in the first of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

_MOST = 1000
"""No cell reaches over more rows or columns than this."""


_SETTINGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("s", "del", "strike"), "strike"),
    "u": "underline",
    "sup": "superscript",
    "sub": "subscript",
    "code": "code",
}


@dataclass(frozen=True, slots=True)
class CellPiece:
    """A stretch of a cell's text that is `set` in one way: bold, italic, strike …; perhaps a link."""

    text: str
    set: frozenset[str] = frozenset()
    address: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    pieces: tuple[CellPiece, ...]
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_head: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class TableGrid:
    """`cells` in reading order; no two of them share a place."""

    cells: tuple[GridCell, ...]

    @property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    @property
    def rows(self) -> list[list[str]]:
        """As a rectangle of texts."""
        rows = [[""] * self.width for _ in range(self.height)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell.text
        return rows


def tables_of_html(html: str) -> list[TableGrid]:
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    return [TableGrid(tuple(_placed(rows))) for rows in parser.tables if any(rows)]


@dataclass(slots=True)
class _HtmlCell:
    columns: int
    rows: int
    is_head: bool
    pieces: list[CellPiece] = field(default_factory=list)


class _TableParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_HtmlCell]]] = []
        self._cell: _HtmlCell | None = None
        self._open: list[str] = []
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._open, self._address = [], ""
            self._cell = _HtmlCell(_span(told.get("colspan")), _span(told.get("rowspan")), tag == "th")
            self.tables[-1][-1].append(self._cell)
        elif tag == "br" and self._cell:
            self._add("\n")
        elif tag == "a":
            self._address = told.get("href") or ""
        elif tag in _SETTINGS:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._cell = None
        elif tag == "a":
            self._address = ""
        elif tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        self._add(data.replace("\n", " "))

    def _add(self, text: str) -> None:
        if self._cell:
            settings = frozenset(_SETTINGS[tag] for tag in self._open)
            self._cell.pieces.append(CellPiece(text, settings, self._address))


def _placed(rows: list[list[_HtmlCell]]) -> list[GridCell]:
    taken: set[tuple[int, int]] = set()
    placed = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            height = min(cell.rows, len(rows) - number)
            taken |= {
                (number + down, column + right) for down in range(height) for right in range(cell.columns)
            }
            pieces = _tidy(cell.pieces)
            placed.append(GridCell(pieces, number, column, height, cell.columns, cell.is_head))
            column += cell.columns
    return placed


def _tidy(pieces: Iterable[CellPiece]) -> tuple[CellPiece, ...]:
    """With single blanks, and none where a line begins or ends."""
    kept: list[tuple[str, CellPiece]] = []
    letters = ((letter, piece) for piece in pieces for letter in piece.text)
    for letter, settled in letters:
        if not letter.isspace():
            kept.append((letter, settled))
        elif kept and not kept[-1][0].isspace():
            kept.append((letter if letter == "\n" else " ", settled))
        elif kept and letter == "\n":
            kept[-1] = (letter, kept[-1][1])
    while kept and kept[-1][0].isspace():
        kept.pop()
    return tuple(
        CellPiece("".join(letter for letter, _ in letters), settings, address)
        for (settings, address), letters in groupby(kept, key=lambda one: (one[1].set, one[1].address))
    )


def _span(told: str | None) -> int:
    return min(max(int(told), 1), _MOST) if told and told.isdecimal() else 1
