"""Put the pages of a document together, as its note shows them.

Takes the blocks of every page; gives them with running heads left out, headings on one ladder, and what goes
on over the end of a page as one block, in which the mark of the next page stands. Pure, and the same every
time: a note that stands is known by being composed once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from papertray.engine.assembly.ladder import put_on_one_ladder
from papertray.engine.assembly.running_heads import mark_running_heads
from papertray.engine.assembly.seams import close_seams
from papertray.engine.pages import MARGINS, Block


@dataclass(frozen=True, slots=True)
class LoosePage:
    """A page as it was read. `whole` is False where something is missing or to be said: nothing joins it.

    `follows` is False where pages before it were left out.
    """

    blocks: tuple[Block, ...]
    whole: bool = True
    follows: bool = True


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page as the note shows it. `marked` says that its mark stands in a block of a page before it."""

    blocks: tuple[Block, ...]
    marked: bool = False


def assemble_pages(
    pages: Sequence[LoosePage], mark: Callable[[int], str], *, keep_running_heads: bool = False
) -> list[BoundPage]:
    """`mark` gives the comment that says where a page begins, by its number."""
    blocks = [page.blocks for page in pages]
    blocks = put_on_one_ladder(mark_running_heads(blocks) if len(pages) > 1 else blocks)
    if keep_running_heads:
        return [BoundPage(page) for page in blocks]
    shown = [_without_margins(page) for page in blocks]
    joinable = [
        page.follows and page.whole and before.whole for before, page in pairwise([LoosePage(()), *pages])
    ]
    closed = close_seams(shown, joinable, mark)
    return [BoundPage(page, marked=number in closed.marked) for number, page in enumerate(closed.pages, 1)]


def _without_margins(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Unless the page has nothing else."""
    return tuple(block for block in blocks if block.kind not in MARGINS) or tuple(blocks)
