"""Turn a paragraph's text into Markdown with its links, and with emphasis where single words are set apart.

Takes the text as it was joined from lines, and those lines; what they do not know (recognised ones know no
words) stays plain. Only addresses of the web and of mail are linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from papertray.engine.escape import escape
from papertray.engine.layout.lines import Line

SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\x00-\x1f\x7f]+$", re.IGNORECASE)
KEPT = "!#$%&'*+,-./:;=?@_~"
"""Signs of an address that stay as they are; brackets would end a link in Markdown."""

BETWEEN = "\ufdd0"
"""Stands for no letter anywhere, and here for where the setting changes."""

_BRACKET = re.compile(r"(?<!\\)[\[\]]")

LOOKED_AHEAD = 4
"""So many letters of the lines may be missing in the text: a hyphen, the number of an item."""

MOSTLY = 0.8
"""More of a paragraph than this in bold is how it is set, no emphasis."""


class Setting(NamedTuple):
    """How a letter is set, as Markdown can show it."""

    link: str = ""
    bold: bool = False
    italic: bool = False


PLAIN = Setting()


def mark_up(text: str, lines: Sequence[Line]) -> str:
    """The Markdown of a paragraph. Hyphens and blanks may have changed where its lines were joined."""
    text = text.replace(BETWEEN, "")
    if not any(word.link or word.bold or word.italic for line in lines for word in line.words):
        return escape(text)
    settings = _without_usual(_settings(text, lines))
    if not any(setting != PLAIN for setting in settings):
        return escape(text)
    return _marked(text, settings)


def _settings(text: str, lines: Sequence[Line]) -> list[Setting]:
    """The setting of each letter: text and lines are walked, what only one of them has is passed over."""
    set_so = list(_letters(lines))
    found: list[Setting] = []
    at = 0
    for letter in text:
        near = range(at, min(at + LOOKED_AHEAD, len(set_so)))
        place = next((ahead for ahead in near if set_so[ahead][0] == letter), None)
        if letter.isspace() or place is None:
            found.append(found[-1] if found else PLAIN)
            continue
        found.append(set_so[place][1])
        at = place + 1
    return found


def _letters(lines: Sequence[Line]) -> Iterator[tuple[str, Setting]]:
    for line in lines:
        if not line.words:
            yield from ((letter, PLAIN) for letter in line.text if not letter.isspace())
        for word in line.words:
            setting = Setting(_safe(word.link), word.bold, word.italic)
            yield from ((letter, setting) for letter in word.text if not letter.isspace())


def _safe(address: str) -> str:
    """The address as it can stand in Markdown's round brackets; nothing for what must not be followed."""
    address = address.strip()
    return quote(address, safe=KEPT) if SAFE.match(address) else ""


def _without_usual(settings: Sequence[Setting]) -> list[Setting]:
    """Bold or italic that most of the paragraph is set in emphasises nothing."""
    usual_bold = sum(setting.bold for setting in settings) > MOSTLY * len(settings)
    usual_italic = sum(setting.italic for setting in settings) > MOSTLY * len(settings)
    return [
        Setting(setting.link, setting.bold and not usual_bold, setting.italic and not usual_italic)
        for setting in settings
    ]


def _marked(text: str, settings: Sequence[Setting]) -> str:
    """Escaped as a whole, for what begins a list or a formula is told from what stands around it."""
    runs = list(_runs(text, settings))
    parts = escape(BETWEEN.join(part for part, _, _ in runs)).split(BETWEEN)
    return "".join(
        _wrapped(part, setting, emphatic) for part, (_, setting, emphatic) in zip(parts, runs, strict=True)
    )


def _runs(text: str, settings: Sequence[Setting]) -> Iterator[tuple[str, Setting, bool]]:
    """Parts set in one way, blanks outside; and whether each begins and ends where words do."""
    at = 0
    for setting, group in groupby(settings):
        part = text[at : at + len(list(group))]
        before = text[at - 1 : at]
        at += len(part)
        shown = part.strip()
        if setting == PLAIN or not any(letter.isalnum() for letter in shown):
            yield part, PLAIN, False
            continue
        whole = not (before.isalnum() and part[0].isalnum())
        whole = whole and not (text[at : at + 1].isalnum() and part[-1].isalnum())
        yield part[: len(part) - len(part.lstrip())], PLAIN, False
        yield shown, setting, whole and _can_be_marked(shown)
        yield part[len(part.rstrip()) :], PLAIN, False


def _can_be_marked(shown: str) -> bool:
    """Emphasis opens before a letter and closes behind one, or viewers show its stars."""
    return shown[0].isalnum() and (shown[-1].isalnum() or shown[-1] in ".,:;!?)")


def _wrapped(part: str, setting: Setting, emphatic: bool) -> str:
    if (len(part) - len(part.rstrip("\\"))) % 2:  # it would escape the mark that follows
        part += "\\"
    if emphatic and setting.italic:
        part = f"*{part}*"
    if emphatic and setting.bold:
        part = f"**{part}**"
    if not setting.link:
        return part
    label = _BRACKET.sub(r"\\\g<0>", part)
    return f"[{label}]({setting.link})"
