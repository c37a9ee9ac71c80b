"""Tell headings from text: by size, weight, capitals, numbers, and by the space that they stand in.

Takes paragraphs in reading order and how most of the page is set; gives a level for each, 0 for text. No
formula, symbol, item of a list, caption, sentence or label beside its value is a heading, however it is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from papertray.engine.layout.heading_words import (
    SENTENCE,
    counts_things,
    is_in_capitals,
    is_numbered,
    is_usual_heading,
    may_be_heading,
    without_note_mark,
)
from papertray.engine.layout.lists import parse_item
from papertray.engine.layout.looks import Look
from papertray.engine.layout.paragraphs import SENTENCE_ENDS, Paragraph, is_all_italic
from papertray.engine.layout.title_lines import find_title_lines

LEVELS = ((1.65, 1), (1.3, 2), (1.16, 3))
"""How many times larger than the text a heading of each level is: the same on every page of a document."""

DEEPEST = 4
"""The level of headings that are no larger than the text."""

TITLE = 2.0
"""So much larger letters are a title even beside other things."""

LARGER, SMALLEST = 1.12, 0.93
"""Letters this much larger than the text are set so on purpose; smaller ones than the second are notes."""

MOST_LINES = 4
"""More lines than this are a paragraph, however large."""

UNDER, FEW = 0.3, 2
"""Lines of an address begin under each other, give or take so many heights; so many lines have numbers each,
of more one has."""

RUNNING = 20.0
"""Text that is wider than so many heights of its letters runs on."""

ALIKE, TIGHT = 1.2, 1.6
"""Lines of one title are no larger than each other, and no farther apart, than this."""

SPACE = 0.25
"""More white than between the lines of a text, in line heights, stands above a heading."""

USUAL = 0.2
"""White between lines where nothing tells it."""

SHORT = 0.75
"""A line over a text that is shorter than this share of it did not end for want of room."""


def find_headings(paragraphs: Sequence[Paragraph], known: frozenset[str], look: Look) -> list[int]:
    """The level of each paragraph, 0 for text. No level is left out on the way down."""
    usual = _usual_white(paragraphs)
    levels = [_level(paragraphs, at, known, look, usual) for at in range(len(paragraphs))]
    for at in find_title_lines(paragraphs, levels, known, look):
        levels[at] = 0
    above = DEEPEST
    for at, level in enumerate(levels):
        if level:
            levels[at] = above = min(level, above + 1)
    return levels


def join_titles(paragraphs: Sequence[Paragraph], look: Look) -> list[Paragraph]:
    """Large lines right under each other are one title, however far apart they are set."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        if joined and _is_one_title(joined[-1], paragraph, look):
            joined[-1] = Paragraph(joined[-1].lines + paragraph.lines)
        else:
            joined.append(paragraph)
    return joined


def _is_one_title(above: Paragraph, below: Paragraph, look: Look) -> bool:
    small, large = sorted((above.lettering, below.lettering))
    last, first = above.lines[-1].rect, below.lines[0].rect
    high = max(last.height, first.height)
    begins = is_numbered(below.lines[0].text)
    aligned = abs(last.left - first.left) < high or abs(last.centre - first.centre) < high
    return (
        small > LEVELS[-1][0] * look.size > 0
        and large < ALIKE * small
        and 0 < first.middle - last.middle < TIGHT * high
        and aligned
        and not begins
        and not above.lines[-1].text.endswith((".", ":"))
        and look.are_bold(above.lines) == look.are_bold(below.lines)
    )


def _level(paragraphs: Sequence[Paragraph], at: int, known: frozenset[str], look: Look, usual: float) -> int:
    paragraph = paragraphs[at]
    text = without_note_mark(paragraph.text(known))
    if not look.size or len(paragraph.lines) > MOST_LINES or not may_be_heading(text):
        return 0
    ratio = paragraph.lettering / look.size
    if ratio < LEVELS[0][0] and _is_address(paragraph):
        return 0
    if ratio < TITLE and _is_beside(paragraphs, at, large=LEVELS[0][0] * look.size):
        return 0
    level = next((level for least, level in LEVELS if ratio >= least), DEEPEST)
    if level < DEEPEST - 1:
        return level
    bold, spaced = look.are_bold(paragraph.lines), _space_above(paragraphs, at) > usual + SPACE
    numbered = is_numbered(text) and not counts_things(text) and not _is_in_list(paragraphs, at, known)
    alone = (spaced or _is_italic_alone(paragraphs, at)) and _stands_over_text(paragraphs, at, text)
    if spaced and is_usual_heading(text) and all(len(one.lines) > 1 for one in paragraphs[at + 1 : at + 2]):
        return level
    marks = (ratio > LARGER, bold, is_in_capitals(text), spaced, numbered, alone)
    if not bold and ((ratio < SMALLEST and not marks[2]) or (ratio < LARGER and text.endswith("."))):
        return 0
    if bold and ratio < LARGER and _is_label(paragraphs, at, look):
        return 0
    return level if _is_marked(*marks) and _has_text_below(paragraphs, at, bold, look) else 0


