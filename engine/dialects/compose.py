"""Pieces that a model named on a page, as Markdown blocks and figures in reading order.

Running heads and page numbers are left out, unless the page has nothing else. A caption that a model names
before its figure goes under it. A text with several boxes is one block at their union, for nobody can say
which words stand where; a picture with several boxes is several pictures.
"""

import re
from collections.abc import Sequence

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import union
from papertray.engine.dialects.figures import cut, link
from papertray.engine.dialects.formulas import display
from papertray.engine.dialects.paragraphs import paragraphs
from papertray.engine.dialects.prose import tidy
from papertray.engine.dialects.tables import table
from papertray.engine.pages import Block, Box, Figure, Kind, PageImage

_MARGINS = (Kind.HEADER, Kind.FOOTER)
_LEVELS = {Kind.TITLE: "#", Kind.HEADING: "##"}
_MARKED = re.compile(r"\s*(?P<level>#{1,6})\s+")
_LISTED = re.compile(r"\s*(?:[-*+•▪◦‣●]|\d{1,9}[.)])\s")
NO_PLACE = "The reader saw a figure on this page, but not where it is, so it is missing here."


def compose(pieces: Sequence[Piece], page: PageImage) -> Conversion:
    filled = [piece for piece in pieces if piece.kind is Kind.FIGURE or piece.text.strip()]
    kept = [piece for piece in filled if piece.kind not in _MARGINS] or filled
    blocks: list[Block] = []
    figures: list[Figure] = []
    warnings: list[str] = []
    for piece in _captions_under_figures(kept):
        if piece.kind is Kind.FIGURE:
            pictures = _pictures(piece, page, len(figures))
            blocks += [Block(Kind.FIGURE, link(figure), box) for box, figure in pictures]
            figures += [figure for _box, figure in pictures]
            warnings += [] if pictures else [NO_PLACE]
        blocks += _WRITERS.get(piece.kind, _prose)(piece)
    return Conversion(tuple(blocks), tuple(figures), tuple(dict.fromkeys(warnings)))


def _pictures(piece: Piece, page: PageImage, before: int) -> list[tuple[Box, Figure]]:
    pictures: list[tuple[Box, Figure]] = []
    for box in piece.boxes:
        figure = cut(page, box, before + len(pictures) + 1)
        pictures += [(box, figure)] if figure else []
    return pictures


def _captions_under_figures(pieces: Sequence[Piece]) -> list[Piece]:
    ordered = list(pieces)
    for at in range(len(ordered) - 1):
        before = ordered[at - 1].kind if at else None
        if (ordered[at].kind, ordered[at + 1].kind) == (Kind.CAPTION, Kind.FIGURE) and before not in (
            Kind.FIGURE,
            Kind.TABLE,
        ):
            ordered[at], ordered[at + 1] = ordered[at + 1], ordered[at]
    return ordered


def _heading(piece: Piece) -> list[Block]:
    marked = _MARKED.match(piece.text)
    text = piece.text[marked.end() :] if marked else piece.text
    first, _, rest = text.strip().partition("\n\n")
    title = " ".join(tidy(first).split())
    level = marked["level"] if marked else _LEVELS[piece.kind]
    box = union(piece.boxes)
    return ([Block(piece.kind, f"{level} {title}", box)] if title else []) + paragraphs(rest, box)


def _table(piece: Piece) -> list[Block]:
    if not re.search(r"<t[rdh]\b", piece.text, re.IGNORECASE):
        return _prose(piece)
    markdown = table(piece.text)
    return [Block(Kind.TABLE, markdown, union(piece.boxes))] if markdown else []


def _formula(piece: Piece) -> list[Block]:
    latex = display(piece.text)
    return [Block(Kind.FORMULA, latex, union(piece.boxes))] if latex else _prose(piece)


def _list(piece: Piece) -> list[Block]:
    text = piece.text if _LISTED.match(piece.text) else f"- {piece.text.strip()}"
    return paragraphs(text, union(piece.boxes), Kind.LIST) if piece.text.strip() else []


def _prose(piece: Piece) -> list[Block]:
    kind = Kind.TEXT if piece.kind in (Kind.FIGURE, Kind.TABLE, Kind.FORMULA) else piece.kind
    return paragraphs(piece.text, union(piece.boxes), kind)


_WRITERS = {
    Kind.TITLE: _heading,
    Kind.HEADING: _heading,
    Kind.TABLE: _table,
    Kind.FORMULA: _formula,
    Kind.LIST: _list,
}
