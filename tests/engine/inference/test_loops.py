"""Loops that models really fall into are cut; pages that really repeat themselves are not."""

import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.marks import BOX, MarkReader
from papertray.engine.layout.recurrence import PageLooks, look_at_words
from tests.engine.inference.loop_suite import (
    loops_first,
    loops_fourth,
    loops_held,
    loops_third,
    pages_first,
    pages_fourth,
    pages_held,
    pages_third,
)
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
}
EVERY = 23
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


def listen(answer: str) -> int | None:
    pieces = TOKENS.findall(answer)
    guard = LoopGuard(pieces.__getitem__)
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
