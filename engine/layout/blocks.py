"""Make a page of Markdown blocks out of recognised lines and the grids between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf

from papertray.engine.escape import escape
from papertray.engine.layout import lists
from papertray.engine.layout.columns import split_regions
from papertray.engine.layout.headings import find_headings, join_titles
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.lines import Line, Rect, Table, bounding_rect, group_rows, put_together
from papertray.engine.layout.looks import Look, page_look
from papertray.engine.layout.margins import split_margins
from papertray.engine.layout.order import reading_order
from papertray.engine.layout.paragraphs import Paragraph, group_paragraphs
from papertray.engine.layout.rules import RuledLines, find_grids, without_letters
from papertray.engine.layout.tables.markdown import table_markdown
from papertray.engine.layout.tables.regions import aligned_tables, between_rules
from papertray.engine.layout.tables.ruled import ruled_tables
from papertray.engine.pages import Block, BlockKind, Box

WIDEST_SPACE = 4.0
"""Parts of a line that stand farther apart than this many line heights are read as lines of their own."""

FARTHEST_MARK = 2.0
"""A bullet stands no farther from its text than this many line heights."""

Place = Callable[[Rect], Box]


def compose_layout(lines: Sequence[Line], ruled: RuledLines, place: Place, sheet: Rect) -> tuple[Block, ...]:
    """`place` tells where a rectangle of the straightened page, which is `sheet`, stands in its file."""
    ruled = without_letters(ruled, lines)
    grids = find_grids(ruled)
    margins = split_margins(lines, ruled.across, sheet, [grid.rect for grid in grids])
    tabled, outside = ruled_tables(grids, margins.body)
    between, outside = between_rules(outside, ruled.across)
    marked = _with_marks(outside)
    known = known_words([line.text for line in marked])
    look = page_look(marked)
    found = [_margin(BlockKind.HEADER, line, place) for line in margins.heads]
    pieces = [piece for region in split_regions([*marked, *tabled, *between]) for piece in _flat(region)]
    for part in _parts(pieces):
        if isinstance(part, Table):
            found.append(Block(BlockKind.TABLE, table_markdown(part), place(part.rect)))
        else:
            found.extend(_text(group_paragraphs(part, look), known, look, place))
    return (*found, *(_margin(BlockKind.FOOTER, line, place) for line in margins.feet))


def _margin(kind: BlockKind, line: Line, place: Place) -> Block:
    return Block(kind, escape(line.text), place(line.rect))


def _with_marks(lines: Sequence[Line]) -> list[Line]:
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


def _flat(region: Sequence[Line | Table]) -> list[Line | Table]:
    ruled = [item for item in region if isinstance(item, Table)]
    aligned, running = aligned_tables([item for item in region if isinstance(item, Line)])
    items: list[Line | Table] = [*running, *ruled, *aligned]
    return [piece for row in reading_order(items) for piece in _pieces(row)]


def _parts(flat: Sequence[Line | Table]) -> list[Table | list[Line]]:
    """Tables, and the stretches of lines between them, in reading order."""
    parts: list[Table | list[Line]] = []
    for is_table, group in groupby(flat, key=lambda piece: isinstance(piece, Table)):
        if is_table:
            parts.extend(piece for piece in group if isinstance(piece, Table))
        else:
            parts.append([piece for piece in group if isinstance(piece, Line)])
    return parts


def _pieces(row: Sequence[Line | Table]) -> list[Line | Table]:
    """The things of one row; the parts of a line that was found in pieces are put together again."""
    pieces: list[Line | Table] = []
    for item in row:
        last = pieces[-1] if pieces else None
        if isinstance(last, Line) and isinstance(item, Line) and _is_near(last, item):
            pieces[-1] = put_together(last, item)
        else:
            pieces.append(item)
    return pieces


def _is_near(one: Line, other: Line) -> bool:
    return other.rect.left - one.rect.right < WIDEST_SPACE * max(one.size, other.size)


def _text(found: Sequence[Paragraph], known: frozenset[str], look: Look, place: Place) -> list[Block]:
    made: list[Block] = []
    items: list[tuple[Paragraph, lists.ListItem]] = []
    found = join_titles(found, look)
    for paragraph, level in zip(found, find_headings(found, known, look), strict=True):
        text = paragraph.text(known)
        item = None if level else lists.parse_item(text, paragraph.rect.left, paragraph.size)
        if item is not None:
            items.append((paragraph, item))
            continue
        made.extend(_list(items, known, place))
        items = []
        made.append(
            _heading(level, text, place(paragraph.rect)) if level else _plain(paragraph, known, place)
        )
    return [*made, *_list(items, known, place)]


def _list(
    items: Sequence[tuple[Paragraph, lists.ListItem]], known: frozenset[str], place: Place
) -> list[Block]:
    entries = _in_one_column(items)
    if not lists.is_list(entries):
        return [_plain(paragraph, known, place) for paragraph, _ in items]
    whole = bounding_rect(paragraph.rect for paragraph, _ in items)
    return [Block(BlockKind.LIST, lists.list_markdown(entries), place(whole))]


def _in_one_column(items: Sequence[tuple[Paragraph, lists.ListItem]]) -> list[lists.ListItem]:
    """A list that goes on in the next column is no deeper there."""
    columns: list[list[lists.ListItem]] = []
    above = -inf
    for paragraph, item in items:
        if paragraph.rect.bottom < above or not columns:
            columns.append([])
        columns[-1].append(item)
        above = paragraph.rect.top
    lefts = [min(item.left for item in column) for column in columns]
    return [
        replace(item, left=item.left - left + lefts[0])
        for column, left in zip(columns, lefts, strict=True)
        for item in column
    ]


def _plain(paragraph: Paragraph, known: frozenset[str], place: Place) -> Block:
    if paragraph.by_line:
        shown = "\\\n".join(escape(line.text) for line in paragraph.lines)
    else:
        shown = escape(paragraph.text(known))
    return Block(BlockKind.TEXT, shown, place(paragraph.rect))


def _heading(level: int, text: str, box: Box) -> Block:
    shown = escape(text)
    if shown.endswith("#"):  # viewers take closing hashes away
        shown = f"{shown[:-1]}\\#"
    return Block(BlockKind.TITLE if level == 1 else BlockKind.HEADING, f"{'#' * level} {shown}", box)
