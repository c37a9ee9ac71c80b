"""How often words stand on the page, as another reader has made it out there.

Its words go in, and what is said again and again; out comes whether that is so. It counts only where it could
read what else the answer says: not on pages by hand, nor in a script that it does not know.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache

from papertray.engine.inference.marks import form_of
from papertray.engine.inference.repeated_words import FEW_WORDS, RepeatedWords

SHORTEST = 3
"""Of letters; shorter words stand within others."""

PIECE = 5
"""A word may be misread in one place: its beginning, its middle or its end is found all the same."""

FEWEST, SHARE = 8, 0.85
"""So many different words, and such a share of them, must have been made out."""

TURNS, MORE = 1.5, 2
"""Words may be written so many times as often as they were made out, and a few times more."""

OFTEN_OF_FEW, OFTEN_OF_MANY, MANY = 9, 3, 0.7
"""They are a loop if they were said so often, and such a share of them was not made out so often."""

FEWEST_PAIRS, PAIR_TURNS, MORE_PAIRS = 16, 2, 8
"""So many pairs of words, one behind the other, are a loop if they were said more than so many times as often
as they were made out, and a few times more. Of each, so much is looked for as a word that was misread has."""

FEWEST_NUMBERS, NUMBERS = 6, 24
"""Numbers of one form are a loop if so many were said, and none of the last."""


class SecondOpinion:
    def __init__(self, words: str) -> None:
        self._text = _plain(words)
        self._count = cache(self._look_for)

    def denies(self, said: RepeatedWords, all_words: Iterable[str]) -> bool:
        """That the page says so; `all_words` are those of the whole answer."""
        late = [word for word in said.counts if _is_countable(word)]
        if not late or not (
            self._misses_numbers(said, late) or self._misses_words(said, late) or self._misses_pairs(said)
        ):
            return False
        others = (word for word in all_words if word not in said.counts and form_of(word) not in said.numbers)
        known = [self._count(word) > 0 for word in others if _is_countable(word)]
        return len(known) >= FEWEST and sum(known) >= SHARE * len(known)

    def _misses_numbers(self, said: RepeatedWords, late: list[str]) -> bool:
        many = len(late) >= FEWEST_NUMBERS and max(said.numbers.values(), default=0) >= NUMBERS
        return many and not any(map(self._count, late))

    def _misses_words(self, said: RepeatedWords, late: list[str]) -> bool:
        often = OFTEN_OF_FEW if len(late) <= FEW_WORDS else OFTEN_OF_MANY
        counts = ((said.counts[word], TURNS * self._count(word) + MORE) for word in late)
        return sum(count >= often and count > most for count, most in counts) >= MANY * len(late)

    def _misses_pairs(self, said: RepeatedWords) -> bool:
        if len(said.late_pairs) < FEWEST_PAIRS:
            return False
        shown = sum(
            min(count, self._text.count(_plain(first)[-PIECE:] + _plain(second)[:PIECE]))
            for (first, second), count in said.late_pairs.items()
        )
        return sum(said.late_pairs.values()) > PAIR_TURNS * shown + MORE_PAIRS

    def _look_for(self, word: str) -> int:
        plain = _plain(word)
        middle = max(0, (len(plain) - PIECE) // 2)
        pieces = {plain[:PIECE], plain[middle : middle + PIECE], plain[-PIECE:]}
        return max(self._text.count(piece) for piece in pieces)


def _is_countable(word: str) -> bool:
    return len(_plain(word)) >= SHORTEST and "\\" not in word


@cache
def _letters(sign: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", sign).casefold()))


def _plain(text: str) -> str:
    """Without blanks, accents and signs: words may have come apart, or together."""
    return "".join(map(_letters, text))
