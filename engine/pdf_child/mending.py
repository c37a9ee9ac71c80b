"""Take out of a PDF what PDF/A-2b forbids and nobody sees. Nothing here changes how a page looks."""

import pikepdf

from papertray.engine.pdf_child.things import inherited, list_annotations, list_dictionaries

INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
"""How colours may be meant; any other word means the first."""

_NEEDLESS = ("/Alternates", "/OPI", "/PieceInfo", "/CIDSet", "/CharSet")
_PRINTED, _UNKNOWN, _TOGGLED = 4, 1, 256  # of annotations
_PERMISSIONS = frozenset({"/UR3", "/DocMDP"})


def mend(pdf: pikepdf.Pdf) -> None:
    if "/Version" in pdf.Root:
        del pdf.Root.Version
    _drop_others(pdf.Root.get("/Perms"), _PERMISSIONS)
    for page in pdf.pages:
        if "/Resources" not in page.obj and (resources := inherited(page.obj, "/Resources")) is not None:
            page.obj.Resources = resources
    for thing in list_annotations(pdf):
        thing.F = (int(thing.get("/F", 0)) | _PRINTED) & ~(_UNKNOWN | _TOGGLED)
        if "/A" in thing and "/Dest" in thing:
            del thing["/Dest"]  # of the two it is the action that counts
        if (drawn := thing.get("/AP")) is not None and "/N" in drawn:
            _drop_others(drawn, frozenset({"/N"}))
    for thing in list_dictionaries(pdf):
        _mend(thing)


def _mend(thing: pikepdf.Object) -> None:
    if "/Interpolate" in thing:
        thing.Interpolate = False
    for key in _NEEDLESS:
        if key in thing and thing.get("/Type") != "/Encoding":
            del thing[key]
    if "/Metadata" in thing and thing.get("/Type") != "/Catalog":
        del thing["/Metadata"]
    if isinstance(thing, pikepdf.Stream) and "/LZWDecode" in str(thing.get("/Filter", "")):
        thing.write(thing.read_bytes())
    if thing.get("/Subtype") == "/Image" and str(thing.get("/Intent", "/Perceptual")) not in INTENTS:
        del thing["/Intent"]
    if thing.get("/Type") == "/ExtGState" and "/HT" in thing:
        del thing["/HT"]  # how a press lays its dots
    if "/FontName" in thing and "/Flags" in thing and "/Type" not in thing:
        thing.Type = pikepdf.Name.FontDescriptor
    if thing.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in thing:
        thing.CIDToGIDMap = pikepdf.Name("/Identity")  # which is what it means


def _drop_others(table: object, allowed: frozenset[str]) -> None:
    for key in [*table.keys()] if isinstance(table, pikepdf.Dictionary) else ():
        if key not in allowed:
            del table[key]  # type: ignore[attr-defined]
