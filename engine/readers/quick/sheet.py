"""One page under the quick reader's eyes: turned, searched for text and ruled lines, read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from papertray.engine.errors import Cancelled
from papertray.engine.layout import bullets, cells, letters, rules, scripts, skew
from papertray.engine.layout.accents import Spelling, spell_latvian, take_back_accents
from papertray.engine.layout.lines import BulletMark, Line
from papertray.engine.layout.words import place_words, respell
from papertray.engine.pages import Watch
from papertray.engine.readers.quick.finding import is_beyond_doubt, may_be_text
from papertray.engine.readers.quick.rapid import LONGEST_SIDE
from papertray.engine.readers.quick.second_look import (
    DOUBTED,
    SURER,
    UNSURE,
    read_again,
    read_softer,
    see_marks,
)
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine
    from papertray.engine.readers.quick.steps import RecognisedText

    Pixels = np.ndarray[Any, Any]
    Place = tuple[Pixels, Rect, float]
    Found = tuple[Line, Spelling]

MOSTLY_READ = 0.5
"""Where less of a page's length was read it is in another script, and a second look would only cost time."""

SOFTER, LARGE = 0.35, 1.3
"""By so much of a step a page is smoothed that is made smaller by more than this."""

FRONT = 8.0
"""So much of a line, in heights of its letters, shows whether something stands before its first word."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it was looked at, and where text and ruled lines were found on it; `faint` may be text."""

    pixels: Pixels
    grey: Pixels
    view: skew.StraightView
    corners: tuple[Pixels, ...] = ()
    rules: rules.RuledLines = rules.NONE
    faint: tuple[Pixels, ...] = ()


def look_at_page(rapid: RapidEngine, pixels: Pixels, quarters: int, watch: Watch) -> Sheet:
    """Find the text of a page that is turned first, and cut what was found along the ruled lines."""
    import cv2
    import numpy as np

    stop_if_cancelled(watch)
    pixels = np.ascontiguousarray(np.rot90(pixels, quarters))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    view = skew.StraightView(pixels.shape[1], pixels.shape[0], quarters % 4)
    found = rapid.find(_softened(pixels))
    if not len(found.sure):
        return Sheet(pixels, grey, view)
    view = replace(view, angle=skew.measure_lean(found.sure))
    ruled = rules.find_rules(grey, view.angle, float(np.median(skew.box_heights(found.sure))))
    return Sheet(pixels, grey, view, tuple(_cut(found.sure, view, ruled)), ruled, tuple(found.faint))


def _softened(pixels: Pixels) -> Pixels:
    """Text is looked for in the page made smaller; dots as fine as the step of that would make patterns."""
    import cv2

    step = max(pixels.shape[:2]) / LONGEST_SIDE
    return cv2.GaussianBlur(pixels, (0, 0), SOFTER * step) if step > LARGE else pixels


def _cut(corners: Pixels, view: skew.StraightView, ruled: rules.RuledLines) -> list[Pixels]:
    pieces: list[Pixels] = []
    for found, rect in zip(corners, view.straighten(corners), strict=True):
        parts = cells.cut_at_rules(rect, ruled.down)
        pieces.extend([found] if parts == [rect] else map(view.corners, parts))
    return pieces


def read_lines(rapid: RapidEngine, sheet: Sheet, watch: Watch) -> list[Line]:
    """All lines of a page, several at once; in the order in which they were found."""
    if not sheet.corners:
        return []
    places = _places(sheet.view, sheet.corners)
    read = list(rapid.at_once(lambda place: _read_line(rapid, sheet, place, rapid.read, watch), places))
    if scripts.legible([line for line, _ in read]) > MOSTLY_READ:
        read = _look_again(rapid, sheet, places, read, watch)
        read += _read_faint(rapid, sheet, median(size for _, _, size in places), watch)
    texts = spell_latvian(take_back_accents([spelling for _, spelling in read]))
    return [respell(line, text) for (line, _), text in zip(read, texts, strict=True)]


