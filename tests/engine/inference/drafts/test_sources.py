"""What is drafted: the words that follow on a page, and what followed when the same was said before."""

from collections.abc import Sequence

import pytest

from papertray.engine.inference.drafts.drafter import Drafter
from papertray.engine.inference.drafts.known_words import KnownWords
from papertray.engine.inference.drafts.said_before import SaidBefore

WORDS = tuple(range(100, 140))


def missed(source: KnownWords | SaidBefore, written: Sequence[int]) -> list[int]:
    """The tokens that were not the first of what it had ahead."""
    wrong = []
    for token in written:
        if tuple(source.ahead(1)) != (token,):
            wrong.append(token)
        source.take(token)
    return wrong


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (WORDS, []),
        ((*WORDS[:9], 7, *WORDS[10:]), [7]),
        ((*WORDS[:9], *WORDS[12:]), [112]),
        ((*WORDS[:9], 7, 8, 9, 9, 7, *WORDS[9:]), [7, 8, 9, 9, 7]),
        ((*WORDS[20:], *WORDS[:20]), [120, 121, 100, 101]),
        ((7, 8, 9, *WORDS), [7, 8, 9]),
        ((7, *WORDS[3:9], 8, 8, 8, *WORDS[9:]), [7, 103, 8, 8, 8]),
    ],
    ids=["all", "another", "left out", "put in", "another order", "first of all", "before it was sure"],
)
def test_the_place_is_found_again_after_a_word_that_is(written: tuple[int, ...], expected: list[int]) -> None:
    assert missed(KnownWords(WORDS), written) == expected


def test_of_several_places_that_is_meant_where_most_agrees() -> None:
    source = KnownWords((1, 2, 3, 4, 9, 2, 3, 5, 8, 2, 3, 6))
    for token in (8, 2, 3):
        source.take(token)
    assert source.ahead(5) == (6,)


def test_words_that_end_before_the_answer_promise_nothing() -> None:
    source = KnownWords((1, 2))
    assert missed(source, (1, 2, 3, 4, 5)) == [3, 4, 5]
    assert KnownWords(()).ahead(5) == ()


def test_what_followed_before_is_expected_again() -> None:
    row = (1, 2, 3, 4, 5, 6)
    source = SaidBefore()
    assert missed(source, row) == list(row)
    assert missed(source, row) == [1, 2, 3]
    assert missed(source, row * 3) == []


def test_a_source_that_guesses_badly_is_not_believed_until_it_guesses_better() -> None:
    drafter = Drafter(lambda: WORDS * 5)
    drafter.draft(1)
    chances = []
    every_other = [token for word in WORDS[::2] for token in (word, word + 1000)]
    for written in (WORDS, every_other, WORDS):
        for token in written:
            drafter.take(token)
        chances.append(drafter.draft(2).chances[1])
    assert chances[0] > 0.8 > 0.2 > chances[1] < 0.5 < chances[2]


def test_words_that_come_late_are_held_to_what_was_written_before() -> None:
    late: list[tuple[int, ...]] = []
    drafter = Drafter(lambda: late.pop() if late else None)
    for token in WORDS[:10]:
        drafter.take(token)
    assert drafter.draft(4).tokens == ()
    late.append(WORDS)
    assert drafter.draft(4).tokens == WORDS[10:14]
