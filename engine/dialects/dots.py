"""dots.ocr's layout: a JSON list of `{bbox, category, text}` in reading order.

Boxes are in pixels of the resized picture that the model saw. Raises `NotLayout` when the answer holds no
layout, so that the reader can ask for plain text instead.
"""

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import parse_box
from papertray.engine.dialects.compose import compose_blocks
from papertray.engine.dialects.formulas import restore_backslashes
from papertray.engine.dialects.repair import LayoutItem, parse_items
from papertray.engine.pages import BlockKind, PageImage

CATEGORIES = (
    "['Caption', 'Footnote', 'Formula', 'List-item', 'Page-footer', 'Page-header', 'Picture', "
    "'Section-header', 'Table', 'Text', 'Title']"
)
LAYOUT_PROMPT = (
    "Please output the layout information from the PDF image, including each layout element's bbox, its "
    "category, and the corresponding text content within the bbox.\n"
    "\n"
    "1. Bbox format: [x1, y1, x2, y2]\n"
    "\n"
    f"2. Layout Categories: The possible categories are {CATEGORIES}.\n"
    "\n"
    "3. Text Extraction & Formatting Rules:\n"
    "    - Picture: For the 'Picture' category, the text field should be omitted.\n"
    "    - Formula: Format its text as LaTeX.\n"
    "    - Table: Format its text as HTML.\n"
    "    - All Others (Text, Title, etc.): Format their text as Markdown.\n"
    "\n"
    "4. Constraints:\n"
    "    - The output text must be the original text from the image, with no translation.\n"
    "    - All layout elements must be sorted according to human reading order.\n"
    "\n"
    "5. Final Output: The entire output must be a single JSON object.\n"
)
"""In the words that the model was trained on."""

_KINDS = {
    "caption": BlockKind.CAPTION,
    "footnote": BlockKind.FOOTNOTE,
    "formula": BlockKind.FORMULA,
    "list-item": BlockKind.LIST,
    "page-footer": BlockKind.FOOTER,
    "page-header": BlockKind.HEADER,
    "picture": BlockKind.FIGURE,
    "section-header": BlockKind.HEADING,
    "table": BlockKind.TABLE,
    "text": BlockKind.TEXT,
    "title": BlockKind.TITLE,
}


class NotLayout(Exception):
    """The answer is no layout and cannot be repaired into one."""


def parse_dots(raw: str, page: PageImage, seen: tuple[int, int]) -> Conversion:
    """The page as blocks. `seen` is the width and height of the picture that the boxes refer to."""
    items = parse_items(raw)
    if items is None:
        raise NotLayout
    return compose_blocks([_piece(item, seen) for item in items], page)


def _piece(item: LayoutItem, seen: tuple[int, int]) -> Piece:
    kind = _KINDS.get(item.category.strip().lower(), BlockKind.TEXT)
    box = parse_box(item.box, *seen)
    text = restore_backslashes(item.text, whole=kind is BlockKind.FORMULA)
    return Piece(kind, text, (box,) if box else ())
