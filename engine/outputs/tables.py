"""The tables of a text, cell by cell: those that Markdown draws and those that stand there as HTML.

Takes Markdown; gives plain values. A cell over several columns or rows has its words in the first of them.
"""

from dataclasses import dataclass
from html.parser import HTMLParser

_MOST = 1000
"""No cell reaches over more rows or columns than this."""


@dataclass(frozen=True, slots=True)
class GridCell:
    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


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
    text: str = ""


class _TableParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_HtmlCell]]] = []
        self._cell: _HtmlCell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            told = dict(attrs)
            self._cell = _HtmlCell(_span(told.get("colspan")), _span(told.get("rowspan")))
            self.tables[-1][-1].append(self._cell)
        elif tag == "br" and self._cell:
            self._cell.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._cell.text += data


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
            lines = (" ".join(line.split()) for line in cell.text.split("\n"))
            placed.append(GridCell("\n".join(lines).strip(), number, column, height, cell.columns))
            column += cell.columns
    return placed


def _span(told: str | None) -> int:
    return min(max(int(told), 1), _MOST) if told and told.isdecimal() else 1
