"""Tables by rules, by some rules, and by columns that merely line up."""

from dataclasses import replace

import numpy as np
import pytest

from papertray.engine.layout import rules
from papertray.engine.layout.lines import Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.tables import grids
from papertray.engine.layout.tables.fragments import cut_into_fragments, is_number
from papertray.engine.pages import BlockKind
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import LETTER, PROSE, column, line, page, ruled, shown, worded


def cells(*rows: tuple[str, ...], xs: tuple[float, ...] = (100, 500, 800), top: float = 500) -> list[Line]:
    return [
        line(text, x, top + 50 * at)
        for at, row in enumerate(rows)
        for text, x in zip(row, xs, strict=False)
        if text
    ]


def across(*ys: float, left: float = 90, right: float = 1000) -> RuledLines:
    return RuledLines(tuple(Rect(left, y - 1, right, y + 1) for y in ys), ())


def shifted(rect: Rect, down: float) -> Rect:
    return Rect(rect.left, rect.top + down, rect.right, rect.bottom + down)


BODY = (("Rope", "3", "6.00"), ("Tar", "12", "19.99"), ("Herring", "1", "0.50"))
ROWS = "| Rope | 3 | 6.00 |\n| Tar | 12 | 19.99 |\n| Herring | 1 | 0.50 |"


def test_rows_between_rules_of_one_length_are_a_table_and_the_note_under_them_is_none() -> None:
    note = line("Source: the journal of the harbour", 100, 760)
    found = shown(
        *column(PROSE), *cells(("Ware", "Count", "Price"), *BODY), note, rules=across(490, 545, 745)
    )
    assert found[1] == f"| Ware | Count | Price |\n| --- | --- | --- |\n{ROWS}"
    assert found[2] == "Source: the journal of the harbour"


def test_a_header_over_two_columns_stands_once_and_has_a_row_of_its_own() -> None:
    head = [
        line("Ware", 100, 500),
        line("In the harbour by the bay", 490, 470),
        *cells(("", "Count", "Price")),
    ]
    found = shown(*column(PROSE), *head, *cells(*BODY, top=560), rules=across(460, 550, 715))
    assert found[1].startswith(
        "| Ware | In the harbour by the bay |  |\n| --- | --- | --- |\n|  | Count | Price |\n"
    )


def test_a_header_of_several_lines_is_one_row() -> None:
    head = cells(("", "Count of", "Price"), ("Ware", "pieces", "a piece"), top=420)
    found = shown(*head, *cells(*BODY, top=530))
    assert found[0].startswith("| Ware | Count of pieces | Price a piece |\n")


def test_a_wrapped_cell_stays_one_cell() -> None:
    rows = [*cells(("Rope of the best", "3", "6.00")), line("hemp there is", 100, 532)]
    rows += cells(("Tar", "12", "19.99"), ("Herring", "1", "0.50"), ("Lamps", "2", "8.00"), top=600)
    assert "| Rope of the best hemp there is | 3 | 6.00 |" in shown(*rows)[0]


def test_a_name_for_a_group_of_rows_is_a_row() -> None:
    rows = [
        *cells(*BODY),
        line("Meat", 100, 650),
        *cells(("Beef", "2", "8.00"), ("Ham", "1", "9.10"), top=700),
    ]
    assert "| Herring | 1 | 0.50 |\n| Meat |  |  |\n| Beef | 2 | 8.00 |" in shown(*rows)[0]


def test_rows_of_numbers_in_one_row_of_a_grid_are_rows() -> None:
    grid = ruled((90, 450, 750, 1000), (490, 545, 720))
    found = shown(*cells(("Ware", "Count", "Price"), *BODY), rules=grid)
    assert found == [f"| Ware | Count | Price |\n| --- | --- | --- |\n{ROWS}"]


def test_columns_that_a_grid_does_not_part_are_parted() -> None:
    grid = ruled((90, 450, 1000), (490, 545, 720))
    found = shown(*cells(("Ware", "Count", "Price"), *BODY), rules=grid)
    assert found == [f"| Ware | Count | Price |\n| --- | --- | --- |\n{ROWS}"]


def test_prose_between_rules_is_no_table() -> None:
    found = page(*column(PROSE), rules=across(90, 360))
    assert {block.kind for block in found} == {BlockKind.TEXT}


def test_cells_that_were_read_as_one_line_are_parted() -> None:
    parts = cut_into_fragments(worded("Rope    12    6.00", 100, 100))
    assert [part.text for part in parts] == ["Rope", "12", "6.00"]
    assert parts[1].rect.left == 100 + 8 * LETTER
    assert cut_into_fragments(worded("a rope of hemp", 100, 100)) == [worded("a rope of hemp", 100, 100)]


