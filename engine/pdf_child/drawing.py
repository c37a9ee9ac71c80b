"""Whether all that draws in a PDF, page or form or pattern, draws as PDF/A-2b has it.

Looks at each instruction; draws nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from papertray.engine.pdf_child.clauses import DRAWING, LIMITS, PRESS
from papertray.engine.pdf_child.mending import INTENTS
from papertray.engine.pdf_child.things import list_drawings

_OPERATORS = """
    b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n
    q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "
"""
_KNOWN = frozenset(_OPERATORS.split())
_NAMING = {
    "Tf": "/Font",
    "Do": "/XObject",
    "gs": "/ExtGState",
    "sh": "/Shading",
    "cs": "/ColorSpace",
    "CS": "/ColorSpace",
}
_OWN_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"})
_DEEPEST = 28
_SUSPICIOUS = re.compile(rb"\d{10}|\((?:[^()\\]|\\.){32768}|<[^<>]{65536}|/[^\s()<>\[\]{}/%]{128}", re.DOTALL)
_LARGEST_NUMBER, _LONGEST_TEXT, _LONGEST_NAME = 2**31 - 1, 32767, 128


def find_drawing_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for drawing, resources in list_drawings(pdf):
        try:
            instructions = pikepdf.parse_content_stream(drawing)
            yield from _look_at(instructions, resources)
            if _is_suspicious(drawing) and any(map(_is_beyond_limits, _operands(instructions))):
                yield LIMITS
        except (pikepdf.PdfError, ValueError, TypeError):
            yield DRAWING


def _look_at(instructions: Any, resources: pikepdf.Object) -> Iterator[str]:
    depth = 0
    for instruction in instructions:
        name = str(instruction.operator)
        if name not in _KNOWN:
            if name != "INLINE IMAGE":
                yield DRAWING
                return
            yield from _look_at_inline(instruction.iimage.obj)
        elif name in ("k", "K"):
            yield PRESS
        elif name == "q":
            depth += 1
            if depth > _DEEPEST:
                yield DRAWING
        elif name == "Q":
            depth -= 1
        elif name == "ri" and str(instruction.operands[0]) not in INTENTS:
            yield DRAWING
        elif name in _NAMING:
            yield from _look_at_name(_NAMING[name], str(instruction.operands[0]), resources)


def _look_at_name(table: str, name: str, resources: pikepdf.Object) -> Iterator[str]:
    if table == "/ColorSpace" and name in _OWN_SPACES:
        if name == "/DeviceCMYK":
            yield PRESS
        return
    meant = resources.get(table)
    if not isinstance(meant, pikepdf.Dictionary) or name not in meant:
        yield DRAWING


def _look_at_inline(image: pikepdf.Object) -> Iterator[str]:
    filters = str(image.get("/Filter", image.get("/F", "")))
    meant = str(image.get("/Intent", "/Perceptual"))
    smooth = image.get("/Interpolate", image.get("/I", False))
    if "/LZW" in filters or "/Crypt" in filters or smooth or meant not in INTENTS:
        yield DRAWING
    if str(image.get("/ColorSpace", image.get("/CS", ""))) in ("/DeviceCMYK", "/CMYK"):
        yield PRESS


def _is_suspicious(drawing: pikepdf.Page | pikepdf.Object) -> bool:
    """Cheaper than to look at each number of a map."""
    contents = drawing.obj.get("/Contents") if isinstance(drawing, pikepdf.Page) else drawing
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return any(
        _SUSPICIOUS.search(stream.read_bytes()) for stream in streams if isinstance(stream, pikepdf.Stream)
    )


def _operands(instructions: Any) -> Iterator[object]:
    for instruction in instructions:
        for operand in instruction.operands:
            yield from operand if isinstance(operand, pikepdf.Array) else (operand,)


def _is_beyond_limits(operand: object) -> bool:
    if isinstance(operand, int):
        return abs(operand) > _LARGEST_NUMBER
    if isinstance(operand, pikepdf.String):
        return len(bytes(operand)) > _LONGEST_TEXT
    return isinstance(operand, pikepdf.Name) and len(str(operand).encode()) > _LONGEST_NAME
