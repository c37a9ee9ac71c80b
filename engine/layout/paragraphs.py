"""Gather lines in reading order into paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from papertray.engine.layout.captions import starts_caption
from papertray.engine.layout.joining import first_word, join_lines
from papertray.engine.layout.lines import Line, bounding_rect
from papertray.engine.layout.lists import begins_item, find_lettered, find_spoken
from papertray.engine.layout.looks import Look
from papertray.engine.rectangles import Rect

LOOSER = 1.3
"""A step down this many times the usual one is a gap between paragraphs."""

FARTHEST = 2.3
"""Lines of a paragraph are never farther apart than this many line heights."""

WIDE = 1.6
"""Where steps are this wide, a full stop at a line's end is taken for the end of the paragraph."""

RESIZED = 1.4
"""Letters this many times larger or smaller are set differently on purpose. Boxes are only that exact."""

LARGER = 1.15
"""Where boxes and letters both are, a line that could begin something does."""

LARGER_TYPE = 1.08
"""The same of type whose size the file tells."""

ENDS = 3.0
"""A line in italics that ends so many sizes before the next one was not full."""

INDENT = 0.7
"""A first line starts this many line heights to the right of the others."""

SHORT = 0.45
"""Lines shorter than this share of the longest one beside or below them did not end for want of room."""

SENTENCE_ENDS = tuple('.!?:;。！？：；…"”»)')


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`by_line` says that its lines end where they end on purpose: an address, a verse."""

    lines: tuple[Line, ...]
    by_line: bool = False

    @property
    def rect(self) -> Rect:
        return bounding_rect(line.rect for line in self.lines)

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    @property
    def lettering(self) -> float:
        return median(line.lettering for line in self.lines)

    @property
    def type_size(self) -> float:
        """The size of its type, in pixels."""
        return median(line.type_size for line in self.lines)

    def text(self, known: frozenset[str]) -> str:
        return join_lines([line.text for line in self.lines], known)


def group_paragraphs(lines: Sequence[Line], look: Look = Look()) -> list[Paragraph]:
    """Lines in reading order in, paragraphs in reading order out."""
    found: list[Paragraph] = []
    widest = max((line.rect.width for line in lines), default=0.0)
    for run in _runs(lines, look):
        found.extend(Paragraph(tuple(part), _is_by_line(part, widest)) for part in _split(run))
    return _continued(found)


def _runs(lines: Sequence[Line], look: Look) -> list[list[Line]]:
    """Lines that follow each other evenly, in one size and one column."""
    step = _usual_step(lines)
    runs: list[list[Line]] = []
    for line in lines:
        if runs and _follows(runs[-1][-1], line, step) and not _is_set_apart(runs[-1][-1], line, look):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _usual_step(lines: Sequence[Line]) -> float:
    """The usual way down from line to line, in line heights: within paragraphs, not between them."""
    steps = [
        _step(above, below)
        for above, below in pairwise(lines)
        if _is_under(above, below) and not _resized(above, below)
    ]
    close = sorted(step for step in steps if step < FARTHEST)
    return close[len(close) // 4] if close else FARTHEST


def _step(above: Line, below: Line) -> float:
    return 2 * (below.rect.middle - above.rect.middle) / (above.size + below.size)


def _is_under(above: Line, below: Line) -> bool:
    return (
        below.rect.middle > above.rect.middle + above.size / 2
        and below.rect.left < above.rect.right
        and below.rect.right > above.rect.left
    )


def _resized(one: Line, other: Line) -> bool:
    return max(one.size, other.size) > RESIZED * min(one.size, other.size)


def _follows(above: Line, below: Line, step: float) -> bool:
    if not _is_under(above, below) or _resized(above, below):
        return False
    return _step(above, below) < min(LOOSER * step, FARTHEST)


def _is_set_apart(above: Line, below: Line, look: Look) -> bool:
    """Whether a line in other letters begins something new, or ends a heading, without any gap."""
    if below.text[:1].islower() or above.text.endswith(("-", ",")):
        return False
    if look.is_bold(above) != look.is_bold(below):
        return look.is_bold(above) or above.text.endswith(SENTENCE_ENDS)
    if is_all_italic(above) and not below.italic and above.rect.right < below.rect.right - ENDS * above.size:
        return True
    if above.font_size and below.font_size:
        smaller, larger = sorted((above.font_size, below.font_size))
        return larger > LARGER_TYPE * smaller
    sizes, letters = sorted((above.size, below.size)), sorted((above.lettering, below.lettering))
    return sizes[1] > LARGER * sizes[0] and letters[1] > LARGER * letters[0]


def is_all_italic(line: Line) -> bool:
    return bool(line.italic) and all(word.italic for word in line.words)


def _split(run: Sequence[Line]) -> list[list[Line]]:
    """Cut a run where a line begins an item, is indented, or follows one that ended early."""
    right = max(line.rect.right for line in run)
    centred = _is_centred(run)
    lettered = find_lettered(run) | find_spoken(run)
    parts = [[run[0]]]
    for at, line in enumerate(run[1:], start=1):
        part = parts[-1]
        if at in lettered or (_begins(part, line, right) and not centred):
            parts.append([line])
        else:
            part.append(line)
    return parts


def _is_by_line(part: Sequence[Line], widest: float) -> bool:
    """Short lines that all begin with a capital or a number."""
    return len(part) > 1 and all(
        line.rect.width < SHORT * widest and (line.text[:1].isupper() or line.text[:1].isdigit())
        for line in part
    )


def _is_centred(run: Sequence[Line]) -> bool:
    centres = [line.rect.centre for line in run]
    lefts = [line.rect.left for line in run]
    size = run[0].size
    return max(centres) - min(centres) < size < max(lefts) - min(lefts) and not begins_item(run[0].text)


def _begins(part: Sequence[Line], line: Line, right: float) -> bool:
    above, first = part[-1], part[0]
    indent = (line.rect.left - above.rect.left) / line.size
    in_item = begins_item(first.text)
    ended = above.text.endswith(SENTENCE_ENDS)
    if starts_caption(line.text):
        return True
    if begins_item(line.text):
        return in_item or ended or abs(indent) > INDENT or _ended_early(above, line, right)
    if indent > INDENT:
        return not in_item and (len(part) > 1 or ended or _ended_early(above, line, right))
    if indent < -INDENT and (len(part) > 1 or in_item):
        return True
    return ended and (_step(above, line) > WIDE or _ended_early(above, line, right))


def _ended_early(above: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word would still have fitted onto the line above."""
    letter = line.rect.width / max(len(line.text), 1)
    return right - above.rect.right > max((first_word(line.text) + 1) * letter, 2 * line.size)


def _continued(found: Sequence[Paragraph]) -> list[Paragraph]:
    """Join a paragraph that goes on at the top of the next column."""
    whole: list[Paragraph] = []
    for paragraph in found:
        if whole and _goes_on(whole[-1], paragraph):
            whole[-1] = Paragraph(whole[-1].lines + paragraph.lines)
        else:
            whole.append(paragraph)
    return whole


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    last, first = before.lines[-1], after.lines[0]
    in_next_column = first.rect.middle < last.rect.middle and first.rect.left > last.rect.left
    return (
        in_next_column
        and not _resized(last, first)
        and not last.text.endswith(SENTENCE_ENDS)
        and first.text[:1].islower()
    )
