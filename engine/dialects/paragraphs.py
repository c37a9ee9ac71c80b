"""Cut Markdown that a model wrote into blocks: paragraphs, headings, lists, tables, formulas."""

import re
from dataclasses import replace

from papertray.engine.dialects.formulas import with_dollars
from papertray.engine.dialects.markup import plain_markup
from papertray.engine.dialects.prose import tidy_prose
from papertray.engine.dialects.tables import convert_table
from papertray.engine.dialects.tokens import strip_tokens
from papertray.engine.dialects.verses import keep_lines
from papertray.engine.pages import Block, BlockKind, Box

_STANDS_ALONE = re.compile(
    r"(^```.*?(?:^```[ \t]*$|\Z)|<table\b.*?(?:</table\s*>|\Z)|^\$\$[^$]+\$\$[ \t]*$)",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_LIST_LINE = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s|\s{2,}\S")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S.*")


def markdown_paragraphs(text: str, box: Box | None = None, kind: BlockKind = BlockKind.TEXT) -> list[Block]:
    """One block for each of them, all at `box`; `kind` is for those that are plain text."""
    parts = enumerate(_STANDS_ALONE.split(with_dollars(plain_markup(strip_tokens(text)))))
    pieces = [piece for odd, part in parts for piece in ([part] if odd % 2 else _BLANK_LINES.split(part))]
    blocks = [_block(piece.strip("\n"), box) for piece in pieces]
    return [replace(b, kind=kind) if b.kind is BlockKind.TEXT else b for b in blocks if b.markdown]


def _block(piece: str, box: Box | None) -> Block:
    if piece[:6].lower() == "<table":
        return Block(BlockKind.TABLE, convert_table(piece), box)
    markdown = tidy_prose(piece)
    if markdown.startswith("```") and (markdown.count("```") == 1 or not markdown.endswith("```")):
        markdown += "\n```"  # a fence left open would swallow the rest of the note
    kind = _kind(markdown)
    return Block(kind, keep_lines(markdown) if kind is BlockKind.TEXT else markdown, box)


def _kind(markdown: str) -> BlockKind:
    heading = _HEADING.fullmatch(markdown)
    lines = markdown.splitlines()
    if heading:
        return BlockKind.TITLE if len(heading[1]) == 1 else BlockKind.HEADING
    if markdown.startswith("$$") and markdown.endswith("$$"):
        return BlockKind.FORMULA
    if len(lines) > 1 and all(line.lstrip().startswith("|") for line in lines):
        return BlockKind.TABLE
    if lines and all(_LIST_LINE.match(line) for line in lines):
        return BlockKind.LIST
    return BlockKind.TEXT
