"""Each table as a CSV file of its own, as spreadsheets open it: UTF-8 with its mark, and commas.

A cell that a spreadsheet would take for a formula gets an apostrophe before it: what stands in a scan is
never run. Numbers stay as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from papertray.engine.outputs.html import document_html
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.outputs.tables import tables_of_html

_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\s*[\d.,]+(?:\s*[^\W\d_]{0,3}|\s*[%$€£¥])?\s*$)")


def write_csv(reading: FinishedReading) -> list[OutputFile]:
    """Nothing where there is no table."""
    tables = tables_of_html(document_html(reading))
    return [
        OutputFile(f".table-{number}.csv", format_csv(table.rows))
        for number, table in enumerate(tables, start=1)
    ]


def format_csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_as_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _as_text(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
