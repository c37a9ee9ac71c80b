"""Tables in OTSL, as PaddleOCR-VL writes them, as the HTML that the other dialects know.

`<fcel>` begins a cell with words, `<ecel>` an empty one; `<lcel>` belongs to the cell on its left, `<ucel>`
to the one above, `<xcel>` to both; `<nl>` ends a row. Words before the first cell stay words.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"<(fcel|ecel|lcel|ucel|xcel|nl|ched|rhed|srow)>")
_BEGINS = re.compile(r"<(?:fcel|ecel|lcel|ucel|xcel|ched|rhed|srow)>")
_CUT_OFF = re.compile(r"<(?:[felux](?:c(?:el?)?)?|n|ch?e?|rh?e?|sr?o?)?\Z")
_TAG_IN_WORDS = re.compile(
    r"<(?!/?(?:sup|sub|br)\s*/?>)", re.IGNORECASE
)  # a table of HTML would be cut by it
_MERGED = ("lcel", "ucel", "xcel")

Cell = tuple[str, str]
"""What sort of cell it is, and its words."""


def otsl_as_html(text: str) -> str:
    """The same text, each of its OTSL tables an HTML table."""
    begins = _BEGINS.search(text)
    if not begins:
        return text
    before, table = text[: begins.start()].rstrip(), _CUT_OFF.sub("", text[begins.start() :])
    last = table.rfind("<nl>")
    after = _words_after(table[last + 4 :]) if last >= 0 else ""
    table = table[: len(table) - len(after)] if after else table
    rows = [row for row in _rows(table) if row]
    lines = ("".join(_cells(rows, number)) for number in range(len(rows)))
    markup = "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
    return "\n\n".join(part for part in (before, markup, after.strip()) if part)


def _words_after(rest: str) -> str:
    return "" if _TOKEN.search(rest) or not rest.strip() else rest


def _rows(table: str) -> Iterator[list[Cell]]:
    row = list[Cell]()
    parts = _TOKEN.split(table)
    for sort, words in zip(parts[1::2], parts[2::2], strict=True):
        if sort == "nl":
            yield row
            row = []
            if words.strip():
                row.append(("fcel", words.strip()))
        else:
            row.append((sort, words.strip()))
    yield row


def _cells(rows: list[list[Cell]], number: int) -> Iterator[str]:
    """The cells of a row that are not part of another's."""
    row = rows[number]
    for column, (sort, words) in enumerate(row):
        if sort in _MERGED and not words and _has_owner(rows, number, column):
            continue
        wide = _run(row[column + 1 :], ("lcel",))
        below = [other[column] if column < len(other) else ("", "") for other in rows[number + 1 :]]
        high = _run(below, ("ucel",))
        spans = "".join(
            f' {name}="{size + 1}"' for name, size in (("colspan", wide), ("rowspan", high)) if size
        )
        tag = "th" if sort in ("ched", "rhed") else "td"
        yield f"<{tag}{spans}>{_TAG_IN_WORDS.sub('&lt;', words).replace('![', '! [')}</{tag}>"


def _has_owner(rows: list[list[Cell]], number: int, column: int) -> bool:
    """Nothing is left of the first column or above the first row, whatever the model says."""
    sort = rows[number][column][0]
    above = number > 0 and column < len(rows[number - 1])
    return {"lcel": column > 0, "ucel": above, "xcel": column > 0 and above}[sort]


def _run(cells: list[Cell], sorts: tuple[str, ...]) -> int:
    """How many cells go on with the one before them."""
    count = 0
    for sort, words in cells:
        if sort not in sorts or words:
            break
        count += 1
    return count
