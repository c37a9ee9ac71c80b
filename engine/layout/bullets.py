"""Find the bullets that recognition drops, or takes for a letter: `o`, `V`.

A mark is one blot of ink, about as wide as it is high, that stands clear before the first word of a
line. Marks are bullets where at least two alike stand under each other and no letter explains them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from papertray.engine.layout import lists
from papertray.engine.layout.letters import ink_blots
from papertray.engine.layout.lines import BulletMark, Line, bounding_rect
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

BULLET = "•"

GLUED = " 。°·"
"""What recognition makes of a mark that it puts before the first word without a gap."""

REACH = 3.0
"""So far before a line marks are looked for. This and what follows is in heights of the line's letters."""

CLEAR, FAR, WIDE = 0.45, 2.6, 0.8
"""The gap between a mark and its line. Where every mark was read as a letter, it has to be wide."""

WORD_GAP, APART = 0.3, 0.9
SMALLEST, SMALL, LARGEST = 0.15, 0.5, 1.25
"""A small ring may have fallen apart into blots; larger blots together are letters."""

ROUND = 0.75, 1.35
"""Width by height: digits and many letters are narrower than round marks."""

ALIKE, ALIGNED = 0.2, 0.4


def find_bullet(piece: np.ndarray[Any, Any], begin: float, letters: float) -> BulletMark | None:
    """`piece` shows a line and what stands before it; its box begins at `begin`. In pixels of the piece."""
    words = _words(ink_blots(piece), letters)
    for at, (marks, word) in enumerate(pairwise(words)):
        mark, first = bounding_rect(marks), bounding_rect(word)
        before = words[at - 1] if at else [Rect(0, 0, (WORD_GAP - APART) * letters, 0)]
        stands_clear = mark.left - max(blot.right for blot in before) > APART * letters
        gap = first.left - mark.right
        if (
            (len(marks) == 1 or mark.width < SMALL * letters)
            and stands_clear
            and CLEAR * letters < gap < FAR * letters
            and abs(first.left - begin) < (LARGEST + FAR) * letters
            and _is_shaped(mark, letters)
        ):
            return BulletMark(mark, gap / letters, first.width / letters)
    return None


def restore_bullets(lines: Sequence[Line]) -> list[Line]:
    """The same lines, those that a bullet stands before beginning with it.

    A mark that was read as a bullet by itself is one for those that stand under it, too.
    """
    told = [line for line in lines if not lists.is_marker(line.text)]
    marked = [line for line in lines if line.mark and not _is_read_elsewhere(line.mark, line, told)]
    return [
        line if line.mark and _is_read_elsewhere(line.mark, line, lines) else _with_bullet(line, marked)
        for line in lines
    ]


def _with_bullet(line: Line, marked: Sequence[Line]) -> Line:
    if line.mark is None or line not in marked or lists.begins_item(line.text):
        return line
    alike = [other for other in marked if other.mark and _are_alike(line.mark, other.mark, line.lettering)]
    misread = {other.text[0] for other in alike if _begins_with_the_mark(other) and other.text[0].isalnum()}
    wide = all(other.mark and other.mark.gap > WIDE for other in alike)
    dropped = any(not _begins_with_the_mark(other) for other in alike)
    if len(alike) < 2 or not (dropped or (len(misread) < 2 and wide)):
        return line
    text = line.text[1:] if _begins_with_the_mark(line) else line.text
    return replace(
        line, text=f"{BULLET} {text.lstrip(GLUED)}", rect=bounding_rect([line.mark.rect, line.rect])
    )


def _begins_with_the_mark(line: Line) -> bool:
    """Its first word is one letter, and not the one whose ink stands behind the mark."""
    first, second = [*line.text.split(maxsplit=2), "", ""][:2]
    return line.mark is not None and len(first) == 1 and (line.mark.word > LARGEST or len(second) == 1)


def _is_read_elsewhere(mark: BulletMark, line: Line, lines: Sequence[Line]) -> bool:
    rect = mark.rect
    return any(other is not line and other.rect.holds(rect.centre, rect.middle) for other in lines)


def _are_alike(one: BulletMark, other: BulletMark, letters: float) -> bool:
    return (
        abs(one.rect.left - other.rect.left) < ALIGNED * letters
        and abs(one.rect.width - other.rect.width) < ALIKE * letters
        and abs(one.rect.height - other.rect.height) < ALIKE * letters
    )


def _words(ink: Sequence[Rect], letters: float) -> list[list[Rect]]:
    """Blots that stand as close as letters do, from left to right."""
    words: list[list[Rect]] = []
    for blot in sorted(ink, key=lambda blot: blot.left):
        if max(blot.width, blot.height) < SMALLEST * letters:
            continue
        if words and blot.left - max(other.right for other in words[-1]) < WORD_GAP * letters:
            words[-1].append(blot)
        else:
            words.append([blot])
    return words


def _is_shaped(mark: Rect, letters: float) -> bool:
    if not SMALLEST * letters < mark.width < LARGEST * letters or mark.height > LARGEST * letters:
        return False
    return ROUND[0] < mark.width / mark.height < ROUND[1]
