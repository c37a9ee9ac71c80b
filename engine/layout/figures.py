"""Find the figures of a page, and take the words that stand in them out of its text.

Takes the grey page, its lines and its ruled lines; gives figures with their words, and all other lines.
Tables, formulas, captions and boxes with running text are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.layout.captions import is_caption, is_note
from papertray.engine.layout.drawings import find_drawings
from papertray.engine.layout.formulas import find_formulas
from papertray.engine.layout.lines import Line, Table, bounding_rect
from papertray.engine.layout.rules import RuledLines, without_letters
from papertray.engine.layout.stacks import find_prose_lines
from papertray.engine.layout.tables.between import find_tables_between_rules
from papertray.engine.layout.tables.grids import find_grids
from papertray.engine.layout.tables.ruled import find_ruled_tables
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Grey = np.ndarray[Any, Any]

TABULAR = 0.5
"""A grid of which more cells than this share are filled is a table."""

BESIDE = 1.0
"""So near, in heights of their letters, words at its edge belong to a figure: the names of its axes."""

LONGEST = 40
"""They are no longer than this."""

PROSE = 0.2
"""Where lines of running text stand on more than this share of it, it is a box with text."""

MOST_LETTERS = 300
"""A figure that holds more is to be read: a title page, a leaflet. Its words stay text."""


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A figure with the words in it, in no order that could be read."""

    rect: Rect
    words: str


def find_figures(grey: Grey, lines: Sequence[Line], ruled: RuledLines) -> list[Rect]:
    ruled = without_letters(ruled, lines)
    tables, rest = find_ruled_tables(find_grids(ruled), lines)
    between, rest = find_tables_between_rules(rest, ruled.across)
    formulas, _ = find_formulas(rest)
    others = [table.rect for table in (*filter(_is_filled, tables), *between)]
    others += [formula.rect for formula in formulas]
    prose = find_prose_lines(lines)
    return [
        place
        for place in find_drawings(grey, [line.rect for line in lines], others)
        if not _is_box(place, [line.rect for line in prose]) and _count_letters(place, lines) <= MOST_LETTERS
    ]


def _count_letters(place: Rect, lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if _stands_in(place, line))


def _is_box(place: Rect, prose: Sequence[Rect]) -> bool:
    inside = [rect for rect in prose if place.holds(rect.centre, rect.middle)]
    covered = sum(rect.width * rect.height for rect in inside)
    return covered > PROSE * place.width * place.height


def take_figures(places: Sequence[Rect], lines: Sequence[Line]) -> tuple[list[FigurePart], list[Line]]:
    rest = list(lines)
    parts: list[FigurePart] = []
    for place in places:
        inside = [line for line in rest if _stands_in(place, line)]
        taken = set(map(id, inside))
        rest = [line for line in rest if id(line) not in taken]
        whole = bounding_rect([place, *(line.rect for line in inside)])
        parts.append(FigurePart(whole, " ".join(line.text for line in inside)))
    return parts, rest


def _is_filled(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row]
    return len(table.rows) > 1 and len(table.rows[0]) > 1 and sum(map(bool, cells)) > TABULAR * len(cells)


def _stands_in(place: Rect, line: Line) -> bool:
    rect = line.rect
    if is_caption(line.text) or is_note(line.text):
        return False
    if place.holds(rect.centre, rect.middle):
        return True
    near = BESIDE * min(rect.width, rect.height)
    across = max(place.left - rect.right, rect.left - place.right)
    down = max(place.top - rect.bottom, rect.top - place.bottom)
    within = place.left <= rect.centre <= place.right or place.top <= rect.middle <= place.bottom
    return len(line.text) <= LONGEST and within and across < near and down < near
