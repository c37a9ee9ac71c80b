"""Forty A4 pages at 200 DPI, ten kinds, for measuring the quick reader."""

from collections.abc import Callable

from tests.engine import pages_made as made
from tests.engine.pages_made import A4, Made

Make = Callable[[tuple[str, ...]], Made]

CLEAN: dict[str, Make] = {
    "one column": lambda text: made.one_column(text * 3, size=A4),
    "two columns": lambda text: made.two_columns(text * 3, size=A4),
    "german": lambda text: made.one_column(made.GERMAN * 4, made.SANS, A4),
    "chinese": lambda text: made.one_column(made.CHINESE * 5, made.HAN, A4),
    "list": lambda text: made.bullets(text * 2, A4),
}
DEGRADED: dict[str, Make] = {
    "one column, skew 1.5°": lambda text: made.skewed(made.one_column(text * 3, size=A4)),
    "two columns, skew 1.5°": lambda text: made.skewed(made.two_columns(text * 3, size=A4)),
    "two columns, noise": lambda text: made.noisy(made.two_columns(text * 3, size=A4)),
    "german, JPEG 40": lambda text: made.jpeg(made.one_column(made.GERMAN * 4, made.SANS, A4)),
    "chinese, skew, noise, JPEG 40": lambda text: made.jpeg(
        made.noisy(made.skewed(made.one_column(made.CHINESE * 5, made.HAN, A4), -1.5))
    ),
}


def pages() -> list[tuple[str, bool, Made]]:
    """Name, whether it is degraded, and the page: four of each kind, with the paragraphs in another order."""
    found = []
    for turn in range(4):
        text = made.ENGLISH[turn * 2 :] + made.ENGLISH[: turn * 2]
        for degraded, kinds in ((False, CLEAN), (True, DEGRADED)):
            found.extend((name, degraded, make(text)) for name, make in kinds.items())
    return found
