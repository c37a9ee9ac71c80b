"""Tell headings by the size of their letters, measured against those that most of the page is set in."""

from __future__ import annotations

from collections.abc import Iterable

from papertray.engine.layout.lines import Line

LEVELS = ((1.65, 1), (1.3, 2), (1.16, 3))
"""How many times larger than the text a heading of each level is: the same on every page of a document."""

LONGEST = 160
"""More characters than this are a paragraph, however large."""

SENTENCE = 60
"""So are this many that end as a sentence does."""


def body_size(lines: Iterable[Line]) -> float:
    """The size at which half of the page's characters are smaller, half larger."""
    sizes = sorted((line.lettering, len(line.text)) for line in lines)
    half, seen = sum(count for _, count in sizes) / 2, 0
    for size, count in sizes:
        seen += count
        if seen >= half:
            return size
    return 0.0


def heading_level(text: str, size: float, body: float) -> int:
    """The level of a heading, 0 for text."""
    if not body or len(text) > LONGEST or not any(letter.isalpha() for letter in text):
        return 0
    if len(text) > SENTENCE and text.endswith((".", ",", ";", "。")):
        return 0
    return next((level for ratio, level in LEVELS if size >= ratio * body), 0)
