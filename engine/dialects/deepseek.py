"""DeepSeek's grounding marks: `<|ref|>label<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>` before each block.

Unlimited-OCR writes `<|det|>label [x1, y1, x2, y2]<|/det|>`, and calls every heading a title. Coordinates run
from 0 to 999 and are read as numbers, whatever else stands between the marks. An answer without marks (the
model was not asked for places) is plain Markdown.
"""

import re

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import parse_box
from papertray.engine.dialects.compose import compose_blocks
from papertray.engine.dialects.tokens import strip_tokens
from papertray.engine.dialects.unwrap import unwrap_answer
from papertray.engine.pages import BlockKind, Box, PageImage

_SCALE = 999
_LABELS = {
    "title": BlockKind.TITLE,
    "sub_title": BlockKind.HEADING,
    "subtitle": BlockKind.HEADING,
    "text": BlockKind.TEXT,
    "table": BlockKind.TABLE,
    "table_caption": BlockKind.CAPTION,
    "figure": BlockKind.FIGURE,
    "figure_caption": BlockKind.CAPTION,
    "image": BlockKind.FIGURE,
    "image_caption": BlockKind.CAPTION,
    "chart": BlockKind.FIGURE,
    "chart_caption": BlockKind.CAPTION,
    "equation": BlockKind.FORMULA,
    "formula": BlockKind.FORMULA,
    "list": BlockKind.LIST,
    "footnote": BlockKind.FOOTNOTE,
    "page_footnote": BlockKind.FOOTNOTE,
    "table_footnote": BlockKind.FOOTNOTE,
    "header": BlockKind.HEADER,
    "page_number": BlockKind.FOOTER,
    "footer": BlockKind.FOOTER,
}
_MARK = re.compile(
    r"<[|｜]ref[|｜]>(?P<label>[^<\n]*)(?:<[|｜]/ref[|｜]>)?\s*"
    r"(?:<[|｜]det[|｜]>\s*(?P<boxes>\[(?:\s*\[[^\[\]<>\n]*\]?\s*,?)*\]?)?"
    r"|(?P<bare>\[(?:\s*\[[\d\s,.]*\]\s*,?)+\]))?"  # its own mark got lost
    r"(?:\s*<[|｜]/det[|｜]>)?"
    r"|<[|｜]det[|｜]>\s*(?P<named>[A-Za-z][\w-]{0,30})\s*"
    r"(?:(?P<place>\[+[\d\s,.]*\]*)(?:\s*<[|｜]/det[|｜]>)?|<[|｜]/det[|｜]>)"
)
_ONE_BOX = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")
_NAME = re.compile(r"[a-z][a-z_]*")


def parse_deepseek(raw: str, page: PageImage) -> Conversion:
    return compose_blocks(_pieces(raw), page)


def _pieces(raw: str) -> list[Piece]:
    marks = list(_MARK.finditer(raw))
    raw = raw if marks else unwrap_answer(raw)
    starts = [mark.start() for mark in marks] + [len(raw)]
    bodies = [raw[mark.end() : end] for mark, end in zip(marks, starts[1:], strict=True)]
    listed = _is_list_of_words(marks, bodies)
    pieces = [Piece(BlockKind.TEXT, raw[: starts[0]])]
    for mark, body in zip(marks, bodies, strict=True):
        if mark["named"]:
            titled = any(piece.kind is BlockKind.TITLE for piece in pieces)
            pieces.append(_named_piece(mark, body, titled))
        else:
            pieces.append(_piece(mark, body, listed))
    return pieces


def _is_list_of_words(marks: list[re.Match[str]], bodies: list[str]) -> bool:
    """Asked where words stand, the model puts the words themselves in the place of the labels."""
    labels = [mark["label"] for mark in marks]
    unknown = any(label is not None and label.strip().lower() not in _LABELS for label in labels)
    return unknown and not any(strip_tokens(body).strip() for body in bodies)


def _piece(mark: re.Match[str], body: str, listed: bool) -> Piece:
    """A label that names no kind is text; if it is no name at all, it is itself what stands on the page."""
    label = mark["label"].strip()
    kind = None if listed else _LABELS.get(label.lower())
    words = "" if kind or (_NAME.fullmatch(label) and not listed) else f"{label}\n"
    return Piece(kind or BlockKind.TEXT, words + body, _boxes(mark["boxes"] or mark["bare"] or ""))


def _named_piece(mark: re.Match[str], body: str, titled: bool) -> Piece:
    """The first heading of a page is its title; a label that names no kind is text.

    Where it has no place either, it may be a word that stands on the page.
    """
    kind = _LABELS.get(mark["named"].lower())
    if titled and kind is BlockKind.TITLE:
        kind = BlockKind.HEADING
    words = "" if kind or mark["place"] else f"{mark['named']}\n"
    return Piece(kind or BlockKind.TEXT, words + body, _boxes(mark["place"] or ""))


def _boxes(text: str) -> tuple[Box, ...]:
    rows = ([float(number) for number in _NUMBER.findall(row)] for row in _ONE_BOX.findall(text))
    return tuple(box for row in rows if (box := parse_box(row, _SCALE, _SCALE)))