@pytest.mark.parametrize(
    ("text", "number"), [("1,204", True), ("(3.5)", True), ("12 %", True), ("–", True), ("CHF", False)]
)
def test_numbers_are_told_from_words(text: str, number: bool) -> None:
    assert is_number(text) is number


def test_strokes_of_letters_are_no_rules() -> None:
    word = line("HILL", 100, 100, 80)
    found = rules.without_letters(
        RuledLines((Rect(110, 138, 180, 142),), (Rect(120, 105, 124, 175), Rect(90, 50, 92, 400))), [word]
    )
    assert found == RuledLines((), (Rect(90, 50, 92, 400),))


def test_the_dark_between_white_letters_is_no_line() -> None:
    grey = np.full((300, 600), 250, np.uint8)
    grey[100:160, 50:550] = 20
    for y in (104, 132):
        for x in range(60, 540, 14):
            grey[y : y + 24, x : x + 10] = 240
    assert rules.find_rules(grey, 0.0, 20).down == ()


def test_lines_between_shaded_cells_are_found() -> None:
    grey = np.full((800, 1000), 250, np.uint8)
    grey[100:200, 100:900] = 150
    for y in (100, 200, 300):
        grey[y : y + 2, 100:900] = 20
    for x in (100, 500, 898):
        grey[100:302, x : x + 2] = 20
    (grid,) = grids.find_grids(rules.find_rules(grey, 0.0, 30))
    assert (len(grid.xs), len(grid.ys)) == (3, 3)


def test_columns_whose_lines_are_drawn_in_the_head_alone_go_on_below() -> None:
    ys = (490, 545, 595, 645, 695)
    grid = RuledLines(
        tuple(Rect(90, y - 1, 1000, y + 1) for y in ys),
        tuple(Rect(x - 1, ys[0], x + 1, ys[-1 if x in (90, 1000) else 1]) for x in (90, 450, 750, 1000)),
    )
    found = shown(*cells(("Ware", "Count", "Price"), *BODY), rules=grid)
    assert found == [f"| Ware | Count | Price |\n| --- | --- | --- |\n{ROWS}"]


def test_what_stands_over_several_cells_of_a_grid_is_found_where_they_begin() -> None:
    grid = ruled((90, 450, 750, 1050, 1300), (440, 490, 545, 595))
    (top, middle, *across), (*down, second, third, last) = grid.across, grid.down
    middle = Rect(450, middle.top, middle.right, middle.bottom)
    short = [Rect(rule.left, 490, rule.right, rule.bottom) for rule in (second, third)]
    grid = RuledLines((top, middle, *across), (*down, *short, last))
    head = [line("Name of", 180, 455), line("ware", 200, 488), line("Sold", 845, 450)]
    rows = cells(("", "Count", "Price", "Sum"), ("Rope", "3", "6.00", "18.00"), xs=(100, 500, 800, 1100))
    assert shown(*head, *rows, rules=grid) == [
        "| Name of ware | Sold |  |  |\n| --- | --- | --- | --- |\n"
        "|  | Count | Price | Sum |\n| Rope | 3 | 6.00 | 18.00 |"
    ]


def test_cells_of_several_lines_without_rules_are_told_by_the_white_between_rows() -> None:
    rows = [
        *cells(("Wet floor in", "Slips and falls", "Staff and"), top=500, xs=(100, 500, 900)),
        *cells(("the washing", "with a broken", "visitors"), top=535, xs=(100, 500, 900)),
        line("wrist", 500, 570),
        *cells(("Hot wax", "Burns to hands", "Dippers"), top=640, xs=(100, 500, 900)),
        line("and face", 500, 675),
        *cells(("Dust from", "Irritated eyes", "Joiners"), top=745, xs=(100, 500, 900)),
        line("sanding", 100, 780),
    ]
    head = cells(("Hazard", "What may", "Who is at"), ("", "happen", "risk"), top=390, xs=(100, 500, 900))
    head = [replace(part, rect=shifted(part.rect, -15 if part.rect.top > 400 else 0)) for part in head]
    assert shown(*column(PROSE), *head, *rows)[1] == (
        "| Hazard | What may happen | Who is at risk |\n| --- | --- | --- |\n"
        "| Wet floor in the washing | Slips and falls with a broken wrist | Staff and visitors |\n"
        "| Hot wax | Burns to hands and face | Dippers |\n| Dust from sanding | Irritated eyes | Joiners |"
    )


