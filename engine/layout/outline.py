"""Find the headings that the file itself names on a page: its title, and those of its outline.

Takes a page's blocks and the titles with their depths; gives the blocks, with those that are such a title
called headings and given their depth. The depth 0 is the document's own title. A title that no block shows,
as of a file that is called "Microsoft Word - draft.doc", is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from papertray.engine.escape import escape_heading
from papertray.engine.layout.words_alone import words_alone
from papertray.engine.pages import Block, BlockKind

DEEPEST = 4
"""The level of the deepest, where nothing but the outline tells it."""

_NUMBER = re.compile(
    r"^(?:(?:chapter|section|part|appendix|annex|kapitel|abschnitt|anhang|teil|chapitre|capítulo|capitolo|глава)\s+)?"
    r"(?:[A-Z]?\d+(?:\.\d+)*|[A-Z](?=[.:\s])|[IVX]+(?=[.:\s]))[.:)]?\s*",
    re.IGNORECASE,
)
_HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)


def mark_outline(blocks: Sequence[Block], titles: Sequence[tuple[str, int]]) -> tuple[Block, ...]:
    found = list(blocks)
    for title, depth in titles:
        places = [at for at, block in enumerate(found) if not block.depth and _is_title(block, title)]
        if places:
            at = max(places, key=lambda at: (found[at].kind in _HEADINGS, found[at].size))
            found[at] = _as_heading(found[at], depth) if depth else _as_document_title(found[at])
    return tuple(found)


def _is_title(block: Block, title: str) -> bool:
    if block.kind not in (*_HEADINGS, BlockKind.TEXT) or "\n" in block.markdown:
        return False
    if len(block.markdown) > 2 * len(title) + 40:
        return False
    return bool({_letters(title), _letters(title, numbered=False)} & _names(words_alone(block.markdown)))


def _names(text: str) -> set[str]:
    return {_letters(text), _letters(text, numbered=False)} - {""}


def _letters(text: str, *, numbered: bool = True) -> str:
    """What two spellings of one title share."""
    text = " ".join(text.split())
    kept = text if numbered else _NUMBER.sub("", text)
    return "".join(letter for letter in kept.casefold() if letter.isalnum())


def _as_document_title(block: Block) -> Block:
    is_heading = block.kind in _HEADINGS
    shown = block.markdown.lstrip("# ") if is_heading else escape_heading(words_alone(block.markdown))
    return replace(block, kind=BlockKind.TITLE, markdown=f"# {shown}")


def _as_heading(block: Block, depth: int) -> Block:
    if block.kind in _HEADINGS:
        return replace(block, depth=depth)
    level = min(depth + 1, DEEPEST)
    shown = f"{'#' * level} {escape_heading(words_alone(block.markdown))}"
    return replace(block, kind=BlockKind.HEADING, markdown=shown, depth=depth)
