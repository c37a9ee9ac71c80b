"""Loops that models really fall into are cut; pages that really repeat themselves are not."""

import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.marks import BOX, ROW, MarkReader
from papertray.engine.layout.recurrence import PageLooks, look_at_words
from tests.engine.inference.loop_suite import (
    loops_fifth,
    loops_first,
    loops_fourth,
    loops_held,
    loops_third,
    pages_fifth,
    pages_first,
    pages_fourth,
    pages_held,
    pages_third,
)
from tests.engine.inference.loop_suite.prose import NOUNS
from tests.engine.inference.loop_suite.sheets import Case, Sheet
from tests.engine.inference.loop_suite.written import as_html

TOKENS = re.compile(
    r"</?t[dr]>|<\w{1,4}cel>|<nl>|<\|[^|]*\|>| ?[^\W\d_]{1,5}| ?\d{1,2}|\.{8}|_{8}|.", re.DOTALL
)
PARTS = {
    "first": (pages_first.pages, loops_first.loops),
    "second": (pages_held.pages, loops_held.loops),
    "third": (pages_third.pages, loops_third.loops),
    "fourth": (pages_fourth.pages, loops_fourth.loops),
    "fifth": (pages_fifth.pages, loops_fifth.loops),
}
EVERY = 29
"""All cases: `python -m tests.engine.inference.loop_suite`."""


@dataclass
class Hearing:
    """What the guard made of an answer: where it stopped, how much it kept, and whether it had to look."""

    stopped: int | None = None
    kept: str = ""
    looks: int = 0


