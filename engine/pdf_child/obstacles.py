"""What keeps a PDF from being PDF/A-2b and cannot be mended: each is a clause. Changes nothing.

What is inside of a font's program is not looked at.
"""

from collections.abc import Iterator
from typing import Any

import pikepdf

from papertray.engine.pdf_child.clauses import (
    ACTIONS,
    ENCRYPTED,
    FILM,
    FONTS,
    FORM,
    LEANS,
    LIMITS,
    OTHERS,
    POSTSCRIPT,
    PRESS,
    SCRIPT,
    SIGNED,
    SIZE,
)
from papertray.engine.pdf_child.colours import find_colour_faults
from papertray.engine.pdf_child.drawing import find_drawing_faults
from papertray.engine.pdf_child.font_forms import find_font_faults
from papertray.engine.pdf_child.fonts import lacks_fonts
from papertray.engine.pdf_child.remarks import find_remark_faults
from papertray.engine.pdf_child.things import inherited, list_dictionaries

_ALLOWED_ACTIONS = frozenset({"/GoTo", "/GoToR", "/GoToE", "/URI", "/Named", "/SubmitForm", "/Thread"})
_ALLOWED_NAMES = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
_FORBIDDEN_ANNOTATIONS = frozenset({"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment", "/RichMedia"})
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_SMALLEST, _LARGEST = 3, 14400  # units of a side
_LARGEST_NUMBER, _LONGEST_TEXT, _LONGEST_NAME = 2**31 - 1, 32767, 127


def find_obstacles(pdf: pikepdf.Pdf) -> list[str]:
    """Each once."""
    found = [*_in_the_whole(pdf), *(clause for thing in list_dictionaries(pdf) for clause in _within(thing))]
    for look in (find_colour_faults, find_drawing_faults, find_font_faults, find_remark_faults):
        found += look(pdf)
    if lacks_fonts(pdf):
        found.append(FONTS)
    return list(dict.fromkeys(found))


def _in_the_whole(pdf: pikepdf.Pdf) -> Iterator[str]:
    names: Any = pdf.Root.get("/Names", {})
    form: Any = pdf.Root.get("/AcroForm", {})
    if pdf.is_encrypted:
        yield ENCRYPTED
    if "/JavaScript" in names:
        yield SCRIPT
    if "/AA" in pdf.Root:
        yield ACTIONS
    if "/EmbeddedFiles" in names:
        yield OTHERS
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield FORM
    if int(form.get("/SigFlags", 0)) & 1:
        yield SIGNED
    if any(_is_of_no_size(inherited(page.obj, box)) for page in pdf.pages for box in _BOXES):
        yield SIZE


def _is_of_no_size(box: Any) -> bool:
    if box is None:
        return False
    left, bottom, right, top = map(float, box)
    return any(not _SMALLEST <= abs(side) <= _LARGEST for side in (right - left, top - bottom))


def _within(thing: pikepdf.Object) -> Iterator[str]:
    kind, subtype, action = (str(thing.get(key, "")) for key in ("/Type", "/Subtype", "/S"))
    if action == "/JavaScript" or "/JS" in thing:
        yield SCRIPT
    elif kind == "/Action" and action not in _ALLOWED_ACTIONS:
        yield ACTIONS
    if "/AA" in thing or (action == "/Named" and str(thing.get("/N", "")) not in _ALLOWED_NAMES):
        yield ACTIONS
    if kind in ("/Annot", "") and subtype in _FORBIDDEN_ANNOTATIONS and "/Rect" in thing:
        yield FILM
    if kind == "/ExtGState" and (
        "/TR" in thing or "/HTP" in thing or thing.get("/TR2", "/Default") != "/Default"
    ):
        yield PRESS
    if "/EF" in thing:
        yield OTHERS
    if any(_is_beyond_limits(key, value) for key, value in thing.items()):
        yield LIMITS
    if isinstance(thing, pikepdf.Stream):
        yield from _within_stream(thing)


def _within_stream(stream: pikepdf.Stream) -> Iterator[str]:
    if "/F" in stream or "/Ref" in stream:
        yield LEANS
    if "/Crypt" in str(stream.get("/Filter", "")):
        yield ENCRYPTED
    if "/PS" in (stream.get("/Subtype"), stream.get("/Subtype2")) or "/PS" in stream:
        yield POSTSCRIPT


def _is_beyond_limits(key: str, value: object) -> bool:
    if isinstance(value, int):
        return abs(value) > _LARGEST_NUMBER
    if isinstance(value, pikepdf.String):
        return len(bytes(value)) > _LONGEST_TEXT
    return len(key) > _LONGEST_NAME and len(key.encode()) > _LONGEST_NAME + 1
