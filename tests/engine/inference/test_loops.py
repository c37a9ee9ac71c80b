"""Loops that models really fall into are cut; pages that really repeat themselves are not."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.inference.loops import FEWEST_REPEATS, LIMITS, LONGEST_STRETCH, LoopGuard

TOKENS = re.compile(r"</?t[dr]>|<\|[^|]*\|>|\w{1,5}|.", re.DOTALL)


def kept(text: str) -> str | None:
    """What the guard keeps of an answer, None when it lets it pass. Tokens are words and tags."""
    pieces = TOKENS.findall(text)
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    texts = list(vocabulary)
    guard = LoopGuard(texts.__getitem__)
    for piece in pieces:
        keep = guard.add(vocabulary[piece])
        if keep is not None:
            return "".join(pieces[:keep])
    return None


def row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


PROSE = "The harbour master kept a careful journal of every vessel that entered the bay. "

LOOPS = {
    "a word": ("A good start. " + "the " * 200, "A good start. the "),
    "a sentence": (PROSE * 60, PROSE.strip()),
    "a sentence on lines": ((PROSE + "\n") * 100, PROSE),
    "a row with words": ("<table>" + row("Total", "12") * 200, "<table>" + row("Total", "12")),
    "an empty row": ("<table>" + row("", "") * 300, "<table>" + row("", "")),
    "a row of numbers": (row("0.00", "0.00") * 300, row("0.00", "0.00")),
    "empty cells of one row": ("<tr>" + "<td></td>" * 300, "<tr><td></td>"),
    "one letter": ("x " * 300, "x "),
    "Chinese": ("的" * 300, "的"),
    "a list counting up": ("".join(f"{n}. " for n in range(1, 500)), "1. 2. "),
    "numbers alone": (" ".join(str(n) for n in range(10, 500)), "10 11 "),
    "counting down": (" ".join(str(n) for n in range(5000, 1, -3)), "5000 4997 "),
    "numbered rows": ("".join(row(n, "") for n in range(1, 400)), "<tr><td>1</td>"),
    "numbered rows with a fixed value": ("".join(row(n, "0.00") for n in range(1, 400)), "<tr><td>1</td>"),
    "numbered lines with words": ("".join(f"Figure {n}: see text\n" for n in range(1, 300)), "Figure 1"),
    "boxes that move down the page": (
        "".join(f"<|det|>[[10, {n}, 90, {n + 8}]]<|/det|>\nText\n" for n in range(0, 4000, 9)),
        "<|det|>[[10, 0, 90, 8]]",
    ),
    "the same block in the same place": (
        "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nHello\n\n" * 40,
        "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nHello\n\n",
    ),
    "an item of JSON": (
        '{"bbox": [1, 2, 3, 4], "category": "Text", "text": "Hello"}, ' * 40,
        '{"bbox": [1, 2',
    ),
    "LaTeX blanks": (r"\quad " * 200, r"\quad "),
    "matrix cells": ("0 & " * 300, "0 & "),
    "dots": ("." * 1500, "."),
    "line breaks": ("\n" * 400, "\n"),
}

PAGES = {
    "prose": PROSE + "Most captains arrived before noon. " + PROSE,
    "a chorus": ("Row, row, row your boat\nGently down the stream\n" + "Merrily, " * 4 + "\n") * 12,
    "60 rows of 0.00": row("0.00", "0.00", "0.00") * 60,
    "a column of 90 dashes": row("-") * 90,
    "a form with 40 empty rows": row("", "", "", "") * 40,
    "an attendance sheet": row("Name:", "", "Signature:", "") * 40,
    "the same answer on 50 lines": "not applicable\n" * 50,
    "a wide empty row": "<tr>" + "<td></td>" * 31 + "</tr>",
    "a table of contents": "".join(f"Chapter {n} {'.' * 90} {n * 7 % 90}\n" for n in range(1, 40)),
    "a line to be filled in": "Name " + "_" * 200 + "\n",
    "numbered lines": "".join(f"{n}. \n" for n in range(1, 61)),
    "a form with numbered rows": "".join(row(n, "", "") for n in range(1, 51)),
    "a chart to 100": "".join(row(*range(tens, tens + 10)) for tens in range(1, 101, 10)),
    "a year's calendar": "".join(" ".join(str(day) for day in range(1, 32)) + "\n" for _ in range(12)),
    "years": " ".join(str(year) for year in range(1900, 2027)),
    "a ruler": " ".join(str(mark) for mark in range(0, 310, 10)),
    "a matrix of zeros": ("0 & " * 19 + r"0 \\ ") * 20,
    "tick boxes": "☐ yes ☐ no\n" * 40,
    "pi": "".join(str(22 * 10**n // 7 % 10) for n in range(60)),
    "a serial number longer than any number": "1" * 60,
    "labels on a sheet": "A. Miller\n12 Harbour Road\nBayside 4312\n\n" * 24,
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_cut_and_what_came_before_is_kept(name: str) -> None:
    answer, start = LOOPS[name]
    cut = kept(answer)
    assert cut is not None
    assert cut.startswith(start.rstrip())
    assert len(cut) < len(start) + 120


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_repeats_itself_is_let_pass(name: str) -> None:
    assert kept(PAGES[name]) is None


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    before=st.text(alphabet="abcdefgh ", max_size=60),
    stretch=st.lists(st.integers(0, 50), min_size=1, max_size=40).filter(
        lambda s: len(set(s)) > 1 or len(s) == 1
    ),
)
def test_any_stretch_said_often_enough_is_cut_where_its_second_turn_began(
    before: str, stretch: list[int]
) -> None:
    guard = LoopGuard(lambda token: f"word{chr(97 + token % 26)}{chr(97 + token // 26)} ")
    start = [1000 + ord(letter) for letter in before]
    most = max(limit.with_words for limit in LIMITS)
    for count, token in enumerate([*start, *stretch * most], start=1):
        keep = guard.add(token)
        if keep is not None:
            assert keep <= len(start) + len(stretch)
            assert count <= len(start) + len(stretch) * most
            return
    pytest.fail("the loop was not seen")


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.integers(0, 30), max_size=400))
def test_what_is_not_said_often_is_never_cut(tokens: list[int]) -> None:
    guard = LoopGuard(lambda token: f"{chr(97 + token % 26)}{chr(97 + token // 26)}")
    fewest = longest_repetition(tokens)
    for token in tokens:
        assert guard.add(token) is None or fewest >= FEWEST_REPEATS


def longest_repetition(tokens: list[int]) -> int:
    """The most turns that any stretch is said without a break."""
    most = 1
    for length in range(1, len(tokens) // 2 + 1):
        equal = 0
        for at in range(length, len(tokens)):
            equal = equal + 1 if tokens[at] == tokens[at - length] else 0
            most = max(most, equal // length + 1)
    return most


def test_a_loop_longer_than_the_guard_remembers_is_left_to_the_token_budget() -> None:
    guard = LoopGuard(str)
    assert not any(guard.add(token) for token in [*range(LONGEST_STRETCH + 1)] * 9)
