"""Bills and receipts: what is charged stands in rows, however far apart; names stay beside their values."""

from dataclasses import replace

from papertray.engine.layout.lines import Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.pages import BlockKind
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import HIGH, PROSE, column, line, page, shown

ITEMS = (("1", "Rope of hemp", "3.89"), ("2", "Tar in barrels", "5.39"), ("3", "Lamp of brass", "7.10"))


def row(top: float, *cells: tuple[str, float]) -> list[Line]:
    return [line(text, left, top) for text, left in cells if text]


def test_lines_under_what_is_charged_stay_in_the_table_though_set_as_far_apart_as_rows() -> None:
    lines = row(500, ("Pos.", 100), ("What", 300), ("Price", 900))
    for at, (number, what, price) in enumerate(ITEMS):
        top = 550 + 150 * at
        lines += row(top, (number, 100), (what, 300), (price, 900))
        lines += row(top + 50, ("Per month", 300)) + row(top + 100, ("For the harbour", 300))
    (table,) = [block for block in page(*lines) if block.kind is BlockKind.TABLE]
    assert table.markdown.splitlines()[0] == "| Pos. | What | Price |"
    assert "| 2 | Tar in barrels | 5.39 |\n|  | Per month |  |\n|  | For the harbour |  |" in table.markdown


def test_rows_far_apart_are_a_table_where_they_are_so_evenly_and_end_in_amounts() -> None:
    rows = (("What", "Rate", "Amount"), *((what, "by the day", f"USD {price}") for _, what, price in ITEMS))
    lines = [
        line(text, right - 15 * len(text) if at else 100, 500 + 4 * HIGH * number)
        for number, cells in enumerate(rows)
        for at, (text, right) in enumerate(zip(cells, (0, 900, 1300), strict=True))
    ]
    assert shown(*column(PROSE), *lines)[1].splitlines()[::2] == [
        "| What | Rate | Amount |",
        "| Rope of hemp | by the day | USD 3.89 |",
        "| Lamp of brass | by the day | USD 7.10 |",
    ]


def test_rows_far_apart_are_read_across() -> None:
    lines = row(500, ("Ropes of hemp", 100), ("from the yard", 1200))
    lines += row(640, ("Lamps of brass", 100), ("by the smith", 1200))
    assert shown(*column(PROSE), *lines)[1:] == [
        "Ropes of hemp",
        "from the yard",
        "Lamps of brass",
        "by the smith",
    ]


def test_a_value_far_beside_its_name_stays_with_it_where_the_next_one_begins_under_it() -> None:
    lines = row(500, ("No.", 100), ("30064443", 420)) + row(542, ("Date of the bill", 100), ("7 May", 420))
    assert shown(*column(PROSE), *lines)[1].startswith("No. 30064443")
    lines = row(500, ("2. Bay", 100), ("3", 480)) + row(600, ("3. Hemp and ropes here", 100), ("4", 480))
    assert not any("Bay 3" in block for block in shown(*column(PROSE), *lines))


def test_bold_names_in_one_row_over_what_is_filled_in_are_no_headings() -> None:
    names = [replace(one, bold=True) for one in row(500, ("Name of the bank", 100), ("Account", 1200))]
    values = row(540, ("Harbour Bank", 100), ("00030340067212", 1200))
    text = [replace(one, bold=False) for one in (*column(PROSE), *values)]
    assert not any(block.startswith("#") for block in shown(*text, *names))


HEAD = ("From", "Until", "Ships", "Tariff")
LEFTS = (100, 400, 700, 1000)


def cells(top: float, *texts: str) -> list[Line]:
    return row(top, *zip(texts, LEFTS, strict=False))


def test_many_names_over_one_value_each_are_a_table_of_one_row() -> None:
    found = shown(*column(PROSE), *cells(500, *HEAD), *cells(542, "12/20", "12/31", "48", "$12.50"))
    assert found[1].splitlines()[::2] == [
        "| From | Until | Ships | Tariff |",
        "| 12/20 | 12/31 | 48 | $12.50 |",
    ]
    uneven = [line("12/20 until the last of the ships has left the bay", 250, 542)]
    assert not shown(*column(PROSE), *cells(500, *HEAD), *uneven)[1].startswith("|")


def test_a_larger_bold_line_between_two_tables_parts_them() -> None:
    name = replace(line("All ships", 100, 700, 34), bold=True)
    lines = []
    for top in (500, 760):
        lines += cells(top, *HEAD)
        for at in range(1, 4):
            lines += cells(top + 42 * at, "12/20", "12/31", str(at), "$12.50")
    blocks = shown(*column(PROSE), *(replace(one, bold=False) for one in lines), name)
    assert [block.startswith("|") for block in blocks] == [False, True, False, True]


def test_a_line_under_a_cell_may_reach_into_the_next_columns_of_a_wide_table() -> None:
    lefts = (100, 200, 400, 620, 840, 1060)
    lines = row(500, *zip(("Ln", "Ship", "From", "Until", "Crew", "Pay"), lefts, strict=True))
    for at in range(3):
        top = 550 + 100 * at
        lines += row(top, *zip((str(at + 1), "Rope", "May", "June", "12", "$48"), lefts, strict=True))
        lines += row(top + 40, ("all of the summer", 400))
    (table,) = [block for block in page(*lines) if block.kind is BlockKind.TABLE]
    assert table.markdown.splitlines()[2:] == [
        f"| {at} | Rope | May all of the summer | June | 12 | $48 |" for at in (1, 2, 3)
    ]


def test_numbered_headings_far_apart_are_no_table() -> None:
    lines = [
        line(text, left, 500 + 100 * at)
        for at, row in enumerate((("2", "The bay"), ("2.1", "Ships of war"), ("n", "of all that came")))
        for text, left in zip(row, (100, 180 + 40 * at), strict=True)
    ]
    assert not any(block.startswith("|") for block in shown(*column(PROSE), *lines))


def test_addresses_between_two_rules_over_a_table_are_no_part_of_it() -> None:
    address = [
        part
        for at, (left, right) in enumerate(
            (
                ("Ann Ropes, merchant of", "Ben Tar, the master of"),
                ("all that ships carry", "the ship that sails"),
                ("to the islands beyond", "on every second day"),
                ("and back in a month", "of the summer season"),
            )
        )
        for part in row(330 + 42 * at, (left, 100), (right, 620))
    ]
    lines = [*address, *row(525, ("Ware", 100), ("Count", 500), ("Price", 900))]
    lines += row(580, ("Rope of hemp", 100), ("1", 500), ("3.89", 900))
    lines += row(622, ("for the mast", 100)) + row(664, ("Tar", 100), ("2", 500), ("5.39", 900))
    rules = RuledLines(tuple(Rect(90, y - 1, 1000, y + 1) for y in (315, 510, 565, 710)), ())
    blocks = shown(*column(PROSE, top=20), *lines, rules=rules)
    assert blocks[-1].splitlines()[0] == "| Ware | Count | Price |"
    assert not any("Ann" in block for block in blocks if block.startswith("|"))
