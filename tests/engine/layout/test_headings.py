"""What is a heading, and what only looks like one."""

from dataclasses import replace

import numpy as np
import pytest

from papertray.engine.layout.blocks import compose_layout
from papertray.engine.layout.letters import letter_height, stroke_weight
from papertray.engine.layout.lines import Line
from papertray.engine.layout.looks import Look
from papertray.engine.pages import BlockKind, Box
from tests.engine import pages_made as made
from tests.engine.layout.lines_made import HIGH, LETTER, NO_RULES, PROSE, SHEET, column, line, shown

TEXT = column(PROSE, top=400)


def bold(found: Line) -> Line:
    return replace(found, bold=True)


def first(*lines: Line) -> str:
    return shown(*lines, *TEXT)[0]


def test_a_bold_line_over_a_text_is_a_heading_however_close() -> None:
    assert first(bold(line("The bay", 100, 358))) == "#### The bay"
    assert shown(*TEXT, bold(line("The bay", 100, 652)), *column(PROSE, top=694))[1] == "#### The bay"


def test_thick_strokes_are_bold() -> None:
    text = [replace(one, weight=0.15) for one in TEXT]
    heading = replace(line("The bay", 100, 358), weight=0.21)
    assert shown(heading, *text)[0] == "#### The bay"
    assert shown(replace(heading, weight=0.16), *text)[0].startswith("The bay The harbour")


def test_where_all_is_bold_nothing_is_a_heading_for_that() -> None:
    assert shown(*map(bold, [line("The bay", 100, 358), *TEXT])) == [
        f"The bay {' '.join(PROSE.splitlines())}"
    ]


@pytest.mark.parametrize("text", ["THE HARBOUR", "II. The harbour", "2.1 The harbour", "§ 12 The harbour"])
def test_capitals_and_numbers_with_space_above_are_headings(text: str) -> None:
    found = shown(*column(PROSE), line(text, 100, 390), *column(PROSE, top=450))
    assert found[1].startswith("#### ")


def test_a_number_of_things_is_no_number_of_a_section() -> None:
    found = shown(*column(PROSE), line("4 ships in the bay", 100, 390), *column(PROSE, top=450))
    assert found[1] == "4 ships in the bay"


def test_a_short_line_between_two_texts_is_a_heading() -> None:
    found = shown(*column(PROSE), line("The harbour", 100, 400), *column(PROSE, top=470))
    assert found[1] == "#### The harbour"


@pytest.mark.parametrize(
    "text",
    [
        "x = a + b",
        "E",
        "• The harbour",
        "■The harbour",
        "(a) The harbour",
        "Table 2. Ships",
        "Figure 3: A ship",
        "Source: the bay",
    ],
)
def test_formulas_symbols_items_and_captions_are_no_headings(text: str) -> None:
    assert not first(bold(line(text, 100, 300))).startswith("#")


def test_a_label_beside_its_value_is_no_heading() -> None:
    found = shown(bold(line("Name", 100, 300)), line("Johanna", 500, 300), *TEXT)
    assert found[:2] == ["Name", "Johanna"]


def test_numbered_lines_in_a_row_are_a_list() -> None:
    items = column("1. Rope\n\n2. Tar\n\n3. Herring")
    assert shown(*items, *column(PROSE, top=500))[0] == "1. Rope\n2. Tar\n3. Herring"


def test_large_lines_under_each_other_are_one_title() -> None:
    title = [line("The journal of the harbour", 100, 100, 60), line("and of its master", 100, 190, 60)]
    assert first(*title) == "# The journal of the harbour and of its master"


def test_levels_do_not_jump() -> None:
    blocks = shown(
        line("The journal", 100, 20, 60),
        *column(PROSE, top=120),
        bold(line("The bay", 100, 440)),
        *column(PROSE, top=482),
    )
    assert [block.split(" ")[0] for block in blocks if block.startswith("#")] == ["#", "##"]


