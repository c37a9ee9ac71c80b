"""Make lines of a layer: what layout needs to know of them, in pixels of the page set upright.

Takes a `Layer`; gives its lines in no order, the view of the page that they stand on, and its ruled lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from papertray.engine.layer import bidi
from papertray.engine.layer.chains import begin_words, chain, middle
from papertray.engine.layer.initials import ABOVE, BELOW, WrittenLine, with_initials, with_numbers
from papertray.engine.layer.justified import join_justified
from papertray.engine.layer.late_letters import as_they_stand
from papertray.engine.layer.letters import Direction, directions
from papertray.engine.layer.rules import join_rules
from papertray.engine.layer.set_accents import put_accents
from papertray.engine.layer.tex_signs import name_tex_signs
from papertray.engine.layer.turns import Turn
from papertray.engine.layer.words import (
    BOLD,
    ITALIC,
    LINKED,
    LOWERED,
    MONO,
    RAISED,
    RAISED_BY,
    LineLetters,
    cut_words,
    heights,
)
from papertray.engine.layout.lines import Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.skew import StraightView
from papertray.engine.rectangles import Rect
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

SHORT = frozenset("acegmnopqrsuvwxyz.,:;-–—'’\"·…")
"""Letters and signs that are no higher than an x; the height of letters is told by others."""

TALLEST = 0.9
"""How far up among its letters' heights the one is that stands for a line."""

CREDIBLE, CAPITAL = (0.4, 1.1), 0.72
"""Capitals are this high, in sizes; what is measured has to be near that."""

MAIN = 0.85
"""Letters this many times smaller than the middling one say nothing of their line's size."""

BLANK, GUESSED = 0.22, 0.08
"""Letters that run to the left are words of their own where they stand farther apart than this, in sizes."""

TOLD = 0.25
"""The share of a line's letters that tells its size where all others are raised or lowered."""

DOTS = ".,;:·•…"
"""Set in fonts of formulas, too, where dots lead on or mark items."""

LAM = "\u0644"

MATHEMATICS = re.compile(
    r"cm(?:mi|sy|ex|bsy|mib)|math|ms[ab]m\d|rsfs|stmary|wasy|mnsymbol|esint|symbol|katex_(?:size|ams)"
    r"|(?:tx|px|mt)(?:mi|sy|ex)|chtextex|euclid"
)
"""How fonts for formulas are named, in small letters."""

LEAST_RULE = 2.0
"""Rules are longer than this many times the usual letters of the page."""


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """Lines and rules as they stand on the page under this view."""

    lines: tuple[WrittenLine, ...]
    view: StraightView
    rules: RuledLines


@dataclass(frozen=True, slots=True, eq=False)
class PageWays:
    """How each letter of a layer is set, as one number, and where the links among them lead.

    `formal` says of each style whether it is one of formulas.
    """

    layer: Layer
    numbers: Numbers
    addresses: tuple[str, ...]
    formal: Numbers