def _is_address(paragraph: Paragraph) -> bool:
    """Short lines that begin under each other, with numbers: who it is for, what it counts, when it was."""
    lines = paragraph.lines
    lefts = [line.rect.left for line in lines]
    counted = sum(any(map(str.isdigit, line.text)) for line in lines)
    return (
        counted >= (1 if len(lines) > FEW else FEW)
        and max(lefts) - min(lefts) < UNDER * paragraph.size
        and all(line.text[:1].isupper() or line.text[:1].isdigit() for line in lines[1:])
        and not is_numbered(lines[0].text)
    )


def _is_label(paragraphs: Sequence[Paragraph], at: int, look: Look) -> bool:
    """Whether others like it stand in its row, and none over running text: names of what is filled in."""
    line = paragraphs[at].lines[0]
    row = [
        place
        for place, other in enumerate(paragraphs)
        if len(other.lines) == 1
        and abs(other.rect.middle - line.rect.middle) < UNDER * line.size
        and look.are_bold(other.lines)
    ]
    return len(row) > 1 and not any(map(_runs, (paragraphs[place + 1 : place + 2] for place in row)))


def _runs(below: Sequence[Paragraph]) -> bool:
    return any(
        (len(one.lines) > FEW and not one.by_line) or one.rect.width > RUNNING * one.size for one in below
    )


def _is_italic_alone(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether a paragraph is set in italics and the one below it is not."""
    below = paragraphs[at + 1].lines[0] if at + 1 < len(paragraphs) else None
    return all(map(is_all_italic, paragraphs[at].lines)) and below is not None and not below.italic


def _is_marked(larger: bool, bold: bool, capitals: bool, spaced: bool, numbered: bool, alone: bool) -> bool:
    """One mark may be chance; bold letters and a short line over running text are none."""
    return (
        bold
        or alone
        or (larger and (spaced or numbered or capitals))
        or (capitals and spaced)
        or (numbered and spaced)
    )


def _stands_over_text(paragraphs: Sequence[Paragraph], at: int, text: str) -> bool:
    """A short line between a text that ended and one that begins, and no sentence itself."""
    if at + 1 == len(paragraphs) or len(paragraphs[at].lines) > 1:
        return False
    if len(text) > SENTENCE or not text[:1].isupper():
        return False
    below = paragraphs[at + 1]
    ended = not at or without_note_mark(paragraphs[at - 1].lines[-1].text).endswith(SENTENCE_ENDS)
    short = paragraphs[at].rect.width < SHORT * below.rect.width
    close = 0 < below.rect.top - paragraphs[at].rect.top < 4 * below.size
    runs = len(below.lines) > 1 and not below.lines[0].mono
    return ended and short and close and runs and not text.endswith(SENTENCE_ENDS)


def _usual_white(paragraphs: Sequence[Paragraph]) -> float:
    """Between the lines of a text, in line heights."""
    whites = [
        (below.rect.top - above.rect.bottom) / above.rect.height
        for paragraph in paragraphs
        for above, below in pairwise(paragraph.lines)
        if below.rect.top > above.rect.top
    ]
    return median(whites) if whites else USUAL


def _is_beside(paragraphs: Sequence[Paragraph], at: int, large: float) -> bool:
    """Whether something stands in the same row, before or behind it: two parts of a large title may."""
    rect = paragraphs[at].rect
    near = [paragraph.lines[-1] for paragraph in paragraphs[max(at - 1, 0) : at]]
    near += [paragraph.lines[0] for paragraph in paragraphs[at + 1 : at + 2]]
    if paragraphs[at].lettering >= large:
        near = [line for line in near if line.lettering < large]
    return any(line.rect.top < rect.middle < line.rect.bottom for line in near)


def _is_in_list(paragraphs: Sequence[Paragraph], at: int, known: frozenset[str]) -> bool:
    near = [*paragraphs[max(at - 1, 0) : at], *paragraphs[at + 1 : at + 2]]
    return any(parse_item(other.text(known), 0.0, 1.0) for other in near)


def _space_above(paragraphs: Sequence[Paragraph], at: int) -> float:
    """In heights of its lines; at the top of a column there is any."""
    if not at:
        return 9.0
    paragraph, above = paragraphs[at], paragraphs[at - 1]
    white = paragraph.rect.top - above.rect.bottom
    return white / paragraph.size if white > -paragraph.size else 9.0


def _has_text_below(paragraphs: Sequence[Paragraph], at: int, bold: bool, look: Look) -> bool:
    """Whether what follows is set as text is, and not one more of the same."""
    after = paragraphs[at + 1 : at + 3]
    if not bold or not after:
        return bool(after) or bold
    smaller = after[0].lettering < paragraphs[at].lettering / LARGER
    return smaller or any(not look.are_bold(paragraph.lines) for paragraph in after)