def test_what_stands_beside_the_middle_of_a_cell_of_two_lines_is_in_its_row() -> None:
    rows = [
        part
        for at, name in enumerate(("Upper Tarn", "Long Water", "Mill Dam"))
        for part in (
            line(name, 100, 500 + 100 * at),
            line("Brade", 100, 532 + 100 * at),
            line(f"{at}1.4", 500, 516 + 100 * at),
            line("1904", 800, 516 + 100 * at),
        )
    ]
    assert "| Long Water Brade | 11.4 | 1904 |\n| Mill Dam Brade | 21.4 | 1904 |" in shown(*rows)[0]


def test_a_head_above_the_first_rule_and_totals_below_the_last_belong_to_the_table() -> None:
    lines = [*cells(("Ware", "Count", "Price"), *BODY), *cells(("", "Sum", "26.49"), top=700)]
    found = shown(*column(PROSE), *lines, rules=across(540, 590, 640, 690))
    assert found[1] == f"| Ware | Count | Price |\n| --- | --- | --- |\n{ROWS}\n|  | Sum | 26.49 |"


def test_what_stands_between_two_of_many_rules_is_one_row() -> None:
    lines = [
        *cells(("Hazard", "Measures", "Level"), ("Hot wax", "Gloves and visors", "High"), top=500),
        line("Vats are fenced", 500, 590),
        *cells(("Dust", "Extraction", "Low"), ("Crates", "Trolleys", "Low"), top=640),
    ]
    found = shown(*lines, rules=across(540, 630, 680, 730))
    assert "| Hot wax | Gloves and visors Vats are fenced | High |\n| Dust | Extraction | Low |" in found[0]


def test_an_address_with_a_few_words_far_beside_it_is_no_table() -> None:
    rows = [
        ("Board of the Reach", "Marham, in May"),
        ("Customer desk", "Our sign"),
        ("Post office box", "By hand"),
    ]
    assert not any("|" in text for text in shown(*column(PROSE, top=800), *cells(*rows, xs=(100, 1300))))


def test_numbered_headings_are_no_table() -> None:
    rows = cells(
        ("2", "What we set out to find"),
        ("2.1", "Where we looked for it"),
        ("2.2", "What was there"),
        xs=(100, 250),
    )
    assert not any("|" in text for text in shown(*rows, *column(PROSE, top=800)))


def test_amounts_at_the_right_edge_are_read_with_their_labels() -> None:
    lines = [*cells(("Bread", "41.00"), ("Milk", "24.90"), xs=(100, 600)), line("Thank you", 300, 800)]
    texts = " ".join(shown(*lines))
    assert texts.index("Bread") < texts.index("41.00") < texts.index("Milk") < texts.index("24.90")


def test_columns_of_which_a_row_fills_only_one_stay_apart() -> None:
    rows = [("3 May", "Rope", "6.00", ""), ("2 May", "Wages", "", "90.00"), ("4 May", "Tar", "9.50", "")]
    found = shown(*cells(*rows, xs=(100, 300, 600, 720)), rules=across(490, 545, 595, 645))
    assert found[0].endswith("| 2 May | Wages |  | 90.00 |\n| 4 May | Tar | 9.50 |  |")


def test_names_and_what_they_name_are_rows_from_the_first_on() -> None:
    rows = [("Order no.:", "Harbour"), ("Carrier:", "Nordfrakt"), ("Parcels:", "3"), ("Weight:", "41")]
    assert shown(*cells(*rows, xs=(100, 400)))[0].startswith("| Order no.: | Harbour |\n")


def test_what_goes_on_below_totals_down_to_the_rule_of_the_foot_is_no_row() -> None:
    rows = cells(("Ware", "Count", "Price"), *BODY)
    sums = cells(("", "Sum", "26.49"), ("", "Tax", "5.00"), ("", "Total", "31.49"), top=700)
    below = [line("Please pay all of it within thirty days, at the harbour", 100, 900)]
    below += [line("Kind regards,", 100, 1000)]
    found = shown(*column(PROSE), *rows, *sums, *below, rules=across(545, 690, 1500))
    assert found[1].endswith(f"{ROWS}\n|  | Sum | 26.49 |\n|  | Tax | 5.00 |\n|  | Total | 31.49 |")
    assert found[2].startswith("Please pay all of it")


def test_a_full_grid_is_a_table_however_long_its_cells_are() -> None:
    grid = ruled((90, 450, 1000, 1700), (490, 545, 1240, 1300))
    long = [line("of all ships that came", 1010, 560 + 42 * at) for at in range(16)]
    found = shown(
        *cells(("Ware", "Count", "Notes"), ("Rope", "3"), xs=(100, 460, 1010)),
        *long,
        *cells(("Tar", "12", "none"), xs=(100, 460, 1010), top=1255),
        rules=grid,
    )
    assert len(found) == 1
    assert found[0].startswith("| Ware | Count | Notes |\n| --- | --- | --- |\n| Rope | 3 | of all ships")


