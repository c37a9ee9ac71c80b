"""Numbers that count the lines of a text are no part of it; those of a table, a list or a listing are."""

from dataclasses import replace

import pytest

from papertray.engine.layout.lines import Line
from papertray.engine.layout.margins import split_margins
from papertray.engine.layout.numbered_lines import part_line_numbers
from papertray.engine.layout.paragraphs import group_paragraphs
from papertray.engine.pages import BlockKind
from tests.engine.layout.lines_made import LETTER, PROSE, SHEET, STEP, column, line, page, worded

TEXT = (PROSE + "\n" + PROSE).splitlines()
NAMES = [f"Ship {letter} of the winter fleet" for letter in "ABCDEFGHIJKL"]


def counted(rows: list[str], first: int = 1) -> list[Line]:
    return [
        part
        for at, row in enumerate(rows)
        for part in (line(str(first + at), 100, 300 + STEP * at), line(row, 260, 300 + STEP * at))
        if part.text
    ]


@pytest.mark.parametrize("first", [1, 108])
def test_numbers_beside_the_lines_of_a_text_are_left_out_and_it_runs_on(first: int) -> None:
    text, numbers = page(*counted([row.lower() for row in TEXT], first))
    assert text.markdown == " ".join(row.lower() for row in TEXT)
    assert numbers.kind is BlockKind.FOOTER


def test_numbers_that_were_found_with_their_lines_are_cut_off() -> None:
    found, rest = part_line_numbers(
        [worded(f"{at} {row}", 100, 300 + STEP * at) for at, row in enumerate(TEXT)]
    )
    assert [numbers.text for numbers in found] == [" ".join(map(str, range(len(TEXT))))]
    assert [one.text for one in rest] == TEXT
    assert rest[0].rect.left == 100 + 2 * LETTER


def test_a_line_that_is_counted_is_no_running_head() -> None:
    head, *rest = counted(["The Harbour Master", "", *TEXT])
    assert split_margins([replace(head, rect=line("1", 100, 300).rect), *rest], (), SHEET).heads == ()


@pytest.mark.parametrize(
    "rows",
    [
        NAMES,
        [f"{name}, {at} hands, {at * 7} tons" for at, name in enumerate(NAMES)],
    ],
)
def test_numbers_of_a_list_or_a_table_stay(rows: list[str]) -> None:
    assert part_line_numbers(counted(rows))[0] == []


def test_numbers_of_a_table_and_of_a_listing_stay() -> None:
    table = [
        *counted(TEXT),
        *(line("12", 1200 + 200 * x, 300 + STEP * at) for at in range(12) for x in range(3)),
    ]
    assert part_line_numbers(table)[0] == []
    listing = [replace(one, mono=one.rect.left > 100) for one in counted(TEXT)]
    assert part_line_numbers(listing)[0] == []


def test_questions_and_answers_are_paragraphs_of_their_own() -> None:
    said = "Q. And the tar was stored below?\nA. Below, with the rope.\nQ. Since when?"
    assert [one.text(frozenset()) for one in group_paragraphs(column(said))] == said.splitlines()
    assert len(group_paragraphs(column("Q. And the tar was stored below with\nQ. rope"))) == 1
