"""How well a page was read: its note as plain text, and the character error rate."""

import html
import re
import unicodedata
from itertools import pairwise

from markdown_it import MarkdownIt

from papertray.engine.pages import PageText

_VIEWER = MarkdownIt("gfm-like", {"linkify": False})


def plain(markdown: str) -> str:
    """What a viewer shows, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", _VIEWER.render(markdown))).split())


def cells(markdown: str) -> tuple[tuple[str, ...], ...]:
    """The cells of the first table in a note."""
    tokens = _VIEWER.parse(markdown)
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("td_open", "th_open"):
            rows[-1].append(plain(token.content))
    return tuple(map(tuple, rows))


def error_rate(expected: str, page: PageText | str) -> float:
    """Levenshtein distance to the expected text, in reading order, for each of its characters."""
    wanted = _folded(expected)
    return distance(wanted, _folded(page if isinstance(page, str) else plain(page.markdown))) / len(wanted)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split())


def distance(one: str, other: str) -> int:
    above = list(range(len(other) + 1))
    for y, letter in enumerate(one, start=1):
        row = [y]
        for x, against in enumerate(other, start=1):
            row.append(min(above[x] + 1, row[-1] + 1, above[x - 1] + (letter != against)))
        above = row
    return above[-1]