def write_lines(layer: Layer) -> WrittenPage:
    layer = put_accents(name_tex_signs(layer))
    found = directions(layer)
    main = found[0].turn if found and found[0].turn.degrees % 90 == 0 else Turn(0, layer.width, layer.height)
    ways = _ways(layer)
    lines = join_justified([line for direction in found for line in _lines(ways, direction, main)])
    lines = with_numbers(with_initials(lines))
    sideways = main.degrees % 180 == 90
    width, height = (layer.height, layer.width) if sideways else (layer.width, layer.height)
    view = StraightView(width, height, main.degrees // 90)
    return WrittenPage(tuple(lines), view, _rules(layer, main, found))


def _rules(layer: Layer, main: Turn, found: Sequence[Direction]) -> RuledLines:
    import numpy as np

    size = float(np.median(found[0].sizes)) if found else 0.0
    return join_rules([main.into(rule) for rule in layer.rules], LEAST_RULE * size)


def _ways(layer: Layer) -> PageWays:
    import numpy as np

    numbers = BOLD * layer.each("bold") + ITALIC * layer.each("italic") + MONO * layer.each("mono")
    middles = (layer.boxes[:, :2] + layer.boxes[:, 2:]) / 2
    linked = np.zeros(len(layer.text), int)
    for place, link in enumerate(layer.links, start=1):
        rect = link.rect
        inside = (middles[:, 0] > rect.left) & (middles[:, 0] < rect.right)
        inside &= (middles[:, 1] > rect.top) & (middles[:, 1] < rect.bottom)
        linked[inside] = place
    formal = np.array([MATHEMATICS.search(style.font) is not None for style in layer.styles])
    return PageWays(layer, numbers + LINKED * linked, tuple(link.address for link in layer.links), formal)


def _lines(ways: PageWays, direction: Direction, main: Turn) -> list[WrittenLine]:
    down = _rules_across(ways.layer, direction.turn)
    found = [_line(ways, direction, *chained) for chained in chain(direction, down)]
    lines = [line for line in found if line is not None]
    if direction.turn == main:
        return lines
    places = [main.into(direction.turn.back(line.line.rect)) for line in lines]
    return [
        WrittenLine(replace(line.line, rect=place, words=(), sideways=line.line), line.letters)
        for line, place in zip(lines, places, strict=True)
    ]


def _rules_across(layer: Layer, turn: Turn) -> tuple[Rect, ...]:
    """The ruled lines that stand across lines of this turn."""
    if turn.degrees % 90:
        return ()
    return join_rules([turn.into(rule) for rule in layer.rules], shortest=0.0).down


def _line(ways: PageWays, direction: Direction, letters: Numbers, begins: Numbers) -> WrittenLine | None:
    import numpy as np

    sizes, bases = direction.sizes[letters], direction.bases[letters]
    large = _are_main(sizes, bases)
    size, base = middle(sizes[large]), middle(bases[large])
    text = _text(ways, direction, letters)
    tall = np.array([letter not in SHORT for letter in text])
    high = _letter_height(direction, letters[large & tall], size)
    leftwards = max(text) >= bidi.FIRST and any(map(bidi.runs_leftwards, text))
    if leftwards:
        letters, begins, text = _as_read(direction, letters, begins, text)
    elif (standing := as_they_stand(direction, letters, size, base)) is not None:
        letters = standing
        begins = begin_words(direction, letters, np.diff(letters, prepend=-1) == 1)
        text = _text(ways, direction, letters)
    at = direction.at[letters]
    numbers = ways.numbers[at] + heights(direction.bases[letters], direction.sizes[letters], base, size)
    lefts, rights = direction.lefts[letters], direction.rights[letters]
    words = cut_words(LineLetters(text, lefts, rights, begins, numbers), ways.addresses)
    shown = "".join(
        word.text if word.glued or not place else f" {word.text}" for place, word in enumerate(words)
    )
    if not shown.strip():
        return None
    line = Line(
        Rect(float(lefts.min()), base - ABOVE * size, float(rights.max()), base + BELOW * size),
        shown.strip(),
        size=size,
        letters=high,
        font_size=size,
        bold=_is_mostly(numbers & BOLD),
        italic=_is_mostly(numbers & ITALIC),
        mono=_is_mostly(numbers & MONO),
        colour=_usual_colour(ways.layer, at),
        right_to_left=leftwards and bidi.is_right_to_left(text),
        words=tuple(words),
    )
    formal = ways.formal[ways.layer.styled[at]]
    if formal.any():
        formal &= np.array([letter not in DOTS for letter in text])
        plain = ~formal & (numbers & (RAISED | LOWERED) == 0)
        line = replace(line, mathematics=float(formal.mean()), ordinary=_ordinary(text, begins, plain))
    return WrittenLine(line, at)


def _text(ways: PageWays, direction: Direction, letters: Numbers) -> list[str]:
    return [ways.layer.text[at] for at in direction.at[letters].tolist()]


def _are_main(sizes: Numbers, bases: Numbers) -> Numbers:
    """The letters that tell a line's size and base: not raised ones, though they be most of a short line."""
    large: Numbers = sizes >= MAIN * middle(sizes)
    tallest = sizes >= MAIN * sizes.max()
    if tallest.all() or tallest.mean() < TOLD:
        return large
    step = abs(middle(bases[tallest]) - middle(bases[~tallest]))
    return tallest if step > RAISED_BY * float(sizes.max()) else large


def _ordinary(text: Sequence[str], begins: Numbers, plain: Numbers) -> str:
    """The letters that are set plainly; blanks for the others."""
    letters = zip(text, begins.tolist(), plain.tolist(), strict=True)
    return "".join(f" {letter}" if first else letter if kept else " " for letter, first, kept in letters)


def _as_read(
    direction: Direction, letters: Numbers, begins: Numbers, text: Sequence[str]
) -> tuple[Numbers, Numbers, list[str]]:
    """The same letters in reading order; blanks stay between the letters that they stood between."""
    import numpy as np

    starts = direction.starts[letters]
    across = np.lexsort((-np.arange(len(text)), starts))
    order = across[bidi.order_letters([text[at] for at in across.tolist()])]
    order = _ligatures(order, starts, text)
    parted = {frozenset((at - 1, at)) for at in np.flatnonzero(begins).tolist() if at}
    size = float(np.median(direction.sizes[letters]))
    apart = [
        frozenset(pair) in parted or _is_blank(direction, int(letters[pair[0]]), int(letters[pair[1]]), size)
        for pair in zip(order.tolist(), order.tolist()[1:], strict=False)
    ]
    return letters[order], np.array([True, *apart]), [text[at] for at in order.tolist()]


def _ligatures(order: Numbers, starts: Numbers, text: Sequence[str]) -> Numbers:
    """Letters drawn as one sign come in either order; nearly all such signs of Arabic begin with lam."""
    places = order.tolist()
    for at, (one, other) in enumerate(pairwise(places)):
        if starts[one] == starts[other] and text[other] == LAM != text[one]:
            places[at], places[at + 1] = other, one
    import numpy as np

    return np.array(places)


def _is_blank(direction: Direction, one: int, other: int, size: float) -> bool:
    """White between two letters, which may be narrower where pdfium takes it for a blank."""
    gap = _gap(direction, one, other)
    return gap > (GUESSED if direction.guessed[max(one, other)] else BLANK) * size


def _gap(direction: Direction, one: int, other: int) -> float:
    begins, ends = direction.begins, direction.ends
    return float(max(begins[other] - ends[one], begins[one] - ends[other]))


def _is_mostly(numbers: Numbers) -> bool:
    return bool(2 * (numbers > 0).sum() > len(numbers))


def _usual_colour(layer: Layer, at: Numbers) -> int:
    import numpy as np

    styled = layer.styled[at]
    if (styled == styled[0]).all():
        return layer.styles[int(styled[0])].colour
    styles, counts = np.unique(styled, return_counts=True)
    return layer.styles[int(styles[counts.argmax()])].colour


def _letter_height(direction: Direction, letters: Numbers, size: float) -> float:
    import numpy as np

    heights = direction.bases[letters] - direction.tops[letters]
    heights = heights[heights > 0]
    high = float(np.sort(heights)[int(TALLEST * (len(heights) - 1))]) if heights.size else 0.0
    return high if CREDIBLE[0] * size < high < CREDIBLE[1] * size else CAPITAL * size
