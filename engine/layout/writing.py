"""Stretches of lines as blocks of Markdown: paragraphs, headings, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

from papertray.engine.escape import escape_heading
from papertray.engine.layout import lists
from papertray.engine.layout.headings import find_headings, join_titles
from papertray.engine.layout.lines import Line, bounding_rect
from papertray.engine.layout.looks import Look
from papertray.engine.layout.marking import mark_up
from papertray.engine.layout.paragraphs import Paragraph, group_paragraphs
from papertray.engine.pages import Block, BlockKind, Box
from papertray.engine.rectangles import Rect

Place = Callable[[Rect], Box]


def write_text(lines: Sequence[Line], known: frozenset[str], look: Look, place: Place) -> list[Block]:
    """`known` holds the words of the page, `place` tells where a rectangle stands in the file."""
    found = join_titles(group_paragraphs(lines, look), look)
    made: list[Block] = []
    items: list[tuple[Paragraph, lists.ListItem]] = []
    for paragraph, level in zip(found, find_headings(found, known, look), strict=True):
        text = paragraph.text(known)
        item = None if level else lists.parse_item(text, paragraph.rect.left, paragraph.size)
        if item is not None:
            items.append((paragraph, replace(item, shown=mark_up(item.text, paragraph.lines))))
            continue
        made.extend(_list(items, known, place))
        items = []
        made.append(
            write_heading(level, text, paragraph, place, look) if level else _plain(paragraph, known, place)
        )
    return [*made, *_list(items, known, place)]


def _list(
    items: Sequence[tuple[Paragraph, lists.ListItem]], known: frozenset[str], place: Place
) -> list[Block]:
    entries = _in_one_column(items)
    if not lists.is_list(entries):
        return [_plain(paragraph, known, place) for paragraph, _ in items]
    whole = bounding_rect(paragraph.rect for paragraph, _ in items)
    size = max(paragraph.type_size for paragraph, _ in items)
    return [Block(BlockKind.LIST, lists.list_markdown(entries), place(whole), size)]


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
    return Block(BlockKind.TEXT, shown, place(paragraph.rect), paragraph.type_size)


def write_heading(level: int, text: str, paragraph: Paragraph, place: Place, look: Look) -> Block:
    kind = BlockKind.TITLE if level == 1 else BlockKind.HEADING
    shown = f"{'#' * level} {escape_heading(text)}"
    return Block(kind, shown, place(paragraph.rect), paragraph.type_size, look.are_bold(paragraph.lines))