def hear(case: Case) -> Hearing:
    pieces = [sign for piece in TOKENS.findall(case.answer) for sign in _tokens(piece)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    hearing = Hearing(kept=case.answer)

    def look() -> PageLooks:
        hearing.looks += 1
        return look_at_words(np.asarray(case.sheet.draw().convert("L")))

    guard = LoopGuard(list(vocabulary).__getitem__, look)
    for number, piece in enumerate(pieces, start=1):
        keep = guard.add(vocabulary[piece])
        if keep is not None:
            hearing.stopped, hearing.kept = number, "".join(pieces[:keep])
            break
    return hearing


def _tokens(piece: str) -> list[str]:
    return list(piece) if ord(piece[-1]) > 0x2E80 else [piece]


def tokens_in(text: str) -> int:
    return sum(len(_tokens(piece)) for piece in TOKENS.findall(text))


@pytest.mark.parametrize("part", PARTS)
def test_pages_that_repeat_themselves_are_let_pass(part: str) -> None:
    cases = list(PARTS[part][0]())
    assert len(cases) >= 100
    assert [case.name for case in cases[::EVERY] if hear(case).stopped is not None] == []


@pytest.mark.parametrize("part", PARTS)
def test_loops_are_stopped_and_what_came_before_is_kept(part: str) -> None:
    cases = list(PARTS[part][1]())
    assert len(cases) >= 50
    for case in cases[::EVERY]:
        hearing = hear(case)
        before = case.answer[: case.loop]
        assert hearing.stopped is not None, case.name
        assert hearing.looks <= 1
        assert len(hearing.kept) >= len(before) - 12, case.name


def test_a_page_is_looked_at_only_on_a_suspicion() -> None:
    text = "The harbour master kept a careful journal of every vessel that entered the bay. "
    assert hear(Case("prose", text, Sheet())).looks == 0


def test_rows_that_the_page_has_are_kept_when_a_loop_follows_them() -> None:
    rows = [["EUR", "0.00"]] * 30
    page = Sheet(20).table(rows)
    hearing = hear(Case("ledger", as_html(rows * 20), page, 0))
    assert hearing.stopped is not None
    assert 25 <= hearing.kept.count("EUR") <= 50


def test_a_page_that_is_not_seen_may_repeat_itself_as_real_ones_do() -> None:
    for answer in ("Present\n" * 100, as_html([["EUR", "0.00"]] * 64), as_html([["1", "bolt", "zinc"]] * 85)):
        assert listen(answer) is None
    assert listen("Present\n" * 400) is not None


PRINTED = " ".join(
    f"{noun} street {number}, telephone 555-{number}" for number, noun in enumerate(NOUNS[:60])
)
LINES = (
    "The captain wrote his journal.\n",
    "The captain painted his bridge.\n",
    "The captain sold his island.\n",
)


def hear_beside(answer: str, seen: str, *lines: str) -> int | None:
    """On a page that repeats itself, so that its looks alone allow a lot."""
    page = (
        Sheet(18).lines([f"{noun} street 7, telephone 555-77" for noun in NOUNS[:60]], 2).lines([*lines, ""])
    )
    pieces = TOKENS.findall(answer)
    looks = look_at_words(np.asarray(page.draw().convert("L")))
    guard = LoopGuard(pieces.__getitem__, lambda: looks, lambda: seen)
    return next((number for number in range(len(pieces)) if guard.add(number) is not None), None)


def test_words_that_another_reader_has_not_made_out_are_a_loop_sooner() -> None:
    read = PRINTED[: len(PRINTED) // 3]
    looping = f"{read}\n{''.join(LINES) * 40}"
    stopped = hear_beside(looping, PRINTED)
    assert stopped is not None
    assert stopped - tokens_in(read) < 200
    alone, beside = listen(looping), listen(looping, PRINTED)
    assert beside is not None
    assert alone is None or alone > beside + 100


def test_words_that_it_has_made_out_with_some_letters_wrong_are_no_loop() -> None:
    lines = "".join(LINES) * 8
    misread = lines.replace("captain", "captaln").replace("painted", "palnted").replace(" ", "", 20)
    assert hear_beside(f"{PRINTED}\n{lines}", f"{PRINTED} {misread}", *map(str.strip, LINES * 8)) is None


def test_who_could_not_read_the_page_has_no_say() -> None:
    by_hand = f"{PRINTED[: len(PRINTED) // 3]}\n{''.join(LINES) * 8}"
    assert hear_beside(by_hand, "lllegible scrawl of a pen " * 30) == hear_beside(by_hand, "")


def test_blanks_that_never_end_are_a_loop_and_the_last_word_is_whole() -> None:
    pieces = [*"The last", "\n", " be", "ginn", "ing", *[" "] * 700]
    guard = LoopGuard(pieces.__getitem__)
    kept = next(keep for number in range(len(pieces)) if (keep := guard.add(number)) is not None)
    assert "".join(pieces[:kept]).rstrip().endswith("beginning")


def test_lines_in_an_item_end_where_its_backslash_says_so() -> None:
    item = r'{"bbox": [1, 2, 30, 40], "category": "Text", "text": "first line\nand second\n- \"third\" one '
    reader = MarkReader()
    marks = [mark for number, sign in enumerate(item) for mark in reader.add(sign, number)]
    assert [mark.text for mark in marks if mark.kind == ROW] == [ROW, ROW]
    assert "line" in [mark.text for mark in marks]
    formula = MarkReader()
    assert not [mark for mark in formula.add(r"where \nu is \neq 0 ", 0) if mark.kind == ROW]


def listen(answer: str, seen: str | None = None) -> int | None:
    """Where the page is not looked at."""
    pieces = TOKENS.findall(answer)
    guard = LoopGuard(pieces.__getitem__, seen=lambda: seen)
    return next((number for number in range(len(pieces)) if guard.add(number) is not None), None)


def test_items_that_are_cut_into_any_pieces_are_places_and_words() -> None:
    answer = '[{"bbox": [90, 100, 900, 130], "category": "Text", "text": "Annual report"}, '
    for length in range(1, 9):
        reader = MarkReader()
        pieces = [answer[at : at + length] for at in range(0, len(answer), length)]
        marks = [mark for number, piece in enumerate(pieces) for mark in reader.add(piece, number)]
        assert [mark.text for mark in marks] == [BOX, "Annual", "report"]
        assert marks[0].box == (90, 100, 900, 130)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.integers(0, 30), max_size=400))
def test_any_tokens_at_all_are_an_answer(tokens: list[int]) -> None:
    pieces = [
        *"ab |\n<>\\",
        "<td>",
        "</td",
        "<|det|>",
        "[[1, 2, 3",
        "<|/det|>",
        '"bbox": [',
        "12",
        "。",
        "\ufffd",
    ]
    guard = LoopGuard(lambda token: pieces[token % len(pieces)])
    kept = [guard.add(token) for token in tokens]
    assert all(keep is None or 0 <= keep <= at for at, keep in enumerate(kept, start=1))
