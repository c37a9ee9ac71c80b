"""A wide table that is set from bottom to top beside running text is read as a table, in its place."""

from dataclasses import replace

import pytest

from papertray.engine.layout.lines import Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.sideways import find_sideways_parts
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import PROSE, column, line, page, shown

HIGH = 1000.0
"""Of the page that is turned, which is as wide as this one is high."""

ROWS = (("Ware", "Count", "Price"), ("Rope", "30", "6.00"), ("Tar", "12", "19.99"), ("Herring", "25", "0.50"))


def turned(found: Line, upwards: bool) -> Line:
    rect = found.rect
    if upwards:
        place = Rect(rect.top, HIGH - rect.right, rect.bottom, HIGH - rect.left)
    else:
        place = Rect(1000 - rect.bottom, rect.left, 1000 - rect.top, rect.right)
    return replace(found, rect=place, sideways=found)


@pytest.mark.parametrize("upwards", [True, False])
def test_a_table_set_sideways_beside_text_is_read_as_a_table(upwards: bool) -> None:
    table = [
        turned(line(cell, x, 200 + 50 * at), upwards)
        for at, row in enumerate(ROWS)
        for cell, x in zip(row, (100, 400, 600), strict=True)
    ]
    found = shown(*table, *column(PROSE, left=1200))
    assert "| Ware | Count | Price |\n| --- | --- | --- |\n| Rope | 30 | 6.00 |" in "\n\n".join(found)
    assert len(found) == 2


def test_its_place_on_the_page_is_that_of_its_lines_and_rules_turn_with_it() -> None:
    table = [
        turned(line(cell, x, 200 + 50 * at), upwards=True)
        for at, row in enumerate(ROWS)
        for cell, x in zip(row, (100, 400, 600), strict=True)
    ]
    rules = RuledLines((), tuple(Rect(x - 1, 280, x + 1, 920) for x in (190, 242, 400)))
    (block,) = page(*table, rules=rules)
    edges = [round(edge) for edge in (block.box.left, block.box.top, block.box.right, block.box.bottom)]
    assert edges == [200, 325, 380, 900]


def test_a_few_turned_lines_are_no_part_of_their_own() -> None:
    stamp = turned(line("printed in winter", 100, 500), upwards=True)
    assert len(shown(stamp, *column(PROSE, left=1200))) == 2


def test_turned_heads_of_columns_stay_with_their_table() -> None:
    heads = [turned(line(f"Share of ware {at}", 400, 200 + 60 * at), upwards=True) for at in range(9)]
    assert find_sideways_parts(heads, RuledLines((), ())) == ([], heads)
