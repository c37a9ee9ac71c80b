"""Pieces that a model named on a page, as Markdown blocks and figures in reading order.

Running heads and page numbers are left out, unless the page has nothing else. A caption that a model names
before its figure goes under it. A text with several boxes is one block at their union, for nobody can say
which words stand where; a picture with several boxes is several pictures.
"""

import re
from collections.abc import Sequence

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import union_of_boxes
from papertray.engine.dialects.figures import cut_figure, figure_link
from papertray.engine.dialects.formulas import display_formula
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.dialects.prose import tidy_prose
from papertray.engine.dialects.tables import convert_table
from papertray.engine.pages import Block, BlockKind, Box, Figure, PageImage

_MARGINS = (BlockKind.HEADER, BlockKind.FOOTER)
_LEVELS = {BlockKind.TITLE: "#", BlockKind.HEADING: "##"}
_MARKED = re.compile(r"\s*(?P<level>#{1,6})\s+")
_LISTED = re.compile(r"\s*(?:[-*+•▪◦‣●]|\d{1,9}[.)])\s")
NO_PLACE = "The reader saw a figure on this page, but not where it is, so it is missing here."


def compose_blocks(pieces: Sequence[Piece], page: PageImage) -> Conversion:
    filled = [piece for piece in pieces if piece.kind is BlockKind.FIGURE or piece.text.strip()]
    kept = [piece for piece in filled if piece.kind not in _MARGINS] or filled
    blocks: list[Block] = []
    figures: list[Figure] = []
    warnings: list[str] = []
    for piece in _captions_under_figures(kept):
        if piece.kind is BlockKind.FIGURE:
            pictures = _pictures(piece, page, len(figures))
            blocks += [Block(BlockKind.FIGURE, figure_link(figure), box) for box, figure in pictures]
            figures += [figure for _box, figure in pictures]
            warnings += [] if pictures else [NO_PLACE]
        blocks += _WRITERS.get(piece.kind, _prose)(piece)
    return Conversion(tuple(blocks), tuple(figures), tuple(dict.fromkeys(warnings)))


def _pictures(piece: Piece, page: PageImage, before: int) -> list[tuple[Box, Figure]]:
    pictures: list[tuple[Box, Figure]] = []
    for box in piece.boxes:
        figure = cut_figure(page, box, before + len(pictures) + 1)
        pictures += [(box, figure)] if figure else []
    return pictures


def _captions_under_figures(pieces: Sequence[Piece]) -> list[Piece]:
    ordered = list(pieces)
    for at in range(len(ordered) - 1):
        before = ordered[at - 1].kind if at else None
        if (ordered[at].kind, ordered[at + 1].kind) == (
            BlockKind.CAPTION,
            BlockKind.FIGURE,
        ) and before not in (
            BlockKind.FIGURE,
            BlockKind.TABLE,
        ):
            ordered[at], ordered[at + 1] = ordered[at + 1], ordered[at]
    return ordered


def _heading(piece: Piece) -> list[Block]:
    marked = _MARKED.match(piece.text)
    text = piece.text[marked.end() :] if marked else piece.text
    first, _, rest = text.strip().partition("\n\n")
    title = " ".join(tidy_prose(first).split())
    level = marked["level"] if marked else _LEVELS[piece.kind]
    box = union_of_boxes(piece.boxes)
    return ([Block(piece.kind, f"{level} {title}", box)] if title else []) + markdown_paragraphs(rest, box)


def _table(piece: Piece) -> list[Block]:
    if not re.search(r"<t[rdh]\b", piece.text, re.IGNORECASE):
        return _prose(piece)
    markdown = convert_table(piece.text)
    return [Block(BlockKind.TABLE, markdown, union_of_boxes(piece.boxes))] if markdown else []


def _formula(piece: Piece) -> list[Block]:
    latex = display_formula(piece.text)
    return [Block(BlockKind.FORMULA, latex, union_of_boxes(piece.boxes))] if latex else _prose(piece)


def _list(piece: Piece) -> list[Block]:
    text = piece.text if _LISTED.match(piece.text) else f"- {piece.text.strip()}"
    return (
        markdown_paragraphs(text, union_of_boxes(piece.boxes), BlockKind.LIST) if piece.text.strip() else []
    )


def _prose(piece: Piece) -> list[Block]:
    kind = (
        BlockKind.TEXT if piece.kind in (BlockKind.FIGURE, BlockKind.TABLE, BlockKind.FORMULA) else piece.kind
    )
    return markdown_paragraphs(piece.text, union_of_boxes(piece.boxes), kind)


_WRITERS = {
    BlockKind.TITLE: _heading,
    BlockKind.HEADING: _heading,
    BlockKind.TABLE: _table,
    BlockKind.FORMULA: _formula,
    BlockKind.LIST: _list,
}
