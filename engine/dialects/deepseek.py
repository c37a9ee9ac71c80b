"""DeepSeek's grounding marks: `<|ref|>label<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>` before each block.

Coordinates run from 0 to 999 and are read as numbers, whatever else stands between the marks. An answer
without marks (the model was not asked for places) is plain Markdown.
"""

import re

from papertray.engine.dialects import Conversion, Piece
from papertray.engine.dialects.boxes import box_of
from papertray.engine.dialects.compose import compose
from papertray.engine.dialects.tokens import without_tokens
from papertray.engine.pages import Box, Kind, PageImage

_SCALE = 999
_LABELS = {
    "title": Kind.TITLE,
    "sub_title": Kind.HEADING,
    "text": Kind.TEXT,
    "table": Kind.TABLE,
    "table_caption": Kind.CAPTION,
    "figure": Kind.FIGURE,
    "figure_caption": Kind.CAPTION,
    "image": Kind.FIGURE,
    "image_caption": Kind.CAPTION,
    "equation": Kind.FORMULA,
    "header": Kind.HEADER,
    "footer": Kind.FOOTER,
}
_MARK = re.compile(
    r"<[|｜]ref[|｜]>(?P<label>[^<\n]*)(?:<[|｜]/ref[|｜]>)?\s*"
    r"(?:<[|｜]det[|｜]>\s*(?P<boxes>\[(?:\s*\[[^\[\]<>\n]*\]?\s*,?)*\]?)?"
    r"|(?P<bare>\[(?:\s*\[[\d\s,.]*\]\s*,?)+\]))?"  # its own mark got lost
    r"(?:\s*<[|｜]/det[|｜]>)?"
)
_ONE_BOX = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")
_NAME = re.compile(r"[a-z][a-z_]*")


def blocks_of(raw: str, page: PageImage) -> Conversion:
    return compose(_pieces(raw), page)


def _pieces(raw: str) -> list[Piece]:
    marks = list(_MARK.finditer(raw))
    starts = [mark.start() for mark in marks] + [len(raw)]
    bodies = [raw[mark.end() : end] for mark, end in zip(marks, starts[1:], strict=True)]
    listed = _is_list_of_words(marks, bodies)
    labelled = [_piece(mark, body, listed) for mark, body in zip(marks, bodies, strict=True)]
    return [Piece(Kind.TEXT, raw[: starts[0]]), *labelled]


def _is_list_of_words(marks: list[re.Match[str]], bodies: list[str]) -> bool:
    """Asked where words stand, the model puts the words themselves in the place of the labels."""
    unknown = any(mark["label"].strip().lower() not in _LABELS for mark in marks)
    return unknown and not any(without_tokens(body).strip() for body in bodies)


def _piece(mark: re.Match[str], body: str, listed: bool) -> Piece:
    """A label that names no kind is text; if it is no name at all, it is itself what stands on the page."""
    label = mark["label"].strip()
    kind = None if listed else _LABELS.get(label.lower())
    words = "" if kind or (_NAME.fullmatch(label) and not listed) else f"{label}\n"
    return Piece(kind or Kind.TEXT, words + body, _boxes(mark["boxes"] or mark["bare"] or ""))


def _boxes(text: str) -> tuple[Box, ...]:
    rows = ([float(number) for number in _NUMBER.findall(row)] for row in _ONE_BOX.findall(text))
    return tuple(box for row in rows if (box := box_of(row, _SCALE, _SCALE)))
