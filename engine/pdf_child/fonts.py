"""Whether a PDF shows letters of a font that it does not bring. What is named and never shown does not count.

Nor do letters that nobody sees: those that another program has set behind a scan.
"""

from collections.abc import Iterator

import pikepdf

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SINGLE = frozenset({"/Type1", "/TrueType", "/MMType1"})
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3
_DEEPEST = 64


def lacks_fonts(pdf: pikepdf.Pdf) -> bool:
    """Of a font that a form on a page names, it is taken for granted that it is shown."""
    missing = {
        thing.objgen: thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and _is_missing(thing)
    }
    on_pages: set[tuple[int, int]] = set()
    for page in pdf.pages:
        named = {
            name: font.objgen
            for name, font in _fonts_of(page.obj)
            if font.objgen in missing or (not font.is_indirect and _is_missing(font))
        }
        on_pages |= set(named.values())
        if named and _shows(page, set(named)):
            return True
    return bool(missing.keys() - on_pages)


def _is_missing(font: pikepdf.Object) -> bool:
    if font.get("/Subtype") == "/Type0":
        below = font.get("/DescendantFonts")
        return isinstance(below, pikepdf.Array) and len(below) > 0 and not _has_program(below[0])
    return str(font.get("/Subtype")) in _SINGLE and not _has_program(font)


def _has_program(font: pikepdf.Object) -> bool:
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, pikepdf.Dictionary) and any(key in descriptor for key in _PROGRAMS)


def _fonts_of(page: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    for _ in range(_DEEPEST):
        resources = page.get("/Resources")
        if isinstance(resources, pikepdf.Dictionary):
            fonts = resources.get("/Font")
            if isinstance(fonts, pikepdf.Dictionary):
                yield from (
                    (name, font) for name, font in fonts.items() if isinstance(font, pikepdf.Dictionary)
                )
            return
        parent = page.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return
        page = parent


def _shows(page: pikepdf.Page, names: set[str]) -> bool:
    """Whether letters of one of these fonts are seen on the page."""
    font, mode, before = "", 0, []
    try:
        instructions = pikepdf.parse_content_stream(page)
    except pikepdf.PdfError:
        return True
    for instruction in instructions:
        match str(instruction.operator):
            case "q":
                before.append((font, mode))
            case "Q" if before:
                font, mode = before.pop()
            case "Tf":
                font = str(instruction.operands[0])
            case "Tr":
                mode = int(instruction.operands[0])
            case name if name in _SHOWING and mode != _INVISIBLE and font in names:
                return True
    return False
