"""Tables of contents are lists, as deep as they are indented; their dots stay."""

from papertray.engine.layout.lines import Line
from tests.engine.layout.lines_made import PROSE, column, line, shown

DOTS = " . . . . . . . . . . . ."


def entry(text: str, left: float, top: float, page: str = "7") -> list[Line]:
    return [line(f"{text}{DOTS}", left, top), line(page, 1500, top)]


def test_lines_whose_dots_lead_to_a_page_are_a_list() -> None:
    lines = [
        *entry("1 Winter", 100, 400),
        *entry("1.1 Ice", 180, 450),
        *entry("1.2 Wind", 180, 500, "12"),
        *entry("2 Summer", 100, 550, "20"),
    ]
    assert shown(*lines) == [
        f"- 1 Winter{DOTS} 7\n  - 1.1 Ice{DOTS} 7\n  - 1.2 Wind{DOTS} 12\n- 2 Summer{DOTS} 20"
    ]


def test_chapters_without_dots_and_entries_of_two_lines_are_among_them() -> None:
    lines = [
        *[line("1", 100, 600), line("Winter", 150, 600), line("7", 1500, 600)],
        *entry("1.1 Ice", 180, 650),
        line("1.2 The wind that came from the north and", 180, 700),
        *entry("went to the south", 240, 750),
        *entry("1.3 Fog", 180, 800),
    ]
    (contents,) = shown(*lines)
    assert contents.splitlines() == [
        "- 1 Winter 7",
        f"  - 1.1 Ice{DOTS} 7",
        f"  - 1.2 The wind that came from the north and went to the south{DOTS} 7",
        f"  - 1.3 Fog{DOTS} 7",
    ]


def test_two_lines_with_dots_or_dots_to_be_filled_in_are_no_contents() -> None:
    assert not shown(*entry("Name", 100, 400), *entry("Ship", 100, 450))[0].startswith("- ")
    form = column(f"Name{DOTS}\nShip{DOTS}\nPort{DOTS}\nTons{DOTS}")
    assert not shown(*form, *column(PROSE, top=800))[0].startswith("- ")
