"""How much of the same a page can say at most, told from its looks.

Repeated words go in; out comes whether the page can have them so often. Knows no answer but those words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from papertray.engine.inference.repeated_words import FEW_WORDS, RepeatedWords, least_width
from papertray.engine.layout.neighbours import LikeWords
from papertray.engine.layout.recurrence import PageLooks

TURNS, FEWER_TURNS, REPEATING_TURNS = 1.7, 2.5, 3.0
"""A word may be written this many times as often as the page shows alike words; one or two words alone, and
on a page that repeats itself, more often, for there the looks find less than there is."""

CLOSE_TURNS, MORE_TURNS, FEW_MORE = 1.25, 3, 2
"""As often as words of one size stand in columns; and a few times more."""

SHORT_TURNS, LEAST_TURNS, LONG_TURNS, FEWEST_TURNS, HOLLOW_TURNS = 56, 24, 13, 8, 6
"""What any page may have: of a few words, on a page with and without room; of many; in places; in places
that the words do not fill."""

LEAST_TOKENS = 300
"""Nothing shorter is too often, outside of tables and places."""

WHOLE, PIECE_OF_FEW, PIECE_OF_MANY = 0.4, 0.6, 0.2
"""Of a word's least width, so much may be alone on the page: of words alike, in columns or beside others."""

MOST_OF_LATE = 0.5
"""In places, words that come often are a loop only if such a share of what was said of late are they."""

MANY = 0.25
"""Of more than a few words, such a share must be too often."""

AGAIN, MONOTONOUS = 5, 0.75
"""On a page of which such a share are words that come so often, they may be more than look alike."""

STRETCH, MORE_STRETCH = 56, 15
SPECK, DASH = 0.62, 0.35
"""Marks that are no wider are no words, and no dashes."""

BLANK = re.compile(r"\\(?:text|mathrm|mbox|quad|qquad|hspace|hfill|,|;|!)?[\s{}]*")
"""Commands of LaTeX that stand on no page."""

ROW_TURNS, MORE_ROWS = 1.03, 1
NUMBER_TURNS, MORE_NUMBERS = 1.2, 12
FORM_TURNS, SHORT_NUMBERS = 2, 50
"""Outside of tables, numbers of one form may be so many times as many as were noticed; any page may have
the second."""

SPLIT = 0.6
"""The smaller of two groups may be the same word as the larger if it is so large."""

LEGIBLE, WORD_TURNS, MORE_WORDS = 7, 1.25, 20
"""Letters of such a height are told apart well enough that words can be counted."""

PLACE_TURNS, MORE_PLACES = 1.15, 8
"""An answer may have so many times as many lines and cells as begin on the page, and a few more."""

PRINTED, PAIR_TURNS, MORE_PAIRS = 0.6, 1.5, 16
"""Where letters are printed, pairs of words come again so often at most, for as many as look alike: all
together, and the most frequent of late against the most frequent on the page."""

FEW_PAIRS, PAIR_SPLIT = 12, 2.5
"""Of few pairs, one may look like several."""

UNSEEN = PageLooks(
    words=1500,
    numbers=160,
    alike=(LikeWords(36, 99),) * 40,
    ruled=100,
    repeated=(LikeWords(100, 99),) * 4,
    lines=100,
)
"""A page that cannot be looked at may repeat itself as much as real ones do."""


