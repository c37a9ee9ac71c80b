"""A file's own outline and title say which of a page's lines are headings."""

import pytest

from papertray.engine.layout.outline import mark_outline
from papertray.engine.pages import Block, BlockKind

TEXT, HEADING = BlockKind.TEXT, BlockKind.HEADING


@pytest.mark.parametrize(
    ("block", "title", "shown"),
    [
        (Block(TEXT, "1.2 The *Winter* of 1887"), "The Winter of 1887", "### 1.2 The Winter of 1887"),
        (Block(TEXT, "2\\. Ice"), "2 Ice", "### 2. Ice"),
        (Block(HEADING, "# THE WINTER"), "The Winter", "# THE WINTER"),
        (Block(HEADING, "## Chapter 3. Ice"), "Ice", "## Chapter 3. Ice"),
    ],
)
def test_a_title_of_the_outline_is_a_heading(block: Block, title: str, shown: str) -> None:
    (marked,) = mark_outline([block], [(title, 2)])
    assert (marked.kind, marked.markdown, marked.depth) == (HEADING, shown, 2)


def test_what_the_outline_does_not_name_stays() -> None:
    blocks = (Block(TEXT, "Winter came early."), Block(BlockKind.TABLE, "Winter"), Block(TEXT, "Winter\nIce"))
    assert mark_outline(blocks, [("Winter", 1)]) == blocks


def test_of_two_lines_with_one_text_the_heading_is_taken() -> None:
    blocks = mark_outline([Block(TEXT, "Winter"), Block(HEADING, "## Winter")], [("Winter", 1)])
    assert [block.depth for block in blocks] == [0, 1]


def test_what_the_document_is_called_is_its_title() -> None:
    blocks = (Block(HEADING, "## About Ice"), Block(TEXT, "It is cold."), Block(TEXT, "*About* Ice"))
    assert mark_outline(blocks, [("about ice", 0)]) == (Block(BlockKind.TITLE, "# About Ice"), *blocks[1:])
    assert mark_outline(blocks[1:], [("About Ice", 0)])[1] == Block(BlockKind.TITLE, "# About Ice")
    assert mark_outline(blocks, [("Microsoft Word - ice.doc", 0)]) == blocks


def test_the_outline_says_more_than_the_documents_title() -> None:
    (block,) = mark_outline([Block(HEADING, "## Ice")], [("Ice", 1), ("Ice", 0)])
    assert (block.kind, block.depth) == (HEADING, 1)
