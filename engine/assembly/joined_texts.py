"""A paragraph or a list that goes on over the end of a page, as one."""

from __future__ import annotations

import re
from dataclasses import replace

from papertray.engine.layout.captions import is_caption
from papertray.engine.layout.joining import join_lines
from papertray.engine.layout.lists import begins_item
from papertray.engine.layout.paragraphs import SENTENCE_ENDS
from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import Block, BlockKind

RESIZED = 0.12
"""The two parts are set in letters that differ by no more than this part."""

LONG, RUNNING = 100, 40
"""So many letters without an end are a paragraph, and so many are text, whatever the next one begins with."""

SAME_LEFT, DEEPER = 0.015, 0.12
"""How far the left edges of one list differ, and how much farther right a deeper one begins, in widths."""

CLOSING = frozenset('"”’»)')

_BROKEN = re.compile(r"[^\W\d_][-‐\u00ad¬]$")
_ITEM = re.compile(r"(?P<indent> *)(?P<mark>-|\d+\.) ")
_NUMBER = re.compile(r"(\d+)\. ")


def join_texts(
    above: Block, below: Block, mark: str, known: frozenset[str], *, certain: bool
) -> Block | None:
    """None where they are two. `certain` asks for a word cut in two, or a small letter, to go on with."""
    if above.kind not in (BlockKind.TEXT, BlockKind.LIST) or below.kind is not BlockKind.TEXT:
        return None
    if _is_set_otherwise(above) or _is_set_otherwise(below) or not _are_alike(above, below):
        return None
    upper, lower = words_alone(above.markdown.split("\n")[-1]), words_alone(below.markdown)
    if not upper or not lower or begins_item(lower) or is_caption(lower):
        return None
    if not _goes_on(upper, lower, certain=certain or above.kind is BlockKind.LIST):
        return None
    first, _, rest = below.markdown.partition(" ")
    if not _BROKEN.search(above.markdown):
        joined = join_lines([above.markdown, mark, below.markdown])
    else:
        joined = " ".join(part for part in (join_lines([above.markdown, first], known), mark, rest) if part)
    return replace(above, markdown=joined)


def join_lists(above: Block, below: Block, mark: str) -> Block | None:
    """None where they are two. Items that stand farther right are deeper."""
    if above.kind is not BlockKind.LIST or below.kind is not BlockKind.LIST or not _are_alike(above, below):
        return None
    if above.box is None or below.box is None:
        return None
    right = below.box.left - above.box.left
    items = [item for line in above.markdown.split("\n") if (item := _ITEM.match(line))]
    if not items or not -SAME_LEFT < right < DEEPER or _begins_anew(above, below):
        return None
    indent = ""
    if right > SAME_LEFT:
        indent = " " * (len(items[-1]["indent"]) or len(items[-1][0]))
    lines = [f"{indent}{line}" for line in below.markdown.split("\n")]
    return replace(above, markdown="\n".join([f"{above.markdown} {mark}", *lines]))


def _begins_anew(above: Block, below: Block) -> bool:
    """A list that counts from 1 again is another one."""
    numbers = [re.match(r"(\d+)\. ", block.markdown) for block in (above, below)]
    if not all(numbers):
        return any(numbers)
    return below.markdown.startswith("1. ")


def _is_set_otherwise(block: Block) -> bool:
    """A listing, a quotation, lines that end where they end on purpose."""
    return block.markdown.startswith(("```", "~~~", "> ", "|", "$$")) or (
        block.kind is BlockKind.TEXT and "\n" in block.markdown
    )


def _are_alike(above: Block, below: Block) -> bool:
    return abs(above.size - below.size) <= RESIZED * max(above.size, below.size) and above.bold == below.bold


def _goes_on(upper: str, lower: str, *, certain: bool) -> bool:
    if _BROKEN.search(upper):
        return lower[0].islower() or not certain
    ended = upper.endswith(SENTENCE_ENDS)
    if lower[0].islower():
        return len(upper) > RUNNING and (not ended or upper[-1] in CLOSING)
    if certain or ended:
        return False
    return len(upper) > LONG and len(lower) > RUNNING and (upper[-1].isalpha() or upper[-1] == ",")
