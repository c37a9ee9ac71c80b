"""What a file says on a page, as the page's text.

Takes a layer, and what was made of it; gives blocks in reading order with all that is known of them. Nothing
is drawn and nothing recognised: `read_sound` leaves a page alone of which the file does not say enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from papertray.engine.layer.drawn_bullets import mark_bullets, name_rings
from papertray.engine.layer.trust import Judgement, Verdict, judge
from papertray.engine.layout.blocks import compose_layout
from papertray.engine.layout.bullets import restore_bullets
from papertray.engine.layout.certainty import find_doubtful_words, rate_page
from papertray.engine.layout.lines import Line
from papertray.engine.layout.outline import mark_outline
from papertray.engine.layout.places import place_lines
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.skew import StraightView
from papertray.engine.pages import PageText, TextSource
from papertray.engine.rectangles import Rect
from papertray.engine.written import Layer

POINTS, ASSUMED = 72.0, 200.0
"""Of an inch; and the dots of one where a picture does not say how many."""


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What stands on a page: `recognised` is True when some lines were read from its picture.

    `written` are those that its file has, `lost` those of its picture that could not be read.
    """

    lines: tuple[Line, ...]
    rules: RuledLines
    view: StraightView
    written: tuple[Line, ...]
    recognised: bool = False
    lost: tuple[Line, ...] = ()


def read_sound(layer: Layer, dots_per_inch: float | None, *, trusting: bool) -> PageText | None:
    """None where there is doubt, unless one is `trusting`.

    A page that shows more than its file says is told to be written in part, and nobody is sure of it.
    """
    judgement = judge(layer)
    if judgement.verdict is not Verdict.TRUSTED and not trusting:
        return None
    lines = written_lines(judgement, layer)
    if not lines:
        return None
    text = WrittenText(lines, judgement.page.rules, judgement.page.view, lines)
    page = size_in_points(compose_written(text, layer), dots_per_inch)
    if judgement.gaps:
        return replace(page, source=TextSource.PARTLY_WRITTEN, confidence=None, doubtful_words=())
    return page


def written_lines(judgement: Judgement, layer: Layer) -> tuple[Line, ...]:
    """Those that can be used; where none can, all of them. With the bullets that are only drawn."""
    page = judgement.page
    lines = name_rings(judgement.lines or tuple(line.line for line in page.lines))
    if lines and not page.view.quarters:
        return tuple(restore_bullets(mark_bullets(lines, layer.sketch, layer.width)))
    return tuple(lines)


def compose_written(
    text: WrittenText, layer: Layer, warnings: Sequence[str] = (), figures: Sequence[Rect] = ()
) -> PageText:
    """As notes, pages and outputs want it; sizes are in dots of the picture."""
    paper = Rect(0, 0, text.view.width, text.view.height)
    blocks = compose_layout(text.lines, text.rules, text.view.box, paper, figures=figures)
    return PageText(
        mark_outline(blocks, layer.titles),
        source=TextSource.PARTLY_WRITTEN if text.recognised else TextSource.WRITTEN,
        warnings=tuple(warnings),
        confidence=rate_page(text.lines, text.lost),
        doubtful_words=find_doubtful_words(text.lines, text.view.box),
        lines=place_lines(text.lines, text.view, blocks, set(map(id, text.written))),
    )


def size_in_points(text: PageText, dots_per_inch: float | None) -> PageText:
    """Sizes that can be compared from page to page, and rounded as is enough for that."""
    points = POINTS / (dots_per_inch or ASSUMED)
    return replace(
        text, blocks=tuple(replace(block, size=round(block.size * points, 1)) for block in text.blocks)
    )
