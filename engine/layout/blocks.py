"""Make a page of Markdown blocks out of recognised lines and the grids between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf

from papertray.engine.escape import escape
from papertray.engine.layer.marking import mark_up
from papertray.engine.layout import lists, tables
from papertray.engine.layout.headings import body_size, heading_level
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.lines import Line, Rect, Table, bounding_rect, group_rows
from papertray.engine.layout.order import reading_order
from papertray.engine.layout.paragraphs import Paragraph, group_paragraphs
from papertray.engine.layout.rules import Grid
from papertray.engine.pages import Block, BlockKind, Box

WIDEST_SPACE = 4.0
"""Parts of a line that stand farther apart than this many line heights are read as lines of their own."""

FARTHEST_MARK = 2.0
"""A bullet stands no farther from its text than this many line heights."""

Place = Callable[[Rect], Box]


def compose_layout(lines: Sequence[Line], grids: Sequence[Grid], place: Place) -> tuple[Block, ...]:
    """`place` tells where a rectangle of the straightened page stands on the page as its file shows it."""
    ruled, outside = tables.ruled_tables(grids, lines)
    aligned, running = tables.aligned_tables(_with_marks(outside))
    known = known_words([line.text for line in running])
    body = body_size(running)
    found: list[Block] = []
    for part in _parts([*running, *ruled, *aligned]):
        if isinstance(part, Table):
            found.append(Block(BlockKind.TABLE, tables.table_markdown(part), place(part.rect)))
        else:
            found.extend(_text(group_paragraphs(part), known, body, place))
    return tuple(found)


def _with_marks(lines: Sequence[Line]) -> list[Line]:
    """Bullets and numbers that were found on their own are put before the lines that they mark."""
    marked: list[Line] = []
    for row in group_rows(lines):
        mark: Line | None = None
        for line in row:
            if mark is not None and line.rect.left - mark.rect.right < FARTHEST_MARK * line.size:
                line = _together(mark, line)
                marked.remove(mark)
            mark = line if lists.is_marker(line.text) else None
            marked.append(line)
    return marked


def _parts(items: Sequence[Line | Table]) -> list[Table | list[Line]]:
    """Tables, and the stretches of lines between them, in reading order."""
    parts: list[Table | list[Line]] = []
    flat = [piece for row in reading_order(items) for piece in _pieces(row)]
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
            pieces[-1] = _together(last, item)
        else:
            pieces.append(item)
    return pieces


def _is_near(one: Line, other: Line) -> bool:
    return other.rect.left - one.rect.right < WIDEST_SPACE * max(one.size, other.size)


def _together(one: Line, other: Line) -> Line:
    return Line(
        bounding_rect([one.rect, other.rect]),
        f"{one.text} {other.text}",
        min(one.score, other.score),
        max(one.size, other.size),
        max(one.letters, other.letters),
        font_size=one.font_size,
        bold=one.bold and other.bold,
        italic=one.italic and other.italic,
        mono=one.mono and other.mono,
        colour=one.colour,
        right_to_left=one.right_to_left,
        words=(*one.words, *other.words),
    )


def _text(found: Sequence[Paragraph], known: frozenset[str], body: float, place: Place) -> list[Block]:
    made: list[Block] = []
    items: list[tuple[Paragraph, lists.ListItem]] = []
    for paragraph in found:
        text = paragraph.text(known)
        heading = heading_level(text, paragraph.lettering, body)
        item = None if heading else lists.parse_item(text, paragraph.rect.left, paragraph.size)
        if item is not None:
            items.append((paragraph, replace(item, shown=mark_up(item.text, paragraph.lines))))
            continue
        made.extend(_list(items, known, place))
        items = []
        made.append(
            _heading(heading, text, place(paragraph.rect)) if heading else _plain(paragraph, known, place)
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
        shown = "\\\n".join(mark_up(line.text, [line]) for line in paragraph.lines)
    else:
        shown = mark_up(paragraph.text(known), paragraph.lines)
    return Block(BlockKind.TEXT, shown, place(paragraph.rect))


def _heading(level: int, text: str, box: Box) -> Block:
    shown = escape(text)
    if shown.endswith("#"):  # viewers take closing hashes away
        shown = f"{shown[:-1]}\\#"
    return Block(BlockKind.TITLE if level == 1 else BlockKind.HEADING, f"{'#' * level} {shown}", box)
