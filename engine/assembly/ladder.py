"""Give the headings of a document their levels: one ladder for all pages.

Takes the blocks of every page; gives them with the levels of headings that follow from the document's own
outline, from their numbers, and from the sizes in which its headings are set. What a model called a heading
without saying how large it is keeps its level, as long as none is left out on the way down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from papertray.engine.assembly.steps import (
    APART,
    DEEPEST,
    Style,
    is_label,
    number_depth,
    styles_of,
    without_jumps,
)
from papertray.engine.layout.heading_words import is_in_capitals, may_be_heading
from papertray.engine.layout.looks import weigh_median
from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import MARGINS, Block, BlockKind

TITLE, SHORT, FRONT = 1.3, 120, 2
"""A line in letters so many times larger than the document's, and none larger, no longer than this, on its
first pages, is a title also where its page has nothing smaller to compare it with."""

FEWEST_NUMBERED = 3
"""So many numbered headings, of more than one depth, tell levels."""

CHANCE = 0.15
"""Sizes of headings whose numbers have one depth differ by less than this part, and mean nothing."""

HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING})


@dataclass(frozen=True, slots=True)
class PlacedHeading:
    """`depth` is what outline or number say, 0 where neither does; `before` the level that its page gave it.

    `label` says that it only numbers the heading below it.
    """

    page: int
    at: int
    style: Style
    depth: int
    before: int
    label: bool = False


def put_on_one_ladder(pages: Sequence[Sequence[Block]]) -> list[tuple[Block, ...]]:
    pages = _with_titles(pages)
    placed = list(_headings(pages))
    sized = [heading for heading in placed if heading.style.size]
    steps = _levels_of_styles(sized) if sized else {}
    shift = _room_for_title(sized, steps)
    wanted = _of_labels(placed, [_wanted(heading, steps, shift) for heading in placed])
    if placed and _is_title_of_all(placed):
        wanted[0] = 1
    levels = without_jumps(wanted)
    found = {(heading.page, heading.at): level for heading, level in zip(placed, levels, strict=True)}
    return [
        tuple(_on_level(block, found.get((page, at), 0)) for at, block in enumerate(blocks))
        for page, blocks in enumerate(pages)
    ]


def _wanted(heading: PlacedHeading, steps: dict[Style, int], shift: int) -> int:
    if not heading.style.size:
        return heading.before
    return heading.depth + shift if heading.depth else steps[heading.style]


def _of_labels(headings: Sequence[PlacedHeading], levels: Sequence[int]) -> list[int]:
    """`Chapter 1` stands as high as the name of the chapter below it; so does any line over a larger one."""
    raised = list(levels)
    for place, (heading, below) in enumerate(pairwise(headings)):
        larger = below.style.size > heading.style.size and levels[place + 1] < levels[place]
        if _is_below(below, heading) and (heading.label or larger):
            raised[place] = levels[place + 1]
    return raised


def _is_below(heading: PlacedHeading, other: PlacedHeading) -> bool:
    return (heading.page, heading.at) == (other.page, other.at + 1)


def _is_title_of_all(headings: Sequence[PlacedHeading]) -> bool:
    front = [heading.style.size for heading in headings if heading.page < FRONT]
    return bool(front) and headings[0].style.size == max(front) > 0


def _headings(pages: Sequence[Sequence[Block]]) -> Iterator[PlacedHeading]:
    blocks = [(page, at, block) for page, inside in enumerate(pages) for at, block in enumerate(inside)]
    headings = [(page, at, block) for page, at, block in blocks if block.kind in HEADINGS]
    texts = [words_alone(block.markdown) for _, _, block in headings]
    numbers = [number_depth(text) for text in texts]
    counted = sum(map(bool, numbers)) >= FEWEST_NUMBERED and len({*numbers} - {0}) > 1
    styles = styles_of(
        [
            (block.size, block.bold, is_in_capitals(text))
            for (_, _, block), text in zip(headings, texts, strict=True)
        ]
    )
    styles = _of_one_depth(styles, numbers)
    for (page, at, block), style, number, text in zip(headings, styles, numbers, texts, strict=True):
        before = len(block.markdown) - len(block.markdown.lstrip("#"))
        yield PlacedHeading(
            page, at, style, block.depth or (number if counted else 0), before, is_label(text)
        )


def _of_one_depth(styles: Sequence[Style], numbers: Sequence[int]) -> list[Style]:
    """Headings with numbers of one depth are set alike: what sizes measured in a scan differ by is chance."""
    shared = list(styles)
    for depth in {*numbers} - {0}:
        places = [place for place, number in enumerate(numbers) if number == depth]
        usual = Counter(styles[place] for place in places).most_common(1)[0][0]
        for place in places:
            if usual.size * (1 - CHANCE) < styles[place].size < usual.size * (1 + CHANCE):
                shared[place] = usual
    return shared


def _levels_of_styles(headings: Sequence[PlacedHeading]) -> dict[Style, int]:
    """From the largest down: what outline and numbers say of a style, else a step below the last one."""
    levels: dict[Style, int] = {}
    last: Style | None = None
    for style in sorted({heading.style for heading in headings}, reverse=True):
        inside = [heading for heading in headings if heading.style == style]
        depths = Counter(heading.depth for heading in inside if heading.depth)
        if 2 * depths.total() > len(inside):
            level = depths.most_common(1)[0][0]
        elif last is None:
            level = min(Counter(heading.before for heading in inside).most_common(1)[0][0], 2)
        else:
            level = levels[last] + 1
        levels[style] = min(max(level, 1), DEEPEST)
        last = style
    return levels


def _room_for_title(headings: Sequence[PlacedHeading], levels: dict[Style, int]) -> int:
    """1 where a title stands over all that outline and numbers tell; their levels are one deeper then."""
    deep = [heading for heading in headings if heading.depth]
    if not deep:
        return 0
    largest = max(heading.style for heading in deep if heading.depth == min(other.depth for other in deep))
    titles = [heading for heading in headings if not heading.depth and heading.style > largest]
    if not titles or min(heading.page for heading in titles) >= FRONT:
        return 0
    for style in levels:
        levels[style] = 1 if style > largest else min(levels[style] + 1, DEEPEST)
    return 1


def _with_titles(pages: Sequence[Sequence[Block]]) -> list[tuple[Block, ...]]:
    """Titles that stand on pages of their own, beside which nothing was small."""
    texts = [block for blocks in pages for block in blocks if block.kind is BlockKind.TEXT and block.size]
    usual = weigh_median((block.size, len(block.markdown)) for block in texts)
    largest = max((block.size for blocks in pages[:FRONT] for block in blocks), default=0.0)
    least = max(TITLE * usual, largest * (1 - APART))
    return [
        tuple(_as_title(block) if page < FRONT and _is_title(block, least) else block for block in blocks)
        for page, blocks in enumerate(pages)
    ]


def _is_title(block: Block, least: float) -> bool:
    one_line = block.kind is BlockKind.TEXT and "\n" not in block.markdown and len(block.markdown) < SHORT
    return one_line and block.size >= least > 0 and may_be_heading(words_alone(block.markdown))


def _as_title(block: Block) -> Block:
    return replace(block, kind=BlockKind.TITLE, markdown=f"# {block.markdown.lstrip(chr(92))}")


def _on_level(block: Block, level: int) -> Block:
    if not level or block.kind in MARGINS:
        return block
    kind = BlockKind.TITLE if level == 1 else BlockKind.HEADING
    return replace(block, kind=kind, markdown=f"{'#' * level} {block.markdown.lstrip('#').lstrip()}")
