"""The things of a page one after the other, as they are read: stretches of lines, tables, listings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from papertray.engine.layout import lists
from papertray.engine.layout.columns import split_regions
from papertray.engine.layout.contents import Contents, find_contents
from papertray.engine.layout.figures import FigurePart
from papertray.engine.layout.formulas import Formula
from papertray.engine.layout.heading_words import is_numbered
from papertray.engine.layout.lines import Line, Table, group_rows, put_together
from papertray.engine.layout.order import reading_order
from papertray.engine.layout.program_text import ProgramText, find_beside_listings, find_program_text
from papertray.engine.layout.sideways import SidewaysPart
from papertray.engine.layout.tables.aligned import find_aligned_tables, find_certain_tables

WIDEST_SPACE = 4.0
"""Parts of a line that stand farther apart than this many line heights are read as lines of their own."""

FARTHEST_VALUE, EVEN, FEW = 12.0, 0.3, 2
"""A value stands no farther from its name than this, and begins where the one over or under it does, give or
take the second; nothing else stands beside these two."""

FARTHEST_MARK = 2.0
"""A bullet stands no farther from its text than this many line heights."""

Whole = ProgramText | Contents | SidewaysPart | Formula | FigurePart
Thing = Line | Table | Whole
Part = Table | Whole | list[Line]


def join_marks(lines: Sequence[Line]) -> list[Line]:
    """Bullets and numbers that were found on their own are put before the lines that they mark."""
    marked: list[Line] = []
    for row in group_rows(lines):
        mark: Line | None = None
        for line in row:
            if mark is not None and line.rect.left - mark.rect.right < FARTHEST_MARK * line.size:
                line = put_together(mark, line)
                marked.remove(mark)
            mark = line if lists.is_marker(line.text) else None
            marked.append(line)
    return marked


def order_parts(items: Sequence[Thing]) -> list[Part]:
    """Tables and listings, and the stretches of lines between them."""
    formulas = [item for item in items if isinstance(item, Formula)]
    whole = [item for item in items if isinstance(item, Whole) and not isinstance(item, Formula)]
    places = [Table(part.rect, ()) for part in whole]
    ruled = [item for item in items if isinstance(item, Table)]
    lines = [item for item in items if isinstance(item, Line)]
    certain, rest = find_beside_listings(lines, find_certain_tables)
    lined = [(_as_line(formula), formula) for formula in formulas]
    shown = {id(line): formula for line, formula in lined}
    things = [
        whole[places.index(thing)] if isinstance(thing, Table) and thing in places else thing
        for region in split_regions([*rest, *ruled, *certain, *places, *(line for line, _ in lined)])
        for thing in _things(region, shown)
    ]
    parts: list[Part] = []
    for is_text, group in groupby(things, key=lambda thing: isinstance(thing, Line)):
        if is_text:
            parts.append([thing for thing in group if isinstance(thing, Line)])
        else:
            parts.extend(thing for thing in group if not isinstance(thing, Line))
    return parts


def _as_line(formula: Formula) -> Line:
    """Columns are told by the lines that run in them; a formula is one of these, no table beside them."""
    return Line(formula.rect, formula.markdown, size=formula.rect.height)


def _things(region: Sequence[Line | Table], formulas: Mapping[int, Formula]) -> list[Thing]:
    """What a region without columns holds, in its order."""
    ruled = [item for item in region if isinstance(item, Table)]
    shown = [formulas[id(item)] for item in region if id(item) in formulas]
    lines = [item for item in region if isinstance(item, Line) and id(item) not in formulas]
    contents, others = find_contents(lines)
    listings, others = find_program_text(others)
    aligned, running = find_aligned_tables(others)
    items: list[Thing] = [*running, *ruled, *aligned, *listings, *contents, *shown]
    rows = reading_order(items)
    near = [[b for a, b in pairwise(row) if _are_near(a, b)] for row in rows]
    beside = zip([[], *near], [*near[1:], []], strict=False)
    return [
        piece
        for row, (above, below) in zip(rows, beside, strict=False)
        for piece in _pieces(row, [*above, *below])
    ]


def _pieces(row: Sequence[Thing], values: Sequence[Thing]) -> list[Thing]:
    """The things of one row; the parts of a line that was found in pieces are put together again.

    So is a name with its value where a value over or under this one stands near enough to its own.
    """
    pieces: list[Thing] = []
    for item in row:
        last = pieces[-1] if pieces else None
        if isinstance(last, Line) and isinstance(item, Line) and _are_parts(row, last, item, values):
            pieces[-1] = put_together(last, item)
        else:
            pieces.append(item)
    return pieces


def _are_parts(row: Sequence[Thing], one: Line, other: Line, values: Sequence[Thing]) -> bool:
    return _are_near(one, other) or (len(row) == FEW and _begins_under(one, other, values))


def _begins_under(name: Line, value: Line, values: Sequence[Thing]) -> bool:
    """Behind the number and the name of a section stands its page."""
    if is_numbered(name.text):
        return False
    if value.rect.left - name.rect.right > FARTHEST_VALUE * max(name.size, value.size):
        return False
    return any(abs(other.rect.left - value.rect.left) < EVEN * value.size for other in values)


def _are_near(one: Thing, other: Thing) -> bool:
    if not (isinstance(one, Line) and isinstance(other, Line)):
        return False
    return other.rect.left - one.rect.right < WIDEST_SPACE * max(one.size, other.size)
