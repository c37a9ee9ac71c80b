"""What stands under a title and is none: who wrote it, where they work, when.

Takes the paragraphs of a page with their levels; gives the places of those in the middle under the first
title that are set smaller than it, and have no text of their own below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from papertray.engine.layout.heading_words import is_numbered, is_usual_heading
from papertray.engine.layout.looks import Look
from papertray.engine.layout.paragraphs import Paragraph

TITLE, SMALLER = 1.3, 1.12
"""A title is so many times larger than the text, and than what stands under it."""

CENTRED, INDENTED = 1.0, 2.0
"""It has one middle with the title, give or take so many heights of the title, and begins elsewhere than the
text, by the second."""

LONGEST = 6
"""A date has no more words than this."""

RUNNING = 20.0
"""Text that is wider than so many heights of its letters runs on."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SENT = re.compile(r"\S@\S|\(at\)")


def find_title_lines(
    paragraphs: Sequence[Paragraph], levels: Sequence[int], known: frozenset[str], look: Look
) -> Iterator[int]:
    first = next((at for at, level in enumerate(levels) if level), None)
    if first is None or paragraphs[first].lettering < TITLE * look.size:
        return
    title = paragraphs[first]
    left = min((one.rect.left for one in paragraphs), default=0.0)
    for at in range(first + 1, len(paragraphs)):
        one = paragraphs[at]
        text = one.text(known)
        begins = is_numbered(text) or is_usual_heading(text) or look.are_bold(one.lines)
        if not _is_under(title, one, left) or (levels[at] and begins):
            return
        if levels[at]:
            dated = len(text.split()) <= LONGEST and _YEAR.search(text) is not None
            if not dated and not _SENT.search(text) and _is_over_text(paragraphs, at):
                return
            yield at


def _is_under(title: Paragraph, one: Paragraph, left: float) -> bool:
    high = max(line.rect.height for line in title.lines)
    return (
        one.lettering * SMALLER < title.lettering
        and one.rect.top > title.rect.bottom - high / 2
        and abs(one.rect.centre - title.rect.centre) < CENTRED * high
        and all(line.rect.left > left + INDENTED * one.size for line in one.lines)
    )


def _is_over_text(paragraphs: Sequence[Paragraph], at: int) -> bool:
    return any(
        not below.by_line and below.rect.width > RUNNING * below.size for below in paragraphs[at + 1 : at + 2]
    )
