"""A table that goes on over the end of a page, as one table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import Block, BlockKind, Box

FOOT, HEAD = 0.65, 0.35
"""The first part ends below this, the second begins above that, unless its head is repeated."""

ALIGNED = 0.04
"""Their edges stand so near each other, in widths of the page."""

LONGEST = 120

_CELLS = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"[-+–−(]?[^\w\s]{0,3}\s?\d[\d.,\s]*[^\w\s]{0,3}")
_CONTINUED = re.compile(
    r"[(–—-]\s*(?:continued|cont[.’'d]|fortsetzung|suite|continuación|continuação|continua|продолжение)"
    r"|\b(?:continue[ds]?|fortsetzung|suite|continúa) (?:on|from|auf|von|sur|en) (?:the )?"
    r"(?:next|previous|nächster|voriger|la)\b",
    re.IGNORECASE,
)


def is_continued(block: Block) -> bool:
    """`Table 3 (continued)`, `Continued on next page`."""
    if block.kind not in (BlockKind.TEXT, BlockKind.CAPTION, BlockKind.HEADING):
        return False
    text = words_alone(block.markdown)
    return len(text) < LONGEST and _CONTINUED.search(text) is not None


def join_tables(above: Block, below: Block, mark: str) -> Block | None:
    """None where they are two. A repeated head is left out; the mark stands in the first row below."""
    if above.kind is not BlockKind.TABLE or below.kind is not BlockKind.TABLE:
        return None
    upper, lower = above.markdown.split("\n"), below.markdown.split("\n")
    if not all(line.startswith("|") for line in (*upper, *lower)) or min(len(upper), len(lower)) < 2:
        return None
    first, second = _cells(upper[0]), _cells(lower[0])
    if len(first) != len(second) or not _are_aligned(above.box, below.box):
        return None
    repeated = any(first) and first == second
    if not repeated and not (_are_at_the_seam(above.box, below.box) and _is_row(second, upper[2:])):
        return None
    rows = lower[2:] if repeated else [lower[0], *lower[2:]]
    if not rows:
        return None
    return replace(above, markdown="\n".join([*upper, f"| {mark}{rows[0][1:]}", *rows[1:]]))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(row)[1:-1]]


def _are_aligned(above: Box | None, below: Box | None) -> bool:
    if above is None or below is None:
        return above is below
    return abs(above.left - below.left) < ALIGNED and abs(above.right - below.right) < ALIGNED


def _are_at_the_seam(above: Box | None, below: Box | None) -> bool:
    return above is None or below is None or (above.bottom > FOOT and below.top < HEAD)


def _is_row(cells: Sequence[str], rows: Sequence[str]) -> bool:
    """Whether this can be one more row and no head: numbers stand where numbers stand above."""
    body = [_cells(row) for row in rows]
    if not body:
        return False
    for column, cell in enumerate(cells):
        inside = [row[column] for row in body if column < len(row) and row[column]]
        numbers = sum(_is_number(other) for other in inside)
        if cell and not _is_number(cell) and len(inside) > 1 and numbers > 0.7 * len(inside):
            return False
    return True


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(words_alone(cell)) is not None
