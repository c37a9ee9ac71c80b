"""What one reader has seen, as another is likely to write it: words as they are, tables with tags.

It is only a draft: where a model writes it otherwise, its word stands.
"""

import re
from collections.abc import Iterable

from papertray.engine.pages import Block, BlockKind

_ESCAPES = re.compile(r"\\(?=[^\w\s])")
_CELLS = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|[-:| ]+\|")


def draft_of(blocks: Iterable[Block]) -> str:
    return "\n\n".join(
        _as_tags(block.markdown) if block.kind is BlockKind.TABLE else _plain(block.markdown)
        for block in blocks
    )


def _as_tags(table: str) -> str:
    """As large models write them."""
    rows = [line.strip() for line in table.splitlines() if line.startswith("|")]
    if not rows:
        return _plain(table)
    return f"<table>{''.join(map(_row, (row for row in rows if not _RULE.fullmatch(row))))}</table>"


def _row(line: str) -> str:
    cells = _CELLS.split(line)[1:-1]
    return f"<tr>{''.join(f'<td>{_plain(cell.strip())}</td>' for cell in cells)}</tr>"


def _plain(markdown: str) -> str:
    return _ESCAPES.sub("", markdown)