def test_strokes_are_measured_in_heights_of_letters() -> None:
    def weight(face: str, size: int) -> float:
        paper = made.Paper((16 * size, 2 * size))
        paper.pen.text((20, size // 3), "Harbour master", font=made.font(face, size), fill="black")
        piece = np.asarray(paper.image.convert("L"))
        return stroke_weight(piece, letter_height(piece))

    assert weight(made.SANS_BOLD, 40) > 1.3 * weight(made.SANS, 40)
    assert weight(made.SANS, 28) == pytest.approx(weight(made.SANS, 56), rel=0.15)
    assert stroke_weight(np.full((40, 200), 255, np.uint8), 0.0) == 0.0


def test_a_page_of_large_letters_in_a_document_of_small_ones_is_a_title() -> None:
    poster = [line(f"poster line {n}", 100, 100 + 300 * n, 90) for n in range(4)]
    found = compose_layout(poster, NO_RULES, lambda _: Box(0, 0, 1, 1), SHEET, Look(30))
    assert {block.kind for block in found} == {BlockKind.TITLE}


def test_letters_that_stand_apart_are_a_word_and_what_is_to_be_filled_in_is_no_heading() -> None:
    assert first(bold(line("S O L I C I T A:", 100, 340))) == "#### S O L I C I T A:"
    assert not first(bold(line("Salamanca a ………. de ………", 100, 340))).startswith("#")


def test_a_sentence_with_the_number_of_a_footnote_behind_it_is_none() -> None:
    note = line("As an example, I take the ship that was lost in the long winter. ⁷", 100, 390)
    found = shown(*column(PROSE), note, *column(PROSE, top=450))
    assert not found[1].startswith("#")


def test_two_parts_of_a_large_title_beside_each_other_are_headings() -> None:
    parts = [line("SECTION 2", 100, 200, 60), line("DIESEL ENGINES", 900, 200, 60)]
    assert shown(*parts, *TEXT)[:2] == ["# SECTION 2", "# DIESEL ENGINES"]


def test_where_the_file_tells_sizes_a_slightly_larger_line_does_not_run_into_the_text() -> None:
    text = [replace(one, font_size=30.0) for one in TEXT]
    heading = replace(line("2.1 A bay", 100, 358), font_size=34.0, letters=22.0)
    assert shown(heading, *text)[0] == "2.1 A bay"
    assert shown(replace(heading, font_size=30.0), *text)[0].startswith("2.1 A bay The harbour")


def test_a_name_with_a_stroke_below_may_be_in_a_heading_and_an_empty_field_may_not() -> None:
    assert first(bold(line("2.3 Running show_bay", 100, 358))) == "#### 2.3 Running show_bay"
    assert not first(bold(line("Name of the bay _ _", 100, 358))).startswith("#")


def test_a_sentence_that_leads_to_a_footnote_is_no_heading_and_a_number_with_a_point_is_no_note() -> None:
    assert first(line("The bay was closed.⁴", 100, 320)) == "The bay was closed.⁴"
    assert first(line("Header 1.2", 100, 320)) == "#### Header 1.2"


@pytest.mark.parametrize(
    "text", ["A. Mate¹, B. Rope², C. Tar∗", "J. Mate, R. Rope, and T. Tar", "https://bay.org/a b"]
)
def test_names_of_writers_and_addresses_are_no_headings(text: str) -> None:
    assert not first(bold(line(text, 100, 340))).startswith("#")


def test_a_short_line_in_italics_over_a_text_is_a_heading_where_the_text_above_it_ended() -> None:
    heading = replace(line("The bay", 100, 358), italic=True)
    assert shown(*column(PROSE, top=84), heading, *TEXT)[1] == "#### The bay"
    assert "#### The bay" not in shown(line("A book of the bay", 100, 316), heading, *TEXT)
    assert "#### The bay" not in shown(*column(PROSE, top=84), replace(heading, italic=False), *TEXT)


def test_an_address_and_the_number_of_the_page_are_no_headings_however_large() -> None:
    address = [
        line(text, 100, 100 + 45 * at, 36) for at, text in enumerate(("Ann Ropes", "Quay 12", "Tarbay"))
    ]
    assert not any(block.startswith("#") for block in shown(*address, *TEXT))
    assert not any(block.startswith("#") for block in shown(line("Page 1 of 2", 100, 100, 36), *TEXT))


def centred(text: str, top: float, size: float) -> Line:
    wide = len(text) * LETTER * size / HIGH
    return line(text, 430 - wide / 2, top, size)


def test_who_wrote_it_and_when_are_no_headings_under_a_title() -> None:
    title, author, date = (
        centred("The Bay", 40, 60),
        centred("Ann Ropes", 140, 38),
        centred("7 May 2019", 210, 38),
    )
    found = shown(title, author, date, centred("Abstract", 300, 27), *TEXT)
    assert found[:4] == ["# The Bay", "Ann Ropes", "7 May 2019", "## Abstract"]


def test_a_heading_in_the_middle_under_a_title_has_a_text_of_its_own() -> None:
    assert shown(centred("The Bay", 40, 60), centred("The harbour", 300, 38), *TEXT)[1].startswith("## The h")
