"""What keeps a PDF from being PDF/A-2b. `mend` takes out what may go, `find_obstacles` names what may not.

Nothing that is taken out changes how a page looks. What is inside of a font's program is not looked at.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from papertray.engine.pdf_child.fonts import lacks_fonts

_ALLOWED_ACTIONS = frozenset({"/GoTo", "/GoToR", "/GoToE", "/URI", "/Named", "/SubmitForm", "/Thread"})
_FORBIDDEN_ANNOTATIONS = frozenset({"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment", "/RichMedia"})
_NEEDLESS = ("/Alternates", "/OPI", "/PieceInfo", "/CIDSet", "/CharSet")
_PRINTED, _CONDITIONS = 0b100, 0b100011  # of annotations: printed; invisible, hidden, not viewed
_FOUR_INKS = re.compile(rb"(?:[\d.+-]+\s+){4}[kK](?:\s|$)")

SCRIPT, ACTIONS = "it holds JavaScript", "it holds actions"
ENCRYPTED, SIGNED = "it is encrypted", "it is signed"
FONTS, PRESS = "it does not bring all its fonts", "its colours are those of a press"
OTHERS, FILM, FORM = "it carries other files", "it holds sound or film", "it holds a form that draws itself"
LEANS, POSTSCRIPT = "it leans on other files", "it holds PostScript"


def mend(pdf: pikepdf.Pdf) -> None:
    if "/Version" in pdf.Root:
        del pdf.Root.Version
    for thing in _dictionaries(pdf):
        if "/Interpolate" in thing:
            thing.Interpolate = False
        for key in _NEEDLESS:
            if key in thing and thing.get("/Type") != "/Encoding":
                del thing[key]
        if "/Metadata" in thing and thing.get("/Type") != "/Catalog":
            del thing["/Metadata"]
        if isinstance(thing, pikepdf.Stream) and "/LZWDecode" in str(thing.get("/Filter", "")):
            thing.write(thing.read_bytes())
        if thing.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in thing:
            thing.CIDToGIDMap = pikepdf.Name("/Identity")  # which is what it means
        if _is_annotation(thing):
            thing.F = (int(thing.get("/F", 0)) | _PRINTED) & ~_CONDITIONS


def find_obstacles(pdf: pikepdf.Pdf) -> list[str]:
    """Each as a clause, once."""
    found = [*_in_the_whole(pdf), *(clause for thing in _dictionaries(pdf) for clause in _within(thing))]
    if any(map(_draws_in_four_inks, pdf.pages)):
        found.append(PRESS)
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


def _within(thing: pikepdf.Object) -> Iterator[str]:
    kind, subtype, action = (str(thing.get(key, "")) for key in ("/Type", "/Subtype", "/S"))
    if action == "/JavaScript" or "/JS" in thing:
        yield SCRIPT
    elif kind == "/Action" and action not in _ALLOWED_ACTIONS:
        yield ACTIONS
    if "/AA" in thing:
        yield ACTIONS
    if kind in ("/Annot", "") and subtype in _FORBIDDEN_ANNOTATIONS and "/Rect" in thing:
        yield FILM
    if kind == "/ExtGState" and ("/TR" in thing or "/HTP" in thing):
        yield PRESS
    if "/DeviceCMYK" in _colours(thing):
        yield PRESS
    if isinstance(thing, pikepdf.Stream):
        yield from _within_stream(thing)


def _within_stream(stream: pikepdf.Stream) -> Iterator[str]:
    if "/F" in stream:
        yield LEANS
    if "/Crypt" in str(stream.get("/Filter", "")):
        yield ENCRYPTED
    if stream.get("/Subtype") == "/PS" or "/PS" in stream:
        yield POSTSCRIPT
    if stream.get("/Subtype") == "/Form" and _has_four_inks(stream):
        yield PRESS


def _draws_in_four_inks(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return any(isinstance(stream, pikepdf.Stream) and _has_four_inks(stream) for stream in streams)


def _has_four_inks(stream: pikepdf.Stream) -> bool:
    try:
        return bool(_FOUR_INKS.search(stream.read_bytes()))
    except pikepdf.PdfError:
        return False


def _colours(thing: pikepdf.Object) -> list[str]:
    return [name for key in ("/ColorSpace", "/CS") for name in _space_names(thing.get(key))]


def _space_names(space: object) -> list[str]:
    """Of one colour space, or of the table of them that a page has."""
    if isinstance(space, pikepdf.Name):
        return [str(space)]
    if isinstance(space, pikepdf.Array):
        return [str(part) for part in list(space)[:3] if isinstance(part, pikepdf.Name)]
    if isinstance(space, pikepdf.Dictionary):
        return [name for key, value in space.items() if key[:8] != "/Default" for name in _space_names(value)]
    return []


def _is_annotation(thing: pikepdf.Object) -> bool:
    return thing.get("/Type") == "/Annot" or (thing.get("/Subtype") == "/Link" and "/Rect" in thing)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of the file, also those that stand within others."""
    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
                yield thing
                waiting += [part for part in thing.values() if _is_within(part)]
            elif isinstance(thing, pikepdf.Array):
                waiting += [part for part in thing if _is_within(part)]


def _is_within(part: object) -> bool:
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect
