"""Receipts: narrow strips of print that are read row by row, the amounts behind what they are for.

Takes the lines of a page; says whether it is a receipt, and writes it. Its lines end where its printer ended
them, and are kept so: an address, a name that goes on, a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from statistics import median

from papertray.engine.layout.headings import find_headings, join_titles
from papertray.engine.layout.joining import known_words
from papertray.engine.layout.lines import Line, bounding_rect, put_together
from papertray.engine.layout.looks import Look
from papertray.engine.layout.marking import mark_up
from papertray.engine.layout.paragraphs import Paragraph, group_paragraphs
from papertray.engine.layout.receipt_rows import (
    Row,
    build_receipt_table,
    find_stretches,
    group_receipt_rows,
)
from papertray.engine.layout.tables.markdown import table_markdown
from papertray.engine.layout.writing import Place, write_heading
from papertray.engine.pages import Block, BlockKind

WIDEST, HIGHER = 24.0, 0.9
"""A receipt is not wider than so many of its lines are high, and so many times as high as wide."""

FEWEST, OFTEN = 4, 0.15
"""So many of its rows end in an amount, and such a share of them."""

_LABEL = re.compile(r":|\d{2}")
"""Names with their values, and addresses: no titles, however large."""

_AMOUNT = re.compile(r"(?:^|\s|[A-Z$€£])-?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}\s?(?:[A-Z€£*]{1,3}|\W)?$")


def is_receipt(lines: Sequence[Line]) -> bool:
    if len(lines) < FEWEST:
        return False
    rect, high = bounding_rect(line.rect for line in lines), median(line.rect.height for line in lines)
    if rect.width > WIDEST * high or rect.height < HIGHER * rect.width:
        return False
    rows = group_receipt_rows(lines)
    return sum(map(_ends_in_amount, rows)) >= max(FEWEST, OFTEN * len(rows))


def _ends_in_amount(row: Row) -> bool:
    return _AMOUNT.search(row[-1].text) is not None


def write_receipt(lines: Sequence[Line], look: Look, place: Place) -> list[Block]:
    blocks: list[Block] = []
    for at, stretch in enumerate(find_stretches(group_receipt_rows(lines))):
        if stretch.gaps:
            table = build_receipt_table(stretch)
            blocks.append(Block(BlockKind.TABLE, table_markdown(table), place(table.rect)))
        else:
            whole = [reduce(put_together, row) for row in stretch.rows]
            blocks.extend(_write_lines(whole, look, place, may_be_titled=not at))
    return blocks


def _write_lines(lines: Sequence[Line], look: Look, place: Place, may_be_titled: bool) -> list[Block]:
    """Who gave the receipt stands at its top; what is printed large or alone below is a sum."""
    known = known_words([line.text for line in lines])
    found = join_titles(group_paragraphs(lines, look), look)
    levels = find_headings(found, known, look) if may_be_titled else [0] * len(found)
    return [
        write_heading(level, paragraph.text(known), paragraph, place, look)
        if level and not _LABEL.search(paragraph.text(known))
        else _plain(paragraph, place)
        for paragraph, level in zip(found, levels, strict=True)
    ]


def _plain(paragraph: Paragraph, place: Place) -> Block:
    shown = "\\\n".join(mark_up(line.text, [line]) for line in paragraph.lines)
    return Block(BlockKind.TEXT, shown, place(paragraph.rect), paragraph.type_size)
