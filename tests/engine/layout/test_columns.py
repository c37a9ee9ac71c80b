"""Columns by the white between them."""

from papertray.engine.layout.columns import measure_alignment, split_regions
from papertray.engine.layout.words import place_words
from papertray.engine.rectangles import Rect
from tests.engine.layout.lines_made import LETTER, PROSE, STEP, column, line, ruled, shown, worded


def texts(lines: list) -> list[list[str]]:
    return [[item.text.split()[0] for item in region] for region in split_regions(lines)]


def test_three_columns_on_one_grid_of_lines_are_read_one_after_the_other() -> None:
    parts = [[f"{name}{row} " + "words of the column " * 2 for row in range(6)] for name in "abc"]
    columns = [column("\n".join(part), 100 + 700 * at) for at, part in enumerate(parts)]
    assert texts([line for part in zip(*columns, strict=True) for line in part]) == [
        [f"{name}{row}" for row in range(6)] for name in "abc"
    ]


def test_what_goes_over_both_columns_divides_them() -> None:
    upper = [*column(PROSE), *column(PROSE, 900)]
    middle = line("A heading that goes over both columns, for it is long enough", 300, 400, 40)
    lower = [*column(PROSE, top=500), *column(PROSE, 900, 500)]
    assert [len(region) for region in split_regions([*lower, middle, *upper])] == [6, 6, 1, 6, 6]


def test_text_beside_a_list_is_a_column() -> None:
    items = column(
        "• a longer first item of it\n\n• another item of the list\n\n• the last one of them", 900, 117
    )
    assert [len(region) for region in split_regions([*items, *column(PROSE)])] == [6, 3]


def test_lines_of_two_columns_that_were_taken_for_one_are_cut_at_the_gutter() -> None:
    left = PROSE.splitlines()
    width = max(map(len, left)) + 3
    lines = [worded(row.ljust(width) + row, 100, 100 + STEP * n) for n, row in enumerate(left)]
    found = shown(*lines)
    assert found == [" ".join(left)] * 2


def test_wide_blanks_that_stand_below_each_other_by_chance_part_no_lines() -> None:
    words = ["some", "boats", "lost", "their", "masts", "when", "gales", "came", "from", "west", "over"]
    rows = [" ".join([words[(3 * at + n) % len(words)].ljust(5, "s") for n in range(9)]) for at in range(7)]
    assert shown(*(worded(row, 100, 100 + STEP * at) for at, row in enumerate(rows))) == [" ".join(rows)]


def test_rows_of_a_table_stay_together() -> None:
    rows = [
        line(text, left, 100 + STEP * row)
        for row in range(8)
        for text, left in ((f"Port number {row} of the bay", 100), (f"{row} ships", 900), (f"{row}.50", 1300))
    ]
    assert len(split_regions(rows)) == 1


def test_names_in_the_margin_are_read_beside_what_tells_of_them() -> None:
    names = [line("case", 20, 100), line("select", 20, 100 + 9 * STEP)]
    parts = [*column(PROSE, 400), *column(PROSE, 400, 100 + 9 * STEP)]
    blocks = shown(*names, *parts)
    assert [block.split()[0] for block in blocks] == ["case", "The", "select", "The"]
    keys = [line(text, 20, 100 + STEP * row) for row, text in enumerate(("C-l", "C-g", "C-h"))]
    uses = ["draw it all anew", "stop what runs at once, wherever", "help"]
    read = " ".join(shown(*keys, *(line(text, 400, 100 + STEP * row) for row, text in enumerate(uses))))
    places = [read.index(text) for text in ("C-l", "draw", "C-g", "stop", "C-h", "help")]
    assert places == sorted(places)


def test_short_keys_beside_long_names_tell_of_rows_whatever_wide_lines_are_among_them() -> None:
    names = [line("Insert an environment", 100, 100 + STEP * row) for row in range(10)]
    keys = [line("C-c", 900, 100 + STEP * row) for row in range(10)]
    notes = [line("What is said of these, below", 900, 121 + STEP * row) for row in range(20, 27)]
    assert measure_alignment(names, [*keys, *notes]) == 1.0


def test_numbers_of_a_programs_lines_stand_before_them() -> None:
    numbers = [line(str(row + 1), 20, 100 + STEP * row) for row in range(4)]
    lines = [
        line(row, 200, 100 + STEP * at) for at, row in enumerate(["begin", "x := cos(t);", "y := 2;", "end"])
    ]
    read = " ".join(shown(*numbers, *lines))
    assert read.index("begin") < read.index("2") < read.index("cos") < read.index("end")


def test_an_address_beside_another_is_read_to_its_end() -> None:
    left, right = ("ACME Ltd", "Long Road 5", "Leeds"), ("Foo and Sons", "Lane 7", "York")
    rows = [(100 + STEP * row, *pair) for row, pair in enumerate(zip(left, right, strict=True))]
    read = " ".join(
        shown(*(line(one, 100, at) for at, one, _ in rows), *(line(two, 900, at) for at, _, two in rows))
    )
    assert read.index("Leeds") < read.index("Foo")


def test_numbers_that_count_the_lines_of_a_record_do_not_stand_in_its_sentences() -> None:
    counted = [line(str(row + 1), 20, 100 + STEP * row) for row in range(6)]
    assert " ".join(PROSE.splitlines()) in " ".join(shown(*counted, *column(PROSE, 200)))


def test_words_stand_where_their_letters_were_seen_and_a_wide_gap_parts_them() -> None:
    rect = Rect(0, 0, 400, 30)
    text = "one twothree"
    at = [0, 1, 2, 4, 5, 6, 16, 17, 18, 19, 20]
    places = [(15 * step + 7.5) / 400 for step in at]
    words = place_words(text, places, rect)
    assert [(word.text, word.glued) for word in words] == [("one", False), ("two", False), ("three", True)]
    assert abs(words[2].left - 16 * LETTER) < LETTER
    assert place_words("one", [0.1], rect) == ()


def test_a_heading_over_a_list_whose_bullets_are_indented_is_read_with_it() -> None:
    left, right = (
        [line(name, at, 100, 40), *column(text, at + 40, 200)]
        for name, at, text in (
            ("Repair", 100, "• a million and a half\n• one long summer\n• the path is closed"),
            ("Rebuild", 1000, "• four millions and more\n• three years of work\n• no water in the bay"),
        )
    )
    title = line("Two ways", 100, 20, 60)
    assert texts([title, *left, *right])[-1] == ["Rebuild", "•", "•", "•"]


def test_a_tall_table_beside_running_text_does_not_shuffle_its_lines() -> None:
    text = column(PROSE + "\n" + PROSE, step=44)
    box = [
        line(cell, x, 110 + 90 * at)
        for at, row in enumerate((("Reign", "959"), ("Born", "943"), ("Died", "975"), ("Heirs", "3")))
        for cell, x in zip(row, (900, 1100), strict=True)
    ]
    last = line("and this goes on over the whole width of the page, below the box and the text", 100, 640)
    found = shown(*text, *box, last, rules=ruled((890, 1090, 1300), (100, 190, 280, 370, 600)))
    assert found[0].startswith("The harbour master kept a careful journal of every ship that came into")
    assert found[-2].startswith("| Reign | 959 |")
    assert found[-1].startswith("and this goes on")
