"""Judge a layer: which lines say what the page shows, which do not, and what the page shows beside them.

Takes a `Layer`, pure geometry and values; gives a `Judgement`. What still is in doubt can be settled by
reading a few lines from the picture, which somebody else does: `agrees` compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING, Any

from papertray.engine.layer import coverage, sanity
from papertray.engine.layer.initials import WrittenLine
from papertray.engine.layer.ligatures import name_ligatures
from papertray.engine.layer.lines import WrittenPage, write_lines
from papertray.engine.layer.shapes import font_fits, misnamed_blanks
from papertray.engine.layer.turns import Turn
from papertray.engine.layout.lines import Line
from papertray.engine.rectangles import Rect
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

FITS = 0.9
"""Of the letters of a sound font nearly all look like what they say; of a shuffled one half do."""

UNMAPPED, NO_LETTERS, MIXED = 0.2, 0.1, 0.04
"""Shares of a page's letters (or words) above which nobody can know what the others mean."""

SOME = 0.02
"""Shares above this leave doubt."""

BAD_LINE = 0.1
"""A line with more letters that mean nothing, or are not shown, is read from the picture."""

SCANNED, UNDER = 0.6, 0.5
"""A picture over this share of the page is a scan; a layer of which this share lies beneath is its shadow."""

LEAST = 3
"""Letters that stand alone and mean nothing are pieces of brackets and roots."""

ALIKE = 0.75
"""Two readings of a line are the same when this share of them is: the picture is read with errors, too."""


class Verdict(Enum):
    TRUSTED = "trusted"
    DOUBTED = "doubted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`lines` can be used as they are; `gaps` show something that they do not say, on the turned page.

    `scanned` pages are pictures: what stands on them was recognised by somebody, well or not.
    """

    verdict: Verdict
    page: WrittenPage
    lines: tuple[Line, ...] = ()
    gaps: tuple[Rect, ...] = ()
    why: str = ""
    scanned: bool = False


def judge(layer: Layer) -> Judgement:
    import numpy as np

    layer = name_ligatures(layer)
    page = write_lines(layer)
    if not page.lines:
        return Judgement(Verdict.REFUSED, page, why="nothing of it can be seen")
    at = np.concatenate([line.letters for line in page.lines])
    refusal = _refusal(layer, page, at)
    if refusal:
        return Judgement(Verdict.REFUSED, page, why=refusal)
    lines, broken = _parted(layer, page)
    turn = Turn(90 * page.view.quarters, layer.width, layer.height)
    gaps = _gaps(layer, page, turn, [line.rect for line in lines])
    if not lines:
        return Judgement(Verdict.REFUSED, page, why="none of its lines is shown as it says")
    why = _doubt(layer, at)
    verdict = Verdict.DOUBTED if why else Verdict.TRUSTED
    return Judgement(verdict, page, tuple(lines), (*broken, *gaps), why, _scanned(layer))


def _refusal(layer: Layer, page: WrittenPage, at: Numbers) -> str:
    if layer.unmapped[at].mean() > UNMAPPED:
        return "its fonts do not say what their letters mean"
    if layer.every(sanity.is_no_letter)[at].mean() > NO_LETTERS:
        return "many of its letters are none"
    if _misfits(layer, at).mean() > NO_LETTERS:
        return "its letters do not look like what they say"
    if sanity.mixed_words(line.line.text for line in page.lines) > MIXED:
        return "its words change their script"
    if _beneath(layer, at) > UNDER:
        return "it lies under a picture"
    return ""


def _doubt(layer: Layer, at: Numbers) -> str:
    if _scanned(layer):
        return "it lies on a picture of the whole page"
    if layer.unmapped[at].mean() > SOME or layer.every(sanity.is_no_letter)[at].mean() > SOME:
        return "some of its letters mean nothing"
    if _misfits(layer, at).mean() > SOME:
        return "some of its letters do not look like what they say"
    return ""


def _misfits(layer: Layer, at: Numbers) -> Numbers:
    """Letters of fonts whose letters do not look like what they say."""
    import numpy as np

    wrong = {font for font, fit in font_fits(layer, at).items() if fit is not None and fit < FITS}
    styles = np.array([style.font in wrong for style in layer.styles])
    misfits: Numbers = styles[layer.styled[at]]
    return misfits


def _beneath(layer: Layer, at: Numbers) -> float:
    """The share of letters that a picture drawn later covers."""
    import numpy as np

    if not layer.pictures:
        return 0.0
    order = layer.each("order")[at]
    x, y = layer.origins[at, 0], layer.origins[at, 1]
    hidden = np.zeros(len(at), bool)
    for picture in layer.pictures:
        rect = picture.rect
        hidden |= (
            (order < picture.order) & (x > rect.left) & (x < rect.right) & (y > rect.top) & (y < rect.bottom)
        )
    return float(hidden.mean())


def _scanned(layer: Layer) -> bool:
    whole = layer.width * layer.height
    return any(picture.rect.width * picture.rect.height > SCANNED * whole for picture in layer.pictures)


def _parted(layer: Layer, page: WrittenPage) -> tuple[list[Line], list[Rect]]:
    """The lines that can be used, and where those stand that cannot."""
    import numpy as np

    scale = layer.sketch.shape[1] / layer.width
    useless = layer.every(sanity.is_no_letter) | _misfits(layer, np.arange(len(layer.text)))
    before = np.concatenate([[0], misnamed_blanks(layer).cumsum()])
    shown = coverage.shown_letters(layer.sketch, scale, layer.boxes)
    lines: list[Line] = []
    broken: list[Rect] = []
    for written in page.lines:
        none = useless[written.letters]
        if none.all() and len(none) < LEAST:
            continue
        hidden = ~shown[written.letters]
        if hidden.all():
            continue
        lying = before[written.letters.max()] - before[written.letters.min()]
        if max(none.mean(), hidden.mean(), lying / len(none)) > BAD_LINE:
            broken.append(written.line.rect)
        else:
            lines.append(_without_none(written) if none.any() else written.line)
    return lines, broken


def _without_none(written: WrittenLine) -> Line:
    """A line without the few letters that mean nothing."""
    line = written.line
    words = tuple(replace(word, text=_known(word.text)) for word in line.words)
    return replace(line, text=_known(line.text), words=tuple(word for word in words if word.text))


def _known(text: str) -> str:
    return "".join(letter for letter in text if not sanity.is_no_letter(letter))


def _gaps(layer: Layer, page: WrittenPage, turn: Turn, lines: Sequence[Rect]) -> list[Rect]:
    every = [*lines, *(line.line.rect for line in page.lines)]
    scale = layer.sketch.shape[1] / layer.width
    found = coverage.uncovered(layer.sketch, scale, list(map(turn.back, every)), layer.rules)
    return list(map(turn.into, found))


def agrees(written: Sequence[str], read: Sequence[str]) -> bool:
    """Whether most of these lines say what was read from the picture where they stand."""
    alike = [_likeness(one, other) > ALIKE for one, other in zip(written, read, strict=True)]
    return bool(alike) and 2 * sum(alike) > len(alike)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
