"""The words that an answer says again and again: how often, in what shape, and how wide they are at least."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

OFTEN = 5
FEW_WORDS = 4
"""Words that were said so often count; of so few, a run says the same all the time."""

NARROW, THIN, FIRST_WIDE = 0.5, "1.,:;'!|", 0x2E80
"""A letter is at least so wide, in heights of small letters; from the last sign on, twice as wide."""

COMMON = 2.0
"""Words of ordinary text that come often, such as "the", are no wider."""


@dataclass(frozen=True)
class RepeatedWords:
    """`counts` are of the words said of late, but in the whole answer, `numbers` of what differs in numbers
    only; `written` are all words, but for commands of LaTeX. `turn` is the tokens until the same
    comes again, `stretch` the words since there were more than a few different ones, `rows` those of all
    tables so far. `lines` and `cells` are those with words in them, each line being a cell too. `pairs` are
    all words that came before behind the same word, `late_pairs` those of late with how often. `hollow` are
    places of blocks (`placed`) that the words do not fill."""

    counts: Mapping[str, int]
    numbers: Mapping[str, int]
    written: float
    turn: int
    stretch: int
    rows: int
    lines: int
    cells: int
    pairs: int
    late_pairs: Mapping[tuple[str, str], int]
    in_rows: bool
    in_lines: bool
    placed: bool
    hollow: bool

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The most frequent first."""
        often = [word for word, count in self.counts.items() if count >= OFTEN]
        return tuple(sorted(often, key=self.counts.__getitem__, reverse=True))

    @property
    def often(self) -> float:
        """Such a share of the words of late."""
        return len(self.words) / max(1, len(self.counts))

    @cached_property
    def widths(self) -> tuple[float, ...]:
        return tuple(map(least_width, self.words))

    @property
    def say_something(self) -> bool:
        return any(any(map(str.isalnum, word)) for word in self.words)

    @property
    def are_few(self) -> bool:
        return len(self.words) <= FEW_WORDS

    @property
    def are_wide(self) -> bool:
        return max(self.widths) > COMMON

    @property
    def have_dashes(self) -> bool:
        return not all(any(map(str.isalnum, word)) for word in self.words)

    @property
    def have_formulas(self) -> bool:
        return any("\\" in word for word in self.words)


def least_width(word: str) -> float:
    """In heights of small letters; half of what a word has, for it may have come apart."""
    return NARROW * sum(2 if ord(sign) > FIRST_WIDE else 0.5 if sign in THIN else 1 for sign in word)
