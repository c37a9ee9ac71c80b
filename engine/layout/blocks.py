"""Make a page of Markdown blocks out of lines of text and the ruled lines between them."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.engine.escape import escape
from papertray.engine.layout.flow import parts_in_order, with_marks
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.lines import Line, Rect, Table
from papertray.engine.layout.listings import Listing
from papertray.engine.layout.looks import page_look
from papertray.engine.layout.margins import split_margins
from papertray.engine.layout.rules import RuledLines, find_grids, without_letters
from papertray.engine.layout.tables.markdown import table_markdown
from papertray.engine.layout.tables.regions import between_rules
from papertray.engine.layout.tables.ruled import ruled_tables
from papertray.engine.layout.writing import Place, write_text
from papertray.engine.pages import Block, BlockKind


def compose_layout(lines: Sequence[Line], ruled: RuledLines, place: Place, sheet: Rect) -> tuple[Block, ...]:
    """`place` tells where a rectangle of the straightened page, which is `sheet`, stands in its file."""
    ruled = without_letters(ruled, lines)
    grids = find_grids(ruled)
    margins = split_margins(lines, ruled.across, sheet, [grid.rect for grid in grids])
    tabled, outside = ruled_tables(grids, margins.body)
    between, outside = between_rules(outside, ruled.across)
    marked = with_marks(outside)
    known, look = known_words([line.text for line in marked]), page_look(marked)
    found = [_margin(BlockKind.HEADER, line, place) for line in margins.heads]
    for part in parts_in_order([*marked, *tabled, *between]):
        if isinstance(part, Table):
            found.append(Block(BlockKind.TABLE, table_markdown(part), place(part.rect)))
        elif isinstance(part, Listing):
            found.append(Block(BlockKind.TEXT, part.markdown, place(part.rect)))
        else:
            found.extend(write_text(part, known, look, place))
    return (*found, *(_margin(BlockKind.FOOTER, line, place) for line in margins.feet))


def _margin(kind: BlockKind, line: Line, place: Place) -> Block:
    return Block(kind, escape(line.text), place(line.rect))