def _places(view: skew.StraightView, corners: Sequence[Pixels]) -> list[Place]:
    import numpy as np

    every = np.stack(corners)
    return list(zip(corners, view.straighten(every), skew.box_heights(every).tolist(), strict=True))


def _read_line(
    rapid: RapidEngine, sheet: Sheet, place: Place, reading: Callable[[Pixels], RecognisedText], watch: Watch
) -> tuple[Line, Spelling]:
    stop_if_cancelled(watch)
    corners, rect, size = place
    piece = rapid.piece(sheet.pixels, corners)
    high = letters.letter_height(piece)
    found = see_marks(rapid, piece, reading(piece))
    words = place_words(found.text, found.places, rect, found.certain)
    weight = letters.stroke_weight(piece, high)
    mark = _mark(rapid, sheet, rect, high)
    line = Line(rect, found.text, found.score, size, high, mark, words=words, weight=weight)
    return line, Spelling(found.text, found.certain)


def _look_again(
    rapid: RapidEngine,
    sheet: Sheet,
    places: Sequence[Place],
    read: Sequence[tuple[Line, Spelling]],
    watch: Watch,
) -> list[tuple[Line, Spelling]]:
    """Lines in doubt a second time: on a page that is read otherwise they are badly printed."""

    def again(wanted: Sequence[int], reading: Callable[[Pixels], RecognisedText]) -> Iterator[Found]:
        return rapid.at_once(lambda at: _read_line(rapid, sheet, places[at], reading, watch), wanted)

    better = list(read)
    unsure = [at for at, (line, _) in enumerate(read) if DOUBTED <= line.score < UNSURE]
    for at, found in zip(unsure, again(unsure, partial(read_softer, rapid)), strict=True):
        if found[0].score > read[at][0].score + SURER:
            better[at] = found
    doubted = [at for at, (line, _) in enumerate(read) if line.score < DOUBTED]
    for at, found in zip(doubted, again(doubted, partial(read_again, rapid)), strict=True):
        if found[0].text:
            better[at] = found
    return better


def _read_faint(rapid: RapidEngine, sheet: Sheet, usual: float, watch: Watch) -> list[tuple[Line, Spelling]]:
    """What stands, beyond doubt, where text was only half seen; `usual` is the height of most lines."""
    if not sheet.faint:
        return []
    places = [place for place in _places(sheet.view, sheet.faint) if may_be_text(place[2], usual)]
    read = rapid.at_once(lambda place: _read_line(rapid, sheet, place, rapid.read, watch), places)
    return [found for found in read if is_beyond_doubt(found[0])]


def _mark(rapid: RapidEngine, sheet: Sheet, rect: Rect, high: float) -> BulletMark | None:
    """What stands before a line, on the straightened page."""
    if not high or rect.width < rect.height:
        return None
    beside = (rule.right for rule in sheet.rules.down if rule.top < rect.middle < rule.bottom)
    left = max(0.0, rect.left - bullets.REACH * high, *(right for right in beside if right <= rect.left))
    front = Rect(left, rect.top, min(rect.right, rect.left + FRONT * high), rect.bottom)
    piece = rapid.piece(sheet.pixels, sheet.view.corners(front))
    found = bullets.find_bullet(piece, rect.left - left, high)
    if found is None:
        return None
    mark = found.rect
    return replace(
        found, rect=Rect(left + mark.left, rect.top + mark.top, left + mark.right, rect.top + mark.bottom)
    )


def with_margin(rect: Rect) -> Rect:
    """A line with some white around it, in which marks over and under its letters stand."""
    margin = 0.1 * rect.height
    return Rect(
        max(0.0, rect.left - margin), max(0.0, rect.top - margin), rect.right + margin, rect.bottom + margin
    )


def stop_if_cancelled(watch: Watch) -> None:
    if watch.cancelled:
        raise Cancelled
