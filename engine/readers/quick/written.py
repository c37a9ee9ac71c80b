"""Read a page from what is written in its file, and recognise only what that does not cover.

Takes a page with a layer that may be trusted; gives its lines, or None where all of it has to be recognised.
The picture is drawn only where doubt remains or something is shown that the layer does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.trust import Judgement, Verdict, agrees, judge
from papertray.engine.layer.written_text import WrittenText, written_lines
from papertray.engine.layout import scripts
from papertray.engine.layout.lines import Line, bounding_rect
from papertray.engine.layout.rules import RuledLines
from papertray.engine.pages import Watch
from papertray.engine.readers.quick.glance import glance_at_part
from papertray.engine.readers.quick.sheet import (
    Sheet,
    look_at_page,
    read_lines,
    stop_if_cancelled,
    with_margin,
)
from papertray.engine.rectangles import Rect
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

PROBED = 5
"""So many of the longest lines are read from the picture, to settle a doubt."""

FEWEST, SHORTEST, MOSTLY = 2, 8, 0.8
"""Fewer lines that can be read settle nothing; they are so long, and so much of them has known letters."""

SHOWN, COVERED = 0.4, 0.25
"""A piece of the picture is read of which more than this share is in gaps, and less has been read already."""

MOST_GLANCED = 0.5
"""Gaps that are spread over more of a page than this are looked for in a look at all of it."""


def read_written(
    layer: Layer, rapid: RapidEngine, picture: Callable[[], Pixels], watch: Watch, *, trusting: bool
) -> WrittenText | None:
    """`trusting` settles every doubt for the layer."""
    judgement = judge(layer)
    if judgement.verdict is Verdict.REFUSED and not trusting:
        return None
    if (
        judgement.verdict is Verdict.DOUBTED
        and not trusting
        and not _is_confirmed(judgement, rapid, picture, watch)
    ):
        return None
    page = judgement.page
    lines = written_lines(judgement, layer)
    if not lines:
        return None
    if not judgement.gaps:
        return WrittenText(lines, page.rules, page.view, lines)
    found, ruled = _recognised(judgement, lines, rapid, picture(), watch)
    more = [line for line in found if scripts.is_read(line) and line.text]
    lost = tuple(line for line in found if scripts.is_lost(line))
    return WrittenText((*lines, *more), ruled, page.view, lines, bool(more), lost)


def _is_confirmed(
    judgement: Judgement, rapid: RapidEngine, picture: Callable[[], Pixels], watch: Watch
) -> bool:
    import numpy as np

    known = [line for line in judgement.lines if _can_be_read(line.text)]
    if len(known) < FEWEST:
        return not judgement.scanned
    longest = sorted(known, key=lambda line: len(line.text), reverse=True)[:PROBED]
    pixels = np.ascontiguousarray(np.rot90(picture(), judgement.page.view.quarters))
    stop_if_cancelled(watch)
    corners = [judgement.page.view.corners(with_margin(line.rect)) for line in longest]
    read = rapid.at_once(lambda place: rapid.read(rapid.piece(pixels, place)).text, corners)
    return agrees([line.text for line in longest], list(read))


def _can_be_read(text: str) -> bool:
    """Whether the models know its letters: Latin ones, Han, kana and digits."""
    letters = [letter for letter in text if letter.isalnum()]
    known = sum(
        letter < "\u0250" or "\u3040" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff"
        for letter in letters
    )
    return len(letters) >= SHORTEST and known > MOSTLY * len(letters)


def _recognised(
    judgement: Judgement, lines: Sequence[Line], rapid: RapidEngine, pixels: Pixels, watch: Watch
) -> tuple[list[Line], RuledLines]:
    """The lines that the layer does not have, read or not, and all ruled lines of the page."""
    import numpy as np

    page = judgement.page
    if not _may_say_more(judgement, lines, rapid, pixels):
        return [], page.rules
    sheet = look_at_page(rapid, pixels, page.view.quarters, watch)
    if not sheet.corners:
        return [], page.rules
    rects = sheet.view.straighten(np.stack(sheet.corners))
    left_out = _left_out(rects, judgement.gaps, lines)
    kept = [corners for corners, is_kept in zip(sheet.corners, left_out, strict=True) if is_kept]
    if not kept:
        return [], page.rules
    rest = Sheet(sheet.pixels, sheet.grey, replace(page.view, angle=0.0), tuple(kept), sheet.rules)
    return read_lines(rapid, rest, watch), _joined(page.rules, sheet.rules, judgement.gaps)


def _may_say_more(judgement: Judgement, lines: Sequence[Line], rapid: RapidEngine, pixels: Pixels) -> bool:
    """Whether anything looks like text in the gaps: in most, icons and drawings, nothing does."""
    import numpy as np

    view, part = judgement.page.view, bounding_rect(judgement.gaps)
    if part.width * part.height > MOST_GLANCED * view.width * view.height:
        return True
    places = glance_at_part(rapid, np.rot90(pixels, view.quarters), part)
    return any(_left_out(places, judgement.gaps, lines))


def _left_out(places: Sequence[Rect], gaps: Sequence[Rect], lines: Sequence[Line]) -> Iterator[bool]:
    """Whether each of these pieces of the picture lies in gaps, and beside all lines."""
    written = [line.rect for line in lines]
    for rect in places:
        shown = _shared(rect, gaps) > SHOWN * _area(rect)
        yield shown and _shared(rect, written) < COVERED * _area(rect)


def _area(rect: Rect) -> float:
    return max(rect.width * rect.height, 1.0)


def _shared(rect: Rect, others: Sequence[Rect]) -> float:
    """How much of a rectangle the others stand on."""
    shared = 0.0
    for other in others:
        width = min(rect.right, other.right) - max(rect.left, other.left)
        height = min(rect.bottom, other.bottom) - max(rect.top, other.top)
        if width > 0 and height > 0:
            shared += width * height
    return shared


def _joined(drawn: RuledLines, seen: RuledLines, gaps: Sequence[Rect]) -> RuledLines:
    """Rules that the page draws, and those that only its pictures show."""

    def in_gap(rule: Rect) -> bool:
        return any(gap.holds(rule.centre, rule.middle) for gap in gaps)

    return RuledLines(
        (*drawn.across, *filter(in_gap, seen.across)), (*drawn.down, *filter(in_gap, seen.down))
    )