def test_names_of_groups_between_rows_of_numbers_in_one_row_of_a_grid_are_rows() -> None:
    grid = ruled((90, 450, 750, 1000), (490, 545, 820))
    rows = (("Ware", "Count", "Price"), ("Dry:",), ("Rope", "3", "6.00"), ("Wet:",), ("Tar", "12", "19.99"))
    assert shown(*cells(*rows), rules=grid)[0].endswith(
        "| Dry: |  |  |\n| Rope | 3 | 6.00 |\n| Wet: |  |  |\n| Tar | 12 | 19.99 |"
    )


def test_a_name_over_two_heads_does_not_join_their_columns() -> None:
    xs = (100, 620, 760, 920, 1060)
    head = [line("All", 690, 500), line("New", 990, 500)]
    rows = (
        ("Ware", "Count", "Share", "Count", "Share"),
        ("Rope", "30", "10", "60", "15"),
        ("Tar", "12", "40", "12", "25"),
        ("Herring", "25", "50", "24", "60"),
    )
    found = shown(*head, *cells(*rows, xs=xs, top=550), rules=across(490, 595, 745, right=1200))
    assert found[0].startswith(
        "| Ware | All |  | New |  |\n| --- | --- | --- | --- | --- |\n|  | Count | Share | Count | Share |"
    )


def test_lines_under_single_columns_of_amounts_do_not_part_them_from_their_names() -> None:
    rules = RuledLines(tuple(Rect(x, y - 1, x + 200, y + 1) for x in (500, 720) for y in (540, 690, 740)), ())
    rows = (
        ("", "", "1900", "", "1901"),
        ("Rope", "$", "300", "$", "600"),
        ("Tar", "", "120", "", "199"),
        ("Herring", "", "100", "", "150"),
        ("Total", "$", "520", "$", "949"),
    )
    (table,) = shown(*cells(*rows, xs=(100, 510, 600, 730, 820)), rules=rules)
    assert "| Rope | $ | 300 | $ | 600 |\n| Tar |  | 120 |  | 199 |" in table


def test_names_and_long_values_under_a_head_between_rules_are_a_table() -> None:
    values = ("The harbour's own journal tells it", "Between 17 and 26 ships in a summer", "One of ten stays")
    names = ("Number of ships that came in", "Those that were built in the bay", "Those that stay in winter")
    rows = [line(name, 100, 600 + 50 * at) for at, name in enumerate(names)]
    rows += [line(text, 1500 - LETTER * len(text), 600 + 50 * at) for at, text in enumerate(values)]
    head = [line("Variable", 100, 500), line("Assumption", 1350, 500)]
    (table,) = shown(*head, *rows, rules=across(490, 545, 760, right=1520))
    assert table.startswith(
        "| Variable | Assumption |\n| --- | --- |\n| Number of ships that came in | The har"
    )


def test_names_beside_what_they_name_in_one_column_of_a_grid_are_a_column_and_bullets_are_not() -> None:
    ys = (490, 545, 650, 755, 860)
    long = ("ships that came in", "during the winter")

    def rows(names: tuple[str, ...], left: float) -> list[Line]:
        lines = [line("Ware and notes", 200, 500), line("Count", 810, 500)]
        for at, name in enumerate(names):
            top = ys[at + 1] + 10
            lines += [line(name, 100, top + 22), line(str(at + 3), 810, top)]
            lines += [line(text, left, top + 44 * n) for n, text in enumerate(long)]
        return lines

    grid = ruled((90, 800, 1000), ys)
    parted = shown(*rows(("Rope", "Tar", "Herring"), 260), rules=grid)[0]
    assert "| Tar | ships that came in during the winter | 4 |" in parted
    joined = shown(*rows(("•", "•", "•"), 150), rules=grid)[0]
    assert joined.splitlines()[1] == "| --- | --- |"


def test_typed_words_are_not_parted_by_a_single_blank_and_numbers_are() -> None:
    typed = replace(worded("Tuesday, No. 07-1315 960 1,040  end", 100, 500), mono=True)
    high = replace(typed, rect=replace(typed.rect, bottom=typed.rect.top + LETTER))
    assert [part.text for part in cut_into_fragments(high)] == ["Tuesday, No. 07-1315", "960", "1,040", "end"]
