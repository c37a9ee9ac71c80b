"""Numbers in running heads: told apart from the words, and whether they count as pages do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

MARK = "#"
"""Stands for any number."""

MOSTLY = 0.6
"""So many numbers have to go up by one from page to page; some pages are numbered otherwise, or misread."""

_NUMBER = re.compile(r"\d+|(?<![^\W\d_])[ivxlc]{1,7}(?![^\W\d_])", re.IGNORECASE)
_ONLY_NUMBER = re.compile(rf"[\W_]*(?:{MARK}[\W_]*)+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def cut_numbers(text: str) -> tuple[str, tuple[int, ...]]:
    """The text in small letters with a mark for each number, and the numbers."""
    numbers = tuple(_value(found) for found in _NUMBER.findall(text))
    return _NUMBER.sub(MARK, text).lower(), numbers


def is_count(key: str) -> bool:
    """Whether such a text is nothing but numbers and signs."""
    return _ONLY_NUMBER.fullmatch(key) is not None


def advances(pages: Sequence[tuple[int, Sequence[int]]]) -> bool:
    """Whether one of the numbers goes up as the pages do."""
    width = min((len(numbers) for _, numbers in pages), default=0)
    for place in range(width):
        offsets = Counter(numbers[place] - page for page, numbers in pages)
        if offsets.most_common(1)[0][1] >= MOSTLY * len(pages):
            return True
    return all(len(numbers) == width for _, numbers in pages) and len({*(n for _, n in pages)}) == 1


def _value(number: str) -> int:
    if number.isdigit():
        return int(number[:9])
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(
        -value if value < behind else value for value, behind in zip(values, [*values[1:], 0], strict=True)
    )
