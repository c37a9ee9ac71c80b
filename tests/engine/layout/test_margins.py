"""Running heads, feet and page numbers are left out; what belongs to the page is not."""

from dataclasses import replace

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


@pytest.mark.parametrize(
    "number", ["7", "– 7 –", "xii", "A-42", "Page 7 of 9", "Page iii of iii", "Seite 7", "7/12", "第 7 页"]
)
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


@pytest.mark.parametrize("begun", ["TO: The harbour masters", "Dear Madam,", "Betreff: Hafen"])
def test_a_letterhead_stays_and_a_number_over_it_does_not(begun: str) -> None:
    head = line("SHIPPING TRUST, INC.", 800, 150)
    assert margins(head, *BODY)[0] == [head.text]
    assert margins(line("1", 950, 60), head, line(begun, 100, 250), *BODY)[0] == ["1"]


def test_heads_and_feet_are_blocks_that_the_text_leaves_out() -> None:
    blocks = page(line("12", 100, 150), line("The harbours", 1500, 150), *BODY, line("7", 900, 2800))
    kinds = [block.kind for block in blocks]
    assert kinds == [BlockKind.HEADER, BlockKind.HEADER, BlockKind.TEXT, BlockKind.FOOTER]
    assert PageText(blocks).markdown == blocks[2].markdown
    assert PageText(blocks[:1]).markdown == "12"


def test_what_a_library_prints_on_every_page_is_left_out_and_does_not_hide_the_head_below_it() -> None:
    stamp = "Downloaded from harbours.example on July 12, 1901"
    head = (line("The harbours", 100, 142), line("447", 1800, 142))
    assert margins(line(stamp, 500, 100), *head, *BODY)[0] == [stamp, "The harbours", "447"]
    assert margins(*BODY, line("Download date: 15. Sep. 1901", 100, 2860))[1] == [
        "Download date: 15. Sep. 1901"
    ]


def test_what_runs_along_the_edge_from_top_to_bottom_is_no_text_of_the_page() -> None:
    stamp = Line(Rect(40, 800, 70, 1700), "arXiv:0000.00000v1 [bay] 2 Jun 1901", 0.99, 30)
    assert margins(stamp, *BODY) == ([], [stamp.text])
    within = Line(Rect(940, 800, 970, 1700), "arXiv:0000.00000v1 [bay] 2 Jun 1901", 0.99, 30)
    assert margins(within, *BODY) == ([], [])


def test_two_rows_over_a_rule_are_one_head_and_the_head_of_a_table_is_none() -> None:
    rows = [line("Open to all", 100, 150), line("The journal", 1500, 150), line("of harbours", 1500, 185)]
    assert len(margins(*rows, *BODY, across=(Rect(90, 225, 1900, 227),))[0]) == 3
    head = [line("Ware", 100, 150), line("Count", 900, 150), line("Price", 1500, 150)]
    inner = line("Brought in winter", 800, 212)
    below = Rect(90, 185, 1900, 187)
    assert margins(*head, inner, *BODY, across=(Rect(90, 140, 1900, 142), below))[0] == []
    assert len(margins(*head, inner, *BODY, across=(below,))[0]) == 3


def test_a_logo_that_is_a_picture_does_not_make_a_running_head_a_title() -> None:
    written = [replace(one, font_size=one.size) for one in BODY]
    head = replace(line("The growth of harbours", 1300, 150), font_size=30.0)
    rule = (Rect(90, 195, 1900, 197),)
    assert len(margins(line("BAY ONE", 100, 140, 50), head, *written, across=rule)[0]) == 2


def test_a_number_a_title_and_a_chapter_are_a_head_right_above_the_text() -> None:
    head = [line("400", 100, 366), line("HARBOURS OF THE BAY", 500, 366), line("Ch. XIX", 1100, 366)]
    assert len(margins(*head, *BODY)[0]) == 3
    assert margins(*head[:2], *BODY)[0] == []


def test_a_title_in_italics_in_the_right_corner_is_left_out() -> None:
    title, text = "The Harbour Guide", column(PROSE + "\n" + PROSE, top=300)
    head = line(title, text[0].rect.right - len(title) * 15, 225)
    assert margins(replace(head, italic=True), *text)[0] == [title]
    assert margins(replace(head, italic=False), *text)[0] == [], "a date over a letter"
