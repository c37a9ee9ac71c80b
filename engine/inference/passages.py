"""Lines and cells that an answer has written so far, and pairs of words that it has written before.

Marks go in, counts come out. A pair is two words of one line or cell, both with letters and not too narrow:
numbers and short words come again on any page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from papertray.engine.inference.marks import CELL, WORD, Mark
from papertray.engine.inference.repeated_words import least_width

LEAST_PAIR, LETTERS = 3.0, 2


@dataclass(slots=True)
class Passages:
    """`lines` have a word in them, and so do `cells`, each line being one too; `again` are pairs that were
    written more than once, each time counted.
    """

    lines: int = 0
    cells: int = 0
    again: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    _before: str = ""
    _is_open: bool = False
    _is_open_cell: bool = False
    _is_row: bool = False

    def add(self, mark: Mark) -> None:
        if mark.kind != WORD:
            self._end_part(mark)
            return
        self.lines += not self._is_open
        self.cells += not self._is_open_cell
        self._is_open = self._is_open_cell = True
        if self._before and _is_pair(self._before, mark.text):
            count = self.pairs[self._before, mark.text] = self.pairs[self._before, mark.text] + 1
            self.again += {1: 0, 2: 2}.get(count, 1)
        self._before = mark.text if _has_letters(mark.text) else ""

    def _end_part(self, mark: Mark) -> None:
        """A row of a table begins with a cell; elsewhere a line down is a sign like others."""
        self._before = ""
        self._is_row = mark.kind == CELL and (self._is_row or not self._is_open)
        self._is_open = self._is_open and mark.kind == CELL
        self._is_open_cell = self._is_open and not self._is_row

    def again_among(self, marks: Iterable[Mark]) -> dict[tuple[str, str], int]:
        """Of the pairs in these marks those that were written more than once, and how often."""
        pairs = ((one.text, other.text) for one, other in pairwise(marks) if one.kind == other.kind == WORD)
        return {pair: self.pairs[pair] for pair in pairs if self.pairs[pair] > 1}


def _is_pair(first: str, second: str) -> bool:
    return _has_letters(second) and least_width(first) + least_width(second) >= LEAST_PAIR


@lru_cache(maxsize=4096)
def _has_letters(word: str) -> bool:
    return "\\" not in word and sum(map(str.isalpha, word)) >= LETTERS
