"""Running heads, feet and page numbers are left out; what belongs to the page is not."""

import pytest

from papertray.engine.layout.lines import Line
from papertray.engine.layout.margins import split_margins
from papertray.engine.layout.page_numbers import NUMBER
from papertray.engine.pages import BlockKind, PageText
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import PROSE, SHEET, column, line, page

BODY = column(PROSE + "\n" + PROSE, top=400)


def margins(*lines: Line, across: tuple[Rect, ...] = ()) -> tuple[list[str], list[str]]:
    found = split_margins(lines, across, SHEET)
    return [one.text for one in found.heads], [one.text for one in found.feet]


@pytest.mark.parametrize("number", ["7", "– 7 –", "xii", "A-42", "Page 7 of 9", "Seite 7", "7/12", "第 7 页"])
def test_a_page_number_alone_is_left_out(number: str) -> None:
    assert margins(*BODY, line(number, 900, 2800)) == ([], [number])


@pytest.mark.parametrize("text", ["7 ships", "Total", "1.5", "1,200", "2. Methods"])
def test_other_short_lines_are_no_page_numbers(text: str) -> None:
    assert NUMBER.fullmatch(text) is None


def test_a_running_head_with_a_number_is_left_out_and_a_numbered_heading_is_not() -> None:
    assert margins(line("12", 100, 150), line("The harbours", 1500, 150), *BODY)[0] == ["12", "The harbours"]
    assert margins(line("2", 100, 150), line("The harbours", 160, 150), *BODY)[0] == []


def test_what_stands_in_two_corners_over_running_text_is_left_out() -> None:
    assert margins(line("Chapter 2", 100, 150), line("Harbours", 1500, 150), *BODY)[0] == [
        "Chapter 2",
        "Harbours",
    ]


def test_a_line_alone_far_above_running_text_is_a_head_unless_it_is_large() -> None:
    assert margins(line("The harbours", 900, 150), *BODY)[0] == ["The harbours"]
    assert margins(line("The harbours", 900, 150, 45), *BODY)[0] == []
    assert margins(line("Table 3. Ships", 900, 150), *BODY)[0] == []


def test_what_is_ruled_off_at_the_top_is_a_head() -> None:
    body = column("a row\nof a\nlist", top=250)
    rule = (Rect(90, 185, 1900, 187),)
    assert margins(line("The harbours", 100, 150), *body, across=rule)[0] == ["The harbours"]
    assert margins(line("The harbours", 100, 150), *body)[0] == []


def test_a_foot_of_several_rows_is_left_out_and_a_footnote_is_not() -> None:
    number = line("93", 1800, 2880)
    rows = [line("© 2023 The Harbour.", 800, 2780), line("3HE 19220", 100, 2830), line("93", 1800, 2830)]
    assert len(margins(*BODY, *rows, line("Terms: see the harbour.", 800, 2880))[1]) == 4
    assert len(margins(*BODY, line("Report of 2022", 900, 2830), line("1", 950, 2880))[1]) == 2
    for note in ("¹⁶ As the log of the pilot has it", "as the log of the pilot has it."):
        assert note not in margins(*BODY, line(note, 100, 2820), number)[1]


def test_a_letter_keeps_its_first_and_last_lines() -> None:
    letter = column("Dear Sir,\n\nthank you for the rope.\n\nYours\nJ. Nunn", top=400)
    assert margins(line("3 May 1921", 1500, 150), *letter, line("Harbour street 5", 100, 2850)) == ([], [])


def test_heads_and_feet_are_blocks_that_the_text_leaves_out() -> None:
    blocks = page(line("12", 100, 150), line("The harbours", 1500, 150), *BODY, line("7", 900, 2800))
    kinds = [block.kind for block in blocks]
    assert kinds == [BlockKind.HEADER, BlockKind.HEADER, BlockKind.TEXT, BlockKind.FOOTER]
    assert PageText(blocks).markdown == blocks[2].markdown
    assert PageText(blocks[:1]).markdown == "12"
