"""Where a line of text stands on its page: a plain value."""

from dataclasses import dataclass

PLACES, SPANS = 4000, 250
"""Where lines and words stand is known to such a part of the page, and of the line."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as it was seen on the page, turned or leaning as it may be.

    `place` has three of its corners as fractions of the page, x and y of each: where its letters begin at the
    top, where they end there, and where they begin at the bottom, from left to right as they stand.
    `spans` tells for each word of `text` between blanks where it begins and ends from left to right, in parts
    of the line of which it has `SPANS`; it is empty where that is not known. A `written` line is in the file
    itself.
    """

    text: str
    place: tuple[float, float, float, float, float, float]
    spans: tuple[int, ...] = ()
    written: bool = False
