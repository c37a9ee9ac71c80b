"""Leave out signs that nobody wrote: logos, ornaments and boxes that were taken for letters.

The recogniser knows thousands of Han and kana and finds one in any small drawing. On a page without their
scripts a short line of them is such a drawing, however certain it was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from papertray.engine.layout.lines import Line

AT_HOME = 0.05
"""Where more of a page's letters are Han and kana, they belong there."""

SHORT = 3
"""A title of more signs is one, in the middle of English too."""

WRITTEN = 8
"""A page with fewer Latin letters tells nothing."""


def drop_strays(lines: Sequence[Line]) -> list[Line]:
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    wide = sum(map(_is_wide, letters))
    if wide > AT_HOME * len(letters) or len(letters) - wide < WRITTEN:
        return list(lines)
    return [line for line in lines if not _is_stray(line.text)]


def _is_stray(text: str) -> bool:
    letters = [letter for letter in text if letter.isalnum()]
    return 0 < len(letters) <= SHORT and all(map(_is_wide, letters))


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
