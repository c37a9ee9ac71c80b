"""Whether links, remarks and fields on the pages are such as PDF/A has them: drawn, and seen by everybody."""

from collections.abc import Iterator

import pikepdf

from papertray.engine.pdf_child.clauses import REMARKS
from papertray.engine.pdf_child.things import inherited, list_annotations

_HIDDEN, _NO_VIEW = 2, 32
_UNDRAWN = frozenset({"/Popup", "/Link"})


def find_remark_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in list_annotations(pdf):
        kind = str(thing.get("/Subtype", ""))
        hidden = kind != "/Popup" and int(thing.get("/F", 0)) & (_HIDDEN | _NO_VIEW)
        if hidden or not (kind in _UNDRAWN or _has_no_size(thing) or _is_drawn(thing)):
            yield REMARKS


def _has_no_size(thing: pikepdf.Object) -> bool:
    left, bottom, right, top = (float(side) for side in thing.get("/Rect", (0, 0, 0, 0)))
    return (left, bottom) == (right, top)


def _is_drawn(thing: pikepdf.Object) -> bool:
    """By one picture; a button may have one for each of its states."""
    table = thing.get("/AP")
    drawn = table.get("/N") if isinstance(table, pikepdf.Dictionary) else None
    if isinstance(drawn, pikepdf.Stream):
        return True
    is_button = thing.get("/Subtype") == "/Widget" and inherited(thing, "/FT") == "/Btn"
    return is_button and isinstance(drawn, pikepdf.Dictionary)