@dataclass(frozen=True, slots=True)
class PageLimits:
    looks: PageLooks

    @property
    def most_beside(self) -> int:
        """How many alike words stand next to each other."""
        return max((like.count for like in self.looks.repeated if like.width >= SPECK), default=0)

    @property
    def most_rows(self) -> float:
        return max(self.looks.ruled, self.looks.lines) * ROW_TURNS + MORE_ROWS

    @property
    def most_numbers(self) -> float:
        return self.looks.numbers * NUMBER_TURNS + MORE_NUMBERS

    def are_exceeded_by(self, said: RepeatedWords) -> bool:
        if self.has_no_room_for(said) or self._has_more_numbers(said) or self._has_more_pairs(said):
            return True
        if not said.words:
            return False
        if said.in_rows and said.rows > self.most_rows:
            return self._has_more_rows(said)
        if said.hollow:
            return said.counts[said.words[0]] > max(HOLLOW_TURNS, CLOSE_TURNS * self.most_beside)
        return self._is_too_often(said)

    def has_no_room_for(self, said: RepeatedWords, turns: float = 1.0) -> bool:
        """So many words are nowhere on the page, or not a few kinds of them in a row."""
        if not said.words:
            return self._has_more_words(said)
        long = said.stretch > STRETCH and said.stretch > turns * self._longest_stretch(said)
        return long or self._has_more_words(said)

    def _has_more_words(self, said: RepeatedWords) -> bool:
        """Or lines and cells than there are on the page, if its letters are large enough to be told apart."""
        if self.looks.body < LEGIBLE:
            return False
        lines = PLACE_TURNS * self.looks.beginnings + MORE_PLACES
        cells = PLACE_TURNS * self.looks.cells + MORE_PLACES
        words = WORD_TURNS * self.looks.words + MORE_WORDS
        return said.lines > lines or said.cells > cells or said.written > words

    def _has_more_pairs(self, said: RepeatedWords) -> bool:
        """Than look alike on the page, if it is printed and legible."""
        if not self._is_printed:
            return False
        late = sorted(said.late_pairs.values(), reverse=True)
        shown = zip_longest(late, self.looks.pairs[: len(late)], fillvalue=0)
        turns = PAIR_TURNS if len(late) >= FEW_PAIRS else PAIR_SPLIT
        excess = sum(max(0, count - turns * like) for count, like in shown)
        return excess > MORE_PAIRS or said.pairs > PAIR_TURNS * sum(self.looks.pairs) + MORE_PAIRS

    def _has_more_numbers(self, said: RepeatedWords) -> bool:
        """Of one form, such as dates, than stand in columns, look alike or are numbers."""
        numbers = [(form, count) for form, count in said.numbers.items() if not any(map(str.isalpha, form))]
        if said.say_something or not numbers:
            return False
        form, count = max(numbers, key=lambda number: number[1])
        width = WHOLE * least_width(form)
        columns = CLOSE_TURNS * _count(self.looks.columns, width, 0)
        if said.in_rows:
            return said.rows > self.most_rows and count > max(self.most_numbers, columns)
        shown = FORM_TURNS * max(self.most_numbers, columns, _count(self.looks.alike, width, 0))
        return count > max(SHORT_NUMBERS, shown)

    def may_have_in_columns(self, said: RepeatedWords) -> bool:
        """Few words, in lines, whose looks differ: by hand, perhaps."""
        if not said.are_few or not said.in_lines or not said.words:
            return False
        width = WHOLE * max(said.widths)
        alike = sum(like.count for like in self.looks.alike if like.width >= width and like.count >= AGAIN)
        return said.counts[said.words[0]] <= _count(self.looks.columns, width, 0) - alike

    def _longest_stretch(self, said: RepeatedWords) -> float:
        """So many words in a row may be of a few kinds, where these stand side by side or in columns."""
        least = DASH if said.have_dashes or min(said.widths) < DASH else SPECK
        beside = TURNS * sum(like.count for like in self.looks.repeated if like.width >= least)
        if not said.in_lines:
            return beside
        widest = sorted(said.widths, reverse=True)
        turns = TURNS if len(widest) <= 2 else CLOSE_TURNS
        alike = turns * sum(
            min(_count(self.looks.alike, width, rank, 1), said.counts[word])
            for rank, (width, word) in enumerate(zip(widest, said.words, strict=True))
        )
        columns = _count(self.looks.columns, SPECK, 0) * min(len(widest), FEW_WORDS)
        return max(beside, alike + MORE_STRETCH, CLOSE_TURNS * columns)

    def _has_more_rows(self, said: RepeatedWords) -> bool:
        """Than one table can have; the words of two side by side come again all the same."""
        for rank, (word, width) in enumerate(zip(said.words, said.widths, strict=True)):
            most = max(self.most_rows, self._together(width, rank, said.in_lines))
            shown = min(_count(self.looks.alike, width, rank, 1), most)
            if said.counts[word] > max(FEWEST_TURNS, shown + MORE_TURNS):
                return True
        return False

    def _is_too_often(self, said: RepeatedWords) -> bool:
        """The words of late, the most frequent first, against the words that come again on the page."""
        at_least = self._turns_on_any_page(said)
        limits = [max(at_least, self._shown(said, rank) + MORE_TURNS) for rank in range(len(said.words))]
        exceeding = sum(said.counts[word] > most for word, most in zip(said.words, limits, strict=True))
        return exceeding >= (1 if said.are_few else MANY * len(said.words))

    def _shown(self, said: RepeatedWords, rank: int) -> float:
        if BLANK.fullmatch(said.words[rank]):
            return 0
        width, widths = said.widths[rank], said.widths[:rank]
        before = sum(other >= width for other in widths)
        piece = PIECE_OF_FEW if said.are_few else PIECE_OF_MANY
        alike = self._turns(said) * _count(self.looks.alike, width, before, 1)
        if len(said.words) == 1:
            alike = max(alike, self._in_two_groups(PIECE_OF_FEW * width))
        together = CLOSE_TURNS * self._together(piece * width, rank, said.in_lines) + FEW_MORE
        if said.are_few:
            return max(alike, together)
        pieces = CLOSE_TURNS * _count(self.looks.alike, WHOLE * width, rank, 1)
        return max(alike, together, pieces)

    def _in_two_groups(self, width: float) -> int:
        """The same word may look like two, according to what stands beside it."""
        first, second = (_count(self.looks.alike, width, before) for before in (0, 1))
        return first + second if second >= SPLIT * first else 0

    def _turns(self, said: RepeatedWords) -> float:
        if said.are_few and said.placed and said.often > MOST_OF_LATE:
            return CLOSE_TURNS if said.are_wide else 0
        if not said.are_few or said.have_formulas:
            return TURNS
        if self.looks.repeated:
            return REPEATING_TURNS
        if said.are_wide and len(said.words) <= 2:
            return FEWER_TURNS
        return TURNS if len(said.words) > 2 or said.in_rows else 1

    def _turns_on_any_page(self, said: RepeatedWords) -> float:
        if said.are_few and said.placed and said.often > MOST_OF_LATE:
            return LEAST_TURNS if self._is_monotonous else FEWEST_TURNS
        enough = max(FEWEST_TURNS, LEAST_TOKENS / said.turn)
        if not said.are_few or said.have_formulas:
            return min(LONG_TURNS, enough)
        room = min(SHORT_TURNS, max(LEAST_TURNS, 0.7 * self.looks.words))
        return room if said.in_rows else min(room, enough)

    @property
    def _is_printed(self) -> bool:
        return self.looks.body >= LEGIBLE and self.looks.printed >= PRINTED

    @property
    def _is_monotonous(self) -> bool:
        """Nearly all words come again, or the pieces of them."""
        again = sum(like.count for like in self.looks.alike if like.count >= AGAIN)
        return again > MONOTONOUS * self.looks.words

    def _together(self, width: float, rank: int, in_lines: bool) -> int:
        """How many stand together; of two groups, the words of one may be cut in two."""
        beside = _count(self.looks.repeated, width, rank // 2)
        return max(beside, _count(self.looks.columns, width, rank // 2) if in_lines else 0)


def _count(groups: Sequence[LikeWords], width: float, before: int, none: int = 0) -> int:
    """Of the groups that are at least so wide, the size of that after so many others."""
    wide = [group.count for group in groups if group.width >= width]
    return wide[before] if before < len(wide) else none
