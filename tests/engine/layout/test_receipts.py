"""Receipts are read row by row, as they are printed."""

from dataclasses import replace

import pytest

from papertray.engine.layout.lines import Line
from papertray.engine.layout.receipts import is_receipt
from papertray.engine.pages import BlockKind
from tests.engine.layout.lines_made import HIGH, STEP, column, line, page, shown

SHOP = """
FERN AND SONS GROCERY
4 MILL LANE
PORTSEA

GOODS
""".strip()

ENDS = (280.0, 420.0, 560.0)
"""Where amounts, prices and sums end."""

BILL = (
    ("RYE BREAD", "1", "2.30", "2.30"),
    ("WITH CARAWAY",),
    ("OAT MILK", "2", "1.40", "2.80"),
    ("DRIED APRICOTS", "1", "4.95", "4.95"),
    ("FROM TURKEY",),
    ("TEA", "3", "2.00", "6.00"),
    ("EARL GREY",),
)
SUMS = (("SUBTOTAL", "16.05"), ("CASH", "20.00"), ("CHANGE", "3.95"))


def right(text: str, edge: float, top: float) -> Line:
    made = line(text, 0, top)
    return line(text, edge - made.rect.width, top)


def receipt(lean: float = 0.0) -> list[Line]:
    """`lean` is by how much each cell stands lower than the one to its left."""
    lines = column(SHOP, 20, 0)
    top = lines[-1].rect.top + 2 * STEP
    for name, *values in BILL:
        lines.append(line(name, 0, top))
        places = enumerate(zip(values, ENDS, strict=False), start=1)
        lines.extend(right(value, edge, top + lean * at) for at, (value, edge) in places)
        top += STEP
    top += STEP
    for at, (name, value) in enumerate(SUMS):
        lines += [line(name, 200, top + at * STEP), right(value, ENDS[-1], top + at * STEP)]
    return [*lines, *column("GOODS SOLD ARE NOT\nTAKEN BACK", 100, top + 5 * STEP)]


@pytest.mark.parametrize("lean", [0.0, 9.0])
def test_receipts_are_read_row_by_row_and_keep_their_lines(lean: float) -> None:
    items = """| RYE BREAD | 1 | 2.30 | 2.30 |
| --- | --- | --- | --- |
| WITH CARAWAY |  |  |  |
| OAT MILK | 2 | 1.40 | 2.80 |
| DRIED APRICOTS | 1 | 4.95 | 4.95 |
| FROM TURKEY |  |  |  |
| TEA | 3 | 2.00 | 6.00 |
| EARL GREY |  |  |  |"""
    sums = "| SUBTOTAL | 16.05 |\n| --- | --- |\n| CASH | 20.00 |\n| CHANGE | 3.95 |"
    found = shown(*receipt(lean))
    assert [block for block in found if block.startswith("|")] == [items, sums]
    assert "4 MILL LANE\\\nPORTSEA" in "\n\n".join(found)
    assert found[-1] == "GOODS SOLD ARE NOT\\\nTAKEN BACK"


def test_a_name_that_could_not_be_read_leaves_its_cell_empty() -> None:
    lines = [one for one in receipt() if one.text != "OAT MILK"]
    assert "|  | 2 | 1.40 | 2.80 |" in "\n".join(shown(*lines))


def test_sums_of_a_receipt_are_no_headings() -> None:
    lines = receipt()
    top = max(one.rect.bottom for one in lines) + STEP
    found = page(*lines, line("TOTAL RM 16.05", 0, top, size=2 * HIGH), line("PAID", 0, top + 4 * HIGH))
    assert all(block.kind is not BlockKind.HEADING for block in found[3:])
    assert "TOTAL RM 16.05" in [block.markdown for block in found]


def test_a_wide_page_with_amounts_is_no_receipt() -> None:
    lines = receipt()
    wide = [replace(one, rect=replace(one.rect, right=one.rect.right + 500)) for one in lines]
    assert is_receipt(lines)
    assert not is_receipt(wide)
