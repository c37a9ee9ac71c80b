"""Know running heads, feet and page numbers by their repetition and place over a document.

Takes the blocks of every page; gives them with those called header or footer that are, and those called text
again that one page alone was mistaken about. A page that has no boxes is left as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from papertray.engine.assembly.page_counts import advances, cut_numbers, is_count
from papertray.engine.layout.page_numbers import LEGAL
from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import MARGINS, Block, BlockKind

DEEPEST, ROWS, LONGEST = 0.15, 3, 120
"""Where they stand, in shares of the page; so many from its edge at most, and no longer than this."""

FEWEST = 3
"""What stands on so many pages is repeated; on both of two, if one of them says by itself what it is."""

SAME_PLACE, SAME_LINE = 0.012, 0.004
"""How far the places of one head differ, and of another text on the same line, in heights of the page."""

NEAR = 2
"""Heads stand on the next page, or on the one behind it: left and right ones differ."""

MOSTLY = 0.6
"""What looks like a heading is a running head on more than this share of all pages only."""

ALIKE = 1.1
"""Letters of heads on one line are no larger than each other."""

MANY = 5
"""With so many pages, what stands once and where nothing else does is no running head."""

_SHAPES = frozenset({BlockKind.TEXT, BlockKind.HEADING, BlockKind.TITLE, BlockKind.LIST, *MARGINS})


@dataclass(frozen=True, slots=True)
class EdgeBlock:
    """A block near an edge of its page; `key` is its text with all numbers alike."""

    page: int
    at: int
    lower: bool
    place: float
    key: str
    numbers: tuple[int, ...]
    block: Block


def mark_running_heads(pages: Sequence[Sequence[Block]]) -> list[tuple[Block, ...]]:
    edges = [edge for page, blocks in enumerate(pages) for edge in _edge_blocks(page, blocks)]
    heads = {(edge.page, edge.at): edge for edge in _repeated(edges, len(pages))}
    heads |= {(edge.page, edge.at): edge for edge in _on_their_lines(edges, list(heads.values()), len(pages))}
    mistaken = {(edge.page, edge.at) for edge in _mistaken(edges, heads, len(pages))}
    return [
        tuple(_named(block, heads.get((page, at)), (page, at) in mistaken) for at, block in enumerate(blocks))
        for page, blocks in enumerate(pages)
    ]


def _named(block: Block, head: EdgeBlock | None, mistaken: bool) -> Block:
    if head is not None and block.kind not in MARGINS:
        return replace(block, kind=BlockKind.FOOTER if head.lower else BlockKind.HEADER)
    return replace(block, kind=BlockKind.TEXT) if mistaken else block


def _edge_blocks(page: int, blocks: Sequence[Block]) -> Iterator[EdgeBlock]:
    placed = sorted(
        ((block.box.top + block.box.bottom) / 2, at)
        for at, block in enumerate(blocks)
        if block.box is not None
    )
    for lower, outermost in ((False, placed[:ROWS]), (True, placed[::-1][:ROWS])):
        for place, at in outermost:
            block = blocks[at]
            inside = place < 1 - DEEPEST if lower else place > DEEPEST
            if inside or block.kind not in _SHAPES or "\n" in block.markdown:
                continue
            text = words_alone(block.markdown)
            if len(text) <= LONGEST:
                key, numbers = cut_numbers(text)
                yield EdgeBlock(page, at, lower, place, key, numbers, block)


def _repeated(edges: Sequence[EdgeBlock], pages: int) -> Iterator[EdgeBlock]:
    groups: dict[tuple[bool, str], list[EdgeBlock]] = defaultdict(list)
    for edge in edges:
        groups[edge.lower, edge.key].append(edge)
    for group in groups.values():
        for line in _by_place(group):
            if _is_head(line, pages):
                yield from line


def _by_place(group: Sequence[EdgeBlock]) -> Iterator[list[EdgeBlock]]:
    line: list[EdgeBlock] = []
    for edge in sorted(group, key=lambda edge: edge.place):
        if line and edge.place - line[0].place > SAME_PLACE:
            yield line
            line = []
        line.append(edge)
    if line:
        yield line


def _is_head(line: Sequence[EdgeBlock], pages: int) -> bool:
    count = len({edge.page for edge in line})
    if count < (FEWEST if pages > FEWEST - 1 else pages):
        return False
    known = any(edge.block.kind in MARGINS for edge in line)
    if count < FEWEST and not known:
        return False
    if is_count(line[0].key):
        return known or advances([(edge.page, edge.numbers) for edge in line])
    if line[0].numbers and not known and not advances([(edge.page, edge.numbers) for edge in line]):
        return False
    headings = sum(edge.block.kind in (BlockKind.HEADING, BlockKind.TITLE) for edge in line)
    if (2 * headings > len(line) or any(edge.block.depth for edge in line)) and count < MOSTLY * pages:
        return False
    near = sum(any(0 < abs(edge.page - other.page) <= NEAR for other in line) for edge in line)
    return known or 2 * near > len(line)


def _on_their_lines(
    edges: Sequence[EdgeBlock], heads: Sequence[EdgeBlock], pages: int
) -> Iterator[EdgeBlock]:
    """Other texts on the line where most pages have a head: the name of a chapter, say."""
    known = [*heads, *(edge for edge in edges if edge.block.kind in MARGINS)]
    for lower in (False, True):
        side = [edge for edge in known if edge.lower == lower]
        for line in _by_place(side):
            if len({edge.page for edge in line}) < max(FEWEST, MOSTLY * pages):
                continue
            place = median(edge.place for edge in line)
            size = median(edge.block.size for edge in line)
            for edge in edges:
                near = edge.lower == lower and abs(edge.place - place) < SAME_LINE
                if near and edge.block.size <= ALIKE * size and not edge.block.depth:
                    yield edge


def _mistaken(
    edges: Sequence[EdgeBlock], heads: dict[tuple[int, int], EdgeBlock], pages: int
) -> Iterator[EdgeBlock]:
    """Called a head on its page, but nothing like it stands there on any other."""
    if pages < MANY:
        return
    margins = [edge for edge in edges if edge.block.kind in MARGINS]
    for edge in margins:
        if (edge.page, edge.at) in heads or is_count(edge.key) or LEGAL.search(edge.block.markdown):
            continue
        if not any(
            other.page != edge.page
            and other.lower == edge.lower
            and (other.key == edge.key or abs(other.place - edge.place) < SAME_PLACE)
            for other in margins
        ):
            yield edge
