"""Lines with places in, blocks in reading order out: geometry alone, no model."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.layout import bullets, cells, lists, rules, scripts, skew
from papertray.engine.layout.joining import join_lines, known_words
from papertray.engine.layout.lines import BulletMark, Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.tables import grids
from papertray.engine.pages import BlockKind, Box
from papertray.engine.rectangles import Rect
from tests.engine import pages_made as made
from tests.engine.layout.lines_made import HIGH, STEP, column, line, page, shown

LEFT = "left one is a line of text\nleft two is a line of text\nleft three ends it."
RIGHT = "right one is a line of text\nright two is a line of text\nright three ends it."


def test_columns_are_read_one_after_the_other() -> None:
    found = shown(*column(LEFT), *column(RIGHT, left=600))
    assert found == [LEFT.replace("\n", " "), RIGHT.replace("\n", " ")]


def test_a_heading_over_both_columns_comes_first_and_one_between_them_divides_them() -> None:
    upper, lower = column(LEFT), column("below left one is a line\nbelow left two.", top=400)
    right, right_below = (
        column(RIGHT, left=600),
        column("below right one is a line\nbelow right two.", 600, 400),
    )
    top, middle = (
        line("A heading over everything", 150, 20, 40),
        line("Another one over everything", 150, 300, 40),
    )
    found = shown(*right_below, *lower, *right, *upper, middle, top)
    assert [text.split()[0] for text in found] == ["##", "left", "right", "##", "below", "below"]


def test_columns_that_do_not_stand_level_are_still_columns() -> None:
    found = shown(*column(LEFT), *column(RIGHT, left=600, top=117))
    assert found == [LEFT.replace("\n", " "), RIGHT.replace("\n", " ")]


def test_a_date_beside_the_first_line_is_no_column() -> None:
    found = shown(
        *column("Dear Sir and Madam,\n\nwe thank you for the letter\nthat you wrote."),
        line("3 May", 900, 100),
    )
    assert found == ["Dear Sir and Madam,", "3 May", "we thank you for the letter that you wrote."]


def test_a_line_found_in_pieces_is_put_together() -> None:
    assert shown(line("second", 260, 101), line("first", 100, 100)) == ["first second"]


def test_a_paragraph_that_goes_on_in_the_next_column_stays_one() -> None:
    found = shown(
        *column("It begins here in\nthe left column and"),
        *column("goes on in the right\none until it ends.", 600),
    )
    assert found == ["It begins here in the left column and goes on in the right one until it ends."]


def test_the_lines_of_an_address_stay_lines() -> None:
    body = column("a letter has lines that are much longer than those of an address\n" * 3, top=400)
    assert shown(*column("Johanna Meier\nHafenstr. 12\n20457 Hamburg"), *body)[0] == (
        "Johanna Meier\\\nHafenstr. 12\\\n20457 Hamburg"
    )


def test_gaps_and_indents_divide_paragraphs() -> None:
    text = (
        "The first paragraph has\ntwo lines.\n\n"
        "The second one has three\nlines, of which the last\nis short.\n"
        " The third is indented, so\nit is a paragraph."
    )
    assert [len(found.split()) for found in shown(*column(text))] == [6, 12, 9]


def test_a_line_in_larger_letters_is_a_paragraph_of_its_own_however_close() -> None:
    text = column("one line of the text\nand another one of it\nand a third one of it")
    below = line("larger letters, set on purpose", 100, 100 + 3 * STEP, 1.5 * HIGH)
    assert len(shown(*text, below)) == 2


def test_large_letters_are_headings_by_their_size() -> None:
    body = column("many words of running text\n" * 6, top=400)
    found = page(
        line("Title", 100, 20, 60), line("Chapter", 100, 150, 45), line("Section", 100, 280, 36), *body
    )
    assert [block.markdown for block in found[:3]] == ["# Title", "## Chapter", "### Section"]
    assert [block.kind for block in found] == [
        BlockKind.TITLE,
        BlockKind.HEADING,
        BlockKind.HEADING,
        BlockKind.TEXT,
    ]


def test_a_page_of_large_letters_has_no_headings() -> None:
    poster = [line(f"poster line {n}", 100, 100 + 300 * n, 90) for n in range(4)]
    assert {block.kind for block in page(*poster)} == {BlockKind.TEXT}


def test_a_heading_that_ends_in_hashes_keeps_them() -> None:
    body = column("many words of running text\n" * 6, top=400)
    assert shown(line("Notes on C #", 100, 20, 60), *body)[0] == "# Notes on C \\#"


def test_bullets_and_numbers_are_lists() -> None:
    assert shown(*column("• one\n• two is longer and\n goes on\n  • deeper\n• three")) == [
        "- one\n- two is longer and goes on\n  - deeper\n- three"
    ]
    assert shown(*column("1. one\n2. two\n3. three")) == ["1. one\n2. two\n3. three"]
    assert shown(*column("- one\n- two")) == ["- one\n- two"]


def test_items_that_begin_a_page_are_deeper_than_those_that_hold_them() -> None:
    assert shown(*column("  • of one before\n  • another\n• two\n  • deeper\n• three")) == [
        "  - of one before\n  - another\n- two\n  - deeper\n- three"
    ]


def test_a_list_that_goes_on_in_the_next_column_is_no_deeper_there() -> None:
    left = column("• one of the first column\n• two of the first column\n  • three lies deeper in it\n" * 2)
    right = column(
        "• one of the second column\n• two of the second column\n  • and three is deeper\n" * 2, 900
    )
    (one,) = shown(*left, *right)
    assert [row.startswith("  - ") for row in one.splitlines()] == [False, False, True] * 4


def marked(
    text: str, top: float, *, left: float = 60, high: float = 16, gap: float = 1.0, word: float = 3.0
) -> Line:
    """A line with a blot of ink before it; by itself as high as wide."""
    mark = BulletMark(Rect(left, top + 5, left + 16, top + 5 + high), gap, word)
    return replace(line(text, 100, top), letters=22, mark=mark)


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ([marked("Rope and tar", 100), marked("A lamp", 150, word=0.9)], ["• Rope and tar", "• A lamp"]),
        ([marked("o Rope", 100), marked("Herring", 150)], ["• Rope", "• Herring"]),
        ([marked("o Rope", 100), marked("o Herring", 150)], ["• Rope", "• Herring"]),
        ([marked("。Rope", 100), marked("Herring", 150)], ["• Rope", "• Herring"]),
        ([marked("• Rope", 100), marked("Herring", 150)], ["• Rope", "• Herring"]),
        # What stands alone, differs, or is a letter, stays.
        ([marked("Rope", 100)], ["Rope"]),
        ([marked("Rope", 100), marked("Herring", 150, left=80)], ["Rope", "Herring"]),
        ([marked("Rope", 100), marked("Herring", 150, high=24)], ["Rope", "Herring"]),
        ([marked("o Rope", 100, gap=0.5), marked("o Herring", 150, gap=0.5)], ["o Rope", "o Herring"]),
        ([marked("A lamp", 100), marked("I see", 150)], ["A lamp", "I see"]),
        ([marked("Rope", 100), line("1", 60, 100, 20), marked("Tar", 150)], ["Rope", "1", "Tar"]),
    ],
)  # fmt: skip
def test_marks_alike_that_no_letter_explains_are_bullets(lines: list[Line], texts: list[str]) -> None:
    assert [found.text for found in bullets.restore_bullets(lines)] == texts


def test_a_date_at_the_start_of_a_paragraph_is_no_list() -> None:
    assert shown(line("12. März 1921 war ein Samstag", 100, 100)) == ["12\\. März 1921 war ein Samstag"]


def test_numbers_that_do_not_count_upwards_are_no_list() -> None:
    items = [lists.parse_item(text, 0, 30) for text in ("3. three", "7. seven")]
    assert not lists.is_list([item for item in items if item])


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["the har-", "bour"], "the harbour"),
        (["the", "harbour"], "the harbour"),
        (["Ein-", "und Ausfahrt"], "Ein- und Ausfahrt"),
        (["per E-", "Mail"], "per E-Mail"),
        (["self-", "made"], "self-made"),
        (["1914-", "1918"], "1914-1918"),
        (["from 1914 -", "so they say"], "from 1914 - so they say"),
        (["IMPOR-", "TANT"], "IMPORTANT"),
        (["港口管理", "员每天"], "港口管理员每天"),
        (["Donaudampf-", "schiff-", "fahrt"], "Donaudampfschifffahrt"),
    ],
)
def test_lines_are_joined_as_the_typesetter_broke_them(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text


def test_a_compound_that_the_page_knows_keeps_its_hyphen() -> None:
    known = known_words(["a trade-wind blew that day"])
    assert join_lines(["the trade-", "wind turned"], known) == "the trade-wind turned"
    assert join_lines(["the trade-", "wind turned"]) == "the tradewind turned"


def test_cells_of_a_grid_make_a_table_with_empty_and_merged_cells() -> None:
    down = tuple(Rect(x - 1, 100, x + 1, bottom) for x, bottom in ((100, 250), (300, 200), (600, 250)))
    across = tuple(Rect(100, y - 1, 600, y + 1) for y in (100, 150, 200, 250))
    texts = (line("a", 120, 110), line("b", 320, 110), line("c|d", 320, 160), line("merged cells", 220, 210))
    assert shown(*texts, rules=RuledLines(across, down)) == [
        "| a | b |\n| --- | --- |\n|  | c\\|d |\n| merged cells |  |"
    ]


def test_a_frame_around_text_is_no_table() -> None:
    across = (Rect(50, 49, 900, 51), Rect(50, 899, 900, 901))
    down = tuple(Rect(x - 1, 50, x + 1, 900) for x in (50, 300, 900))
    found = page(*column("words in a frame\n" * 15, left=310), rules=RuledLines(across, down))
    assert {block.kind for block in found} == {BlockKind.TEXT}


def test_short_cells_in_columns_are_a_table_and_prose_in_columns_is_not() -> None:
    rows = [("Rope", "3", "6.00"), ("Tar", "12", "19.99"), ("Herring", "1", "")]
    texts = [
        line(cell, 100 + 300 * x, 100 + 50 * y)
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell
    ]
    assert [block.kind for block in page(*texts)] == [BlockKind.TABLE]
    prose = "running text that fills the column\nwith words from edge to edge, and\ngoes on for some lines."
    assert {block.kind for block in page(*column(prose), *column(prose, left=800))} == {BlockKind.TEXT}


def test_numbers_beside_their_items_are_no_table() -> None:
    texts = [line(f"{n}.", 100, 50 * n) for n in (1, 2, 3)] + [
        line(f"item number {n}", 160, 50 * n) for n in (1, 2, 3)
    ]
    assert shown(*texts) == ["1. item number 1\n2. item number 2\n3. item number 3"]


def test_a_box_is_cut_at_the_lines_that_cross_it() -> None:
    down = (Rect(99, 0, 102, 200), Rect(199, 0, 202, 200), Rect(150, 300, 152, 600))
    assert cells.cut_at_rules(Rect(20, 50, 205, 80), down) == [Rect(20, 50, 96, 80), Rect(105, 50, 196, 80)]
    assert cells.cut_at_rules(Rect(110, 50, 190, 80), down) == [Rect(110, 50, 190, 80)]


@given(st.floats(-5, 5), st.integers(0, 3))
@settings(derandomize=True, deadline=None)
def test_places_survive_turning_and_straightening(angle: float, quarters: int) -> None:
    view = skew.StraightView(1000, 1400, quarters, angle)
    rect = Rect(300, 400, 700, 440)
    corners = view.corners(rect)[None]
    assert skew.measure_lean(corners) == pytest.approx(angle, abs=0.01)
    assert vars_of(view.straighten(corners)[0]) == pytest.approx(vars_of(rect), abs=0.1)


def vars_of(rect: Rect) -> tuple[float, ...]:
    return rect.left, rect.top, rect.right, rect.bottom


@pytest.mark.parametrize(
    ("quarters", "box"),
    [
        (0, Box(0.1, 0.2, 0.3, 0.25)),
        (1, Box(0.75, 0.1, 0.8, 0.3)),
        (2, Box(0.7, 0.75, 0.9, 0.8)),
        (3, Box(0.2, 0.7, 0.25, 0.9)),
    ],
)
def test_boxes_are_told_as_the_file_shows_the_page(quarters: int, box: Box) -> None:
    found = skew.StraightView(1000, 1000, quarters).box(Rect(100, 200, 300, 250))
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx(
        (box.left, box.top, box.right, box.bottom), abs=1e-6
    )


@pytest.mark.parametrize("angle", [0.0, 1.5, -2.0])
def test_ruled_lines_are_found_on_a_leaning_page(angle: float) -> None:
    grey = np.full((800, 1000), 240, np.uint8)
    for y in (100, 200, 300):
        grey[y : y + 2, 100:900] = 30
    for x in (100, 500, 898):
        grey[100:302, x : x + 2] = 30
    found = grids.find_grids(rules.find_rules(turned(grey, angle), angle, 30))
    assert len(found) == 1
    assert found[0].xs == pytest.approx((100, 501, 900), abs=4)
    assert found[0].ys == pytest.approx((100, 201, 301), abs=4)


def turned(grey: np.ndarray, degrees: float) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(grey).rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=240))


def test_small_print_between_ruled_lines_is_not_taken_for_lines() -> None:
    paper = made.Paper((1000, 400))
    face = made.font(made.SANS, 17)
    for y in (100, 160, 220):
        paper.pen.line((100, y, 900, y), fill=(150, 150, 150), width=1)
    for x in (100, 500, 900):
        paper.pen.line((x, 100, x, 220), fill=(150, 150, 150), width=1)
    for y in (105, 128, 165, 188):
        paper.pen.text((104, y), "herring herring anchor anchor mooring", font=face, fill="black")
    (grid,) = grids.find_grids(rules.find_rules(np.asarray(paper.image.convert("L")), 0.0, 20))
    assert (len(grid.xs), len(grid.ys)) == (3, 3)


def test_text_without_lines_has_no_grid() -> None:
    grey = np.full((800, 1000), 240, np.uint8)
    grey[100:130:3, 100:900:7] = 20
    assert grids.find_grids(rules.find_rules(grey, 0.0, 30)) == []


@pytest.mark.parametrize(
    ("text", "width", "score", "is_read"),
    [
        ("The harbour master kept a careful journal", 700, 0.99, True),
        ("港口管理员每天记录进入海湾的船只", 480, 0.99, True),
        ("      , ", 1000, 0.88, False),
        (" λινρ ατσ σι ηελι α  λ", 1000, 0.95, False),
        ("Let α be an angle and β another one of them", 700, 0.99, True),
        ("Mot     o o    he", 700, 0.73, False),
        ("Mot  er kept a   jour", 700, 0.99, False),
        ("7", 40, 0.9, True),
        ("7", 180, 0.9, False),
        ("x", 30, 0.3, False),
    ],
)
def test_lines_that_were_not_read_are_told_apart(
    text: str, width: float, score: float, is_read: bool
) -> None:
    assert scripts.is_read(Line(Rect(0, 0, width, 36), text, score, 36)) is is_read


placed = st.builds(
    line,
    st.text("ab c.-1", min_size=1, max_size=12).map(lambda text: f"x{text}y"),
    st.floats(0, 1500),
    st.floats(0, 2000),
    st.sampled_from([20.0, 30.0, 60.0]),
)


@given(st.lists(placed, max_size=14))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_no_arrangement_of_lines_loses_a_letter(lines: list[Line]) -> None:
    letters = sorted(letter for line in lines for letter in line.text if letter in "xy")
    assert sorted(letter for text in shown(*lines) for letter in text if letter in "xy") == letters


def test_lines_of_korean_end_between_words_unless_the_page_or_the_ending_says_otherwise() -> None:
    assert join_lines(["특히", "교차참조에"]) == "특히 교차참조에"
    assert join_lines(["이 파", "일을 읽는"], known_words(["그 파일을 본다"])) == "이 파일을 읽는"
    assert join_lines(["문서", "를 본다"]) == "문서를 본다"


def test_small_letters_that_count_are_items_and_one_alone_is_a_word() -> None:
    items = "1. Whoever asks may become a member, which ends\n"
    items += " a. when he says so,\n b. with his death.\n2. He pays."
    assert shown(*column(items)) == [
        "1. Whoever asks may become a member, which ends\n"
        "   - a. when he says so,\n   - b. with his death.\n2. He pays."
    ]
    alone = "The lamp was lit by the keeper, who came in the year 44\nv. Chr. and stayed."
    assert shown(*column(alone)) == [alone.replace("\n", " ")]
