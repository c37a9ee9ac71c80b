"""dots.ocr's layout: a JSON list of `{bbox, category, text}` in reading order.

Boxes are in pixels of the resized picture that the model saw. Raises `NotLayout` when the answer holds no
layout, so that the reader can ask for plain text instead.
"""

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import box_of
from papertray.engine.dialects.compose import compose
from papertray.engine.dialects.formulas import restore_backslashes
from papertray.engine.dialects.repair import Item, items_of
from papertray.engine.pages import Kind, PageImage

_CATEGORIES = {
    "caption": Kind.CAPTION,
    "footnote": Kind.FOOTNOTE,
    "formula": Kind.FORMULA,
    "list-item": Kind.LIST,
    "page-footer": Kind.FOOTER,
    "page-header": Kind.HEADER,
    "picture": Kind.FIGURE,
    "section-header": Kind.HEADING,
    "table": Kind.TABLE,
    "text": Kind.TEXT,
    "title": Kind.TITLE,
}


class NotLayout(Exception):
    """The answer is no layout and cannot be repaired into one."""


def blocks_of(raw: str, page: PageImage, seen: tuple[int, int]) -> Conversion:
    """The page as blocks. `seen` is the width and height of the picture that the boxes refer to."""
    items = items_of(raw)
    if items is None:
        raise NotLayout
    return compose([_piece(item, seen) for item in items], page)


def _piece(item: Item, seen: tuple[int, int]) -> Piece:
    kind = _CATEGORIES.get(item.category.strip().lower(), Kind.TEXT)
    box = box_of(item.box, *seen)
    text = restore_backslashes(item.text, whole=kind is Kind.FORMULA)
    return Piece(kind, text, (box,) if box else ())
