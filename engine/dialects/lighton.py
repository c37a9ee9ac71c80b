"""LightOnOCR's grounding marks: `![label](x1,y1,x2,y2)` before each block, on a scale from 0 to 1000.

An answer without marks (the model was not asked for places) is plain Markdown. A picture is cut out of the
page; what the model says of it stands nowhere on the page and is left out.
"""

import re

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import parse_box
from papertray.engine.dialects.compose import compose_blocks
from papertray.engine.dialects.plain import parse_plain
from papertray.engine.dialects.tokens import strip_tokens
from papertray.engine.dialects.unwrap import unwrap_answer
from papertray.engine.pages import BlockKind, PageImage

_SCALE = 1000
_LABELS = {
    "title": BlockKind.TITLE,
    "section": BlockKind.HEADING,
    "text": BlockKind.TEXT,
    "list": BlockKind.LIST,
    "caption": BlockKind.CAPTION,
    "footnote": BlockKind.FOOTNOTE,
    "aside_text": BlockKind.TEXT,
    "header": BlockKind.HEADER,
    "footer": BlockKind.FOOTER,
    "page_number": BlockKind.FOOTER,
    "table": BlockKind.TABLE,
    "chart": BlockKind.FIGURE,
    "formula": BlockKind.FORMULA,
    "code": BlockKind.TEXT,
    "image": BlockKind.FIGURE,
}
_DESCRIBED = "image"
_MARK = re.compile(
    r"^[ \t]*!\[(?P<label>[a-z_]{1,20})(?P<goes_on>\+?)\]\((?P<numbers>[\d .,+-]{0,80})\)", re.MULTILINE
)
_NAMED = re.compile(r"!\[image\]\(image_\d{1,4}\.png\)[ \t]*([\d, ]*)")
"""As its second version has it, which names no place but those of pictures."""
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")


def parse_lighton(raw: str, page: PageImage) -> Conversion:
    text = _NAMED.sub(r"![image](\1)\n![text]()\n", strip_tokens(raw))
    marks = list(_MARK.finditer(text))
    if not marks:
        return parse_plain(raw)
    pieces = [Piece(BlockKind.TEXT, unwrap_answer(text[: marks[0].start()]))]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        piece = _piece(mark, text[mark.end() : end])
        if mark["goes_on"] and piece.kind is pieces[-1].kind:
            before = pieces.pop()
            piece = Piece(piece.kind, f"{before.text} {piece.text}", before.boxes + piece.boxes)
        pieces.append(piece)
    return compose_blocks(pieces, page)


def _piece(mark: re.Match[str], body: str) -> Piece:
    """A label that is none of those known is text. Of a chart its numbers follow, of a picture nothing."""
    box = parse_box([float(number) for number in _NUMBER.findall(mark["numbers"])], _SCALE, _SCALE)
    kind = _LABELS.get(mark["label"], BlockKind.TEXT)
    words = "" if mark["label"] == _DESCRIBED else body.strip()
    return Piece(kind, words, (box,) if box else ())
