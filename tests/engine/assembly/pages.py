"""Pages as a reader gives them: a head, text, a foot, each in its place."""

from dataclasses import replace

from papertray.engine.assembly.document import LoosePage, assemble_pages
from papertray.engine.pages import Block, BlockKind, Box

TEN, LEFT, RIGHT = 10.0, 0.1, 0.9


def block(markdown: str, top: float, bottom: float | None = None, **more: object) -> Block:
    box = Box(LEFT, top, RIGHT, bottom or top + 0.02)
    return replace(Block(BlockKind.TEXT, markdown, box, TEN), **more)


def heading(text: str, top: float, size: float, level: int = 2, **more: object) -> Block:
    return block(f"{'#' * level} {text}", top, kind=BlockKind.HEADING, size=size, **more)


def listing(items: str, top: float, bottom: float, left: float = LEFT) -> Block:
    return block(items, top, kind=BlockKind.LIST, box=Box(left, top, RIGHT, bottom))


def table(rows: list[list[str]], top: float, bottom: float) -> Block:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    shown = "\n".join([head, "|" + " --- |" * len(rows[0]), *body])
    return block(shown, top, bottom, kind=BlockKind.TABLE)


def assembled(*pages: list[Block], keep: bool = False) -> list[str]:
    """The Markdown of each page; its mark stands before it unless it stands in an earlier block."""
    bound = assemble_pages([LoosePage(tuple(page)) for page in pages], mark, keep_running_heads=keep)
    shown = []
    for number, page in enumerate(bound, start=1):
        begin = [mark(number)] if number > 1 and not page.marked else []
        shown.append("\n\n".join([*begin, *(block.markdown for block in page.blocks)]))
    return shown


def mark(number: int) -> str:
    return f"<!-- {number} -->"
