"""Make a page of Markdown blocks out of lines of text and the ruled lines between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from papertray.engine.escape import escape
from papertray.engine.layout.contents import Contents, find_contents
from papertray.engine.layout.figures import FigurePart, take_figures
from papertray.engine.layout.flow import join_marks, order_parts
from papertray.engine.layout.formulas import Formula, find_formulas
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.lines import Line, Table
from papertray.engine.layout.looks import Look, measure_look
from papertray.engine.layout.margins import split_margins
from papertray.engine.layout.program_text import ProgramText, find_beside_listings, find_listings
from papertray.engine.layout.receipts import is_receipt, write_receipt
from papertray.engine.layout.rules import RuledLines, without_letters
from papertray.engine.layout.sideways import SidewaysPart, find_sideways_parts
from papertray.engine.layout.tables.between import find_tables_between_rules
from papertray.engine.layout.tables.grids import find_grids
from papertray.engine.layout.tables.markdown import table_markdown
from papertray.engine.layout.tables.ruled import find_ruled_tables
from papertray.engine.layout.writing import Place, write_text
from papertray.engine.pages import Block, BlockKind
from papertray.engine.rectangles import Rect

_LEADER = re.compile(r"[.·_…\s]{4,}$")
"""Dots and strokes alone, which lead nowhere or stand for a line that somebody fills in."""

ENOUGH = 0.2
"""The share of a page's letters that tells how it is set."""


def compose_layout(
    lines: Sequence[Line],
    ruled: RuledLines,
    place: Place,
    sheet: Rect,
    look: Look | None = None,
    figures: Sequence[Rect] = (),
) -> tuple[Block, ...]:
    """`place` tells where a rectangle of the straightened page, which is `sheet`, stands in its file.

    `look` is how most of the document is set, where more of it is known than this page. `figures` are places
    whose words are no text; a block of each holds them.
    """
    drawn, lines = take_figures(figures, lines)
    ruled = without_letters(ruled, lines)
    grids = find_grids(ruled)
    if not grids and is_receipt(lines):
        shown = write_receipt(lines, look or measure_look(lines), place)
        return tuple(sorted([*shown, *(_figure(part, place) for part in drawn)], key=_top))
    sideways, lines = find_sideways_parts(lines, ruled)
    margins = split_margins(lines, ruled.across, sheet, [grid.rect for grid in grids])
    body = _write_body(margins.body, [*sideways, *drawn], ruled, place, look)
    heads = (_margin(BlockKind.HEADER, line, place) for line in margins.heads)
    return (*heads, *body, *(_margin(BlockKind.FOOTER, line, place) for line in margins.feet))


def _write_body(
    lines: Sequence[Line],
    apart: Sequence[SidewaysPart | FigurePart],
    ruled: RuledLines,
    place: Place,
    look: Look | None,
) -> list[Block]:
    tabled, outside = find_ruled_tables(find_grids(ruled), lines)
    contents, rest = find_contents(outside)  # these two before the page is cut into columns at its white
    listings, rest = find_listings(rest)
    formulas, rest = find_formulas(rest)
    whole = set(map(id, outside)) - set(map(id, rest))
    others = [line for line in outside if id(line) in whole]
    between_rules = partial(find_tables_between_rules, across=ruled.across)
    between, outside = find_beside_listings(rest, between_rules)
    marked = join_marks(outside)
    known, untabled = known_words([line.text for line in marked]), [*marked, *others]
    look = look or measure_look(untabled if _say_enough(untabled, lines) else lines)
    found: list[Block] = []
    for part in order_parts([*marked, *tabled, *between, *contents, *listings, *apart, *formulas]):
        if isinstance(part, Table):
            found.append(Block(BlockKind.TABLE, table_markdown(part), place(part.rect)))
        elif isinstance(part, ProgramText):
            found.append(Block(BlockKind.TEXT, part.markdown, place(part.rect)))
        elif isinstance(part, Contents):
            found.append(Block(BlockKind.LIST, part.markdown, place(part.rect)))
        elif isinstance(part, Formula):
            found.append(Block(BlockKind.FORMULA, part.markdown, place(part.rect)))
        elif isinstance(part, FigurePart):
            found.append(_figure(part, place))
        elif isinstance(part, SidewaysPart):
            found.extend(_write_sideways(part, place))
        else:
            shown = [line for line in part if not _LEADER.match(line.text)]
            found.extend(write_text(shown, known, look, place) if shown else ())
    return found


def _top(block: Block) -> float:
    return block.box.top if block.box else 0.0


def _figure(part: FigurePart, place: Place) -> Block:
    return Block(BlockKind.FIGURE, escape(part.words), place(part.rect))


def _write_sideways(part: SidewaysPart, place: Place) -> list[Block]:
    return _write_body(part.lines, (), part.rules, lambda rect: place(part.back(rect)), None)


def _say_enough(outside: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether what stands outside tables is so much that it tells how the page is set."""
    return sum(len(line.text) for line in outside) > ENOUGH * sum(len(line.text) for line in lines)


def _margin(kind: BlockKind, line: Line, place: Place) -> Block:
    return Block(kind, escape(line.text), place(line.rect), line.type_size)
