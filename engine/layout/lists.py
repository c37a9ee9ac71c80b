"""Lists: which paragraphs are items, how deep they stand, and their Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from papertray.engine.escape import escape
from papertray.engine.layout.lines import Line

_BULLET = re.compile(r"^(?:[•●○◦▪■□☐◆‣∙➢➤►▶]\s*|[-–—*·]\s+)(?=\S)")
_CERTAIN = re.compile(r"^[•●○◦▪■□☐◆‣∙➢➤►▶]")
_NUMBER = re.compile(r"^(?P<number>\d{1,3})(?P<dot>[.)])(?:\s+(?=\S)|(?=[^\W\d_]))")
_LETTER = re.compile(r"^\(?[a-z0-9]{1,3}\)\s*(?=\S)", re.IGNORECASE)
_SPOKEN = re.compile(r"(?P<who>[QA])[.:]\s")
_LETTERED = re.compile(r"^(?P<letter>[a-z])\.\s+(?=[^\W\d_]{2})")
_ALONE = re.compile(
    r"^(?:[•●○◦▪■□☐◆‣∙➢➤►▶*·–—-]|\(?(?:\d{1,3}|[^\W\d_]|[ivxlc]{2,5})[.)]|\(?\w{1,3}\))$", re.IGNORECASE
)

DEEPER, HELD = 0.7, 2
"""An item so many heights farther right is deeper; so many blanks stand before one that nothing holds."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry. `number` is 0 for a bullet, `certain` when its mark can be nothing else.

    `shown` is its Markdown, where it is more than its text.
    """

    text: str
    left: float
    size: float
    number: int = 0
    certain: bool = False
    shown: str = ""

    @property
    def mark(self) -> str:
        return f"{self.number}." if self.number else "-"


def is_marker(text: str) -> bool:
    """Whether this is a bullet or a number without its text."""
    return _ALONE.match(text) is not None


def is_bulleted(text: str) -> bool:
    """Whether it begins with a mark that can be nothing else."""
    return _CERTAIN.match(text) is not None


def begins_item(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_BULLET, _NUMBER, _LETTER))


def find_lettered(lines: Sequence[Line]) -> frozenset[int]:
    """Which lines begin with `a.`, `b.` and so on under each other. One alone is a word: `d. Red.`."""
    begun = [
        (at, letter["letter"]) for at, line in enumerate(lines) if (letter := _LETTERED.match(line.text))
    ]
    pairs = [
        (at, below)
        for (at, letter), (below, other) in pairwise(begun)
        if ord(other) == ord(letter) + 1
        and abs(lines[at].rect.left - lines[below].rect.left) < lines[at].size
    ]
    return frozenset(at for pair in pairs for at in pair)


def find_spoken(lines: Sequence[Line]) -> frozenset[int]:
    """Which lines begin a question or an answer, where there are both: `Q. And then?`."""
    begun = {at: spoken["who"] for at, line in enumerate(lines) if (spoken := _SPOKEN.match(line.text))}
    return frozenset(begun) if len(set(begun.values())) > 1 else frozenset()


def parse_item(text: str, left: float, size: float) -> ListItem | None:
    if bullet := _BULLET.match(text):
        return ListItem(text[bullet.end() :], left, size, certain=_CERTAIN.match(text) is not None)
    if number := _NUMBER.match(text):
        return ListItem(text[number.end() :], left, size, number=int(number["number"]))
    if _LETTER.match(text) or _LETTERED.match(text):
        return ListItem(text, left, size)
    return None


def is_list(items: Sequence[ListItem]) -> bool:
    """A lone dash or number is text: `12. March`. Numbers have to count upwards."""
    if any(entry.certain for entry in items):
        return True
    return len(items) > 1 and all(_follows(items[:at], entry) for at, entry in enumerate(items) if at)


def _follows(before: Sequence[ListItem], entry: ListItem) -> bool:
    same = [other.number for other in before if abs(other.left - entry.left) < entry.size]
    return not entry.number or not same or entry.number in (1, same[-1] + 1)


def list_markdown(items: Sequence[ListItem]) -> str:
    """Items deeper by their indent; each stands under the text of the one that holds it.

    The first may be deeper than one that follows: what holds it stands on the page before.
    """
    lines = []
    outer = min(entry.left for entry in items)
    above = [(outer, HELD)] if items[0].left >= outer + DEEPER * items[0].size else []
    for entry in items:
        while above and entry.left < above[-1][0] + DEEPER * entry.size:
            above.pop()
        indent = above[-1][1] if above else 0
        lines.append(f"{' ' * indent}{entry.mark} {entry.shown or escape(entry.text)}")
        above.append((entry.left, indent + len(entry.mark) + 1))
    return "\n".join(lines)
