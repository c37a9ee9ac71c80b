"""What an answer says again is held against the lines, cells and pairs of words that the page shows."""

import numpy as np

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.marks import MarkReader
from papertray.engine.inference.passages import Passages
from papertray.engine.layout.recurrence import look_at_words
from tests.engine.inference.loop_suite.prose import prose
from tests.engine.inference.loop_suite.sheets import Case, Sheet
from tests.engine.inference.loop_suite.written import as_otsl
from tests.engine.inference.test_loops import TOKENS, hear, tokens_in

BEFORE, PARAGRAPH = prose(160, 31), prose(110, 7)


def test_a_long_paragraph_that_stands_once_is_a_loop_before_its_third_turn_ends() -> None:
    page = Sheet(18).paragraph(BEFORE).paragraph(PARAGRAPH).paragraph(prose(60, 5))
    once = f"{BEFORE}\n\n{PARAGRAPH}\n\n"
    hearing = hear(Case("paragraph", once + f"{PARAGRAPH}\n\n" * 9, page, len(once)))
    assert hearing.stopped is not None
    assert hearing.stopped - tokens_in(once) < 2 * tokens_in(PARAGRAPH)
    assert hearing.kept.strip() == once.strip()


def test_a_long_paragraph_that_stands_three_times_is_let_pass() -> None:
    page = Sheet(22).paragraph(PARAGRAPH).paragraph(PARAGRAPH).paragraph(PARAGRAPH)
    assert hear(Case("copies", "\n\n".join([PARAGRAPH] * 3), page)).stopped is None


def test_lines_that_count_on_end_soon_after_those_of_the_page() -> None:
    text = prose(300, 11)
    looping = f"{text}\n\n" + "".join(f"## {number}. Results\n\n" for number in range(400))
    hearing = hear(Case("headings", looping, Sheet(24).paragraph(prose(330, 11)), len(text)))
    assert hearing.stopped is not None
    assert hearing.stopped - tokens_in(text) < 400


def test_a_wide_table_of_one_short_word_is_let_pass() -> None:
    rows = [[str(1000 + 3 * number), *["nil"] * 8] for number in range(26)]
    assert hear(Case("nothing due", as_otsl(rows), Sheet(20).table(rows))).stopped is None


def test_two_copies_of_a_form_side_by_side_are_no_loop_for_their_common_words() -> None:
    """Words such as "the", said often in other places, are not what is said again."""
    form = [f"<|ref|>text<|/ref|><|det|>[[70, 60, 930, 400]]<|/det|>\n{prose(90, 3)}\n\n"]
    form.append("<|ref|>text<|/ref|><|det|>[[70, 410, 930, 440]]<|/det|>\nThe name of the house\n\n")
    page = Sheet(20).paragraph(prose(90, 3)).lines(["The name of the house"])
    twice = Sheet(20, steps=page.steps * 2)
    assert hear(Case("two copies", "".join(form * 2), twice)).stopped is None


def test_looks_tell_how_many_lines_cells_and_pairs_a_page_has() -> None:
    rows = [["north", "quay"], ["south", "mill"], ["north", "quay"]] * 6
    table = look_at_words(np.asarray(Sheet(24).table(rows, ruled=False).draw().convert("L")))
    assert (table.beginnings, table.cells, table.pairs) == (36, 36, (12, 6))
    page = look_at_words(np.asarray(Sheet(18).paragraph(prose(300, 2)).draw().convert("L")))
    assert page.lines <= page.beginnings < 2 * page.lines
    assert page.printed > 0.8
    by_hand = look_at_words(np.asarray(Sheet(24, hand=True).paragraph(prose(300, 2)).draw().convert("L")))
    assert by_hand.printed == 0


def test_a_line_down_within_a_line_begins_no_cell() -> None:
    passages = Passages()
    reader = MarkReader()
    for number, piece in enumerate(TOKENS.findall("e|--0--0--|\nB|--1--1--|\n| north | quay |\n")):
        for mark in reader.add(piece, number):
            passages.add(mark)
    assert (passages.lines, passages.cells) == (3, 4)


def test_pairs_another_reader_has_made_out_once_are_a_loop_when_they_come_again() -> None:
    pieces = TOKENS.findall(f"{BEFORE}\n\n" + f"{PARAGRAPH}\n\n" * 9)

    def stopped(seen: str) -> int | None:
        guard = LoopGuard(pieces.__getitem__, seen=lambda: seen)
        return next((number for number in range(len(pieces)) if guard.add(number) is not None), None)

    once, never = stopped(f"{BEFORE} {PARAGRAPH}"), stopped("")
    assert once is not None
    assert once < tokens_in(BEFORE) + 3 * tokens_in(PARAGRAPH)
    assert never is None or never > once + 100
