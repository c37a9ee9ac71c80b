"""Join the lines of a paragraph into running text.

A hyphen at the end of a line was mostly put there by the typesetter. It stays where the rest of the page, the
spelling or a known compound says that it belongs to the word: E-Mail, self-made, Ein- und Ausfahrt.
Chinese and Japanese have no blanks; Korean has, and its lines end between words more often than within one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from papertray.engine.layout.addresses import close_addresses

_HYPHENS = "-‐\u00ad¬"
_BROKEN = re.compile(rf"(?P<head>[^\W\d_]+)[{_HYPHENS}]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SUSPENDED_BEFORE = frozenset({"und", "oder", "bzw", "sowie", "and", "or"})
_COMPOUND_HEADS = frozenset({"self", "well", "non", "quasi", "semi", "cross", "three", "four", "five"})

_ENDINGS = frozenset("다을를은는의에로와과") | {
    "니다",
    "습니다",
    "입니다",
    "합니다",
    "에서",
    "으로",
    "에게",
    "까지",
    "부터",
}
"""What Korean words end in and none begins with."""


def join_lines(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """`known` holds the words of the page in small letters: see `known_words`."""
    text = ""
    for line in lines:
        text = _joined(text, line.strip(), known) if text else line.strip()
    return close_addresses(text)


def known_words(lines: Sequence[str]) -> frozenset[str]:
    """The words that stand whole within a line, compounds with their hyphens."""
    return frozenset(word.lower() for line in lines for word in _WORD.findall(line)[:-1])


def first_word(text: str) -> int:
    """How many letters have to stay together at the start of a line."""
    if not text or _is_east_asian(text[0]):
        return len(text[:1])
    return len(text.split(maxsplit=1)[0])


def _joined(text: str, line: str, known: frozenset[str]) -> str:
    if not line:
        return text
    if text[-1] in _HYPHENS and (broken := _BROKEN.search(text)):
        return _mended(text, broken["head"], line, known)
    if text[-1] in _HYPHENS and text[-2:-1].isdigit() and line[0].isdigit():
        return text + line
    if _is_hangul(text[-1]) and _is_hangul(line[0]):
        return text + ("" if _is_within_word(text, line, known) else " ") + line
    return text + ("" if _is_east_asian(text[-1]) and _is_east_asian(line[0]) else " ") + line


def _is_within_word(text: str, line: str, known: frozenset[str]) -> bool:
    """Whether the page has the word whole elsewhere, or goes on with what no word begins with."""
    tail = _WORD.match(line)
    head = text.rsplit(maxsplit=1)[-1]
    return tail is not None and (tail[0] in _ENDINGS or f"{head}{tail[0]}" in known)


def _mended(text: str, head: str, line: str, known: frozenset[str]) -> str:
    found = _WORD.match(line)
    if found is None or found[0].lower() in _SUSPENDED_BEFORE:
        return f"{text} {line}"
    tail = found[0].split("-")[0]
    if not tail[0].islower():
        capitals = head.isupper() and tail.isupper() and len(head) > 1
        return text[:-1] + ("" if capitals else "-") + line
    compound = f"{head}-{tail}".lower() in known or head.lower() in _COMPOUND_HEADS
    if compound and f"{head}{tail}".lower() not in known:
        return text[:-1] + "-" + line
    return text[:-1] + line


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7af"


def _is_east_asian(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
