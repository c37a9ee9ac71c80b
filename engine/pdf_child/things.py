"""Everything that a PDF is made of, one after the other: for those who look at all of it. Changes nothing."""

from collections.abc import Iterator

import pikepdf


def list_dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
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


def list_annotations(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """What lies on the pages: links, remarks, fields of forms."""
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        for thing in listed if isinstance(listed, pikepdf.Array) else ():
            if isinstance(thing, pikepdf.Dictionary):
                yield thing


def list_drawings(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Page | pikepdf.Object, pikepdf.Object]]:
    """Whatever draws, with what its names mean to it: pages, forms, patterns, letters that are drawn."""
    none = pikepdf.Dictionary()
    for page in pdf.pages:
        yield page, page.obj.get("/Resources", none)
    for thing in list_dictionaries(pdf):
        if isinstance(thing, pikepdf.Stream):
            if thing.get("/Subtype") == "/Form" or thing.get("/PatternType") == 1:
                yield thing, thing.get("/Resources", none)
        elif thing.get("/Subtype") == "/Type3":
            letters = thing.get("/CharProcs")
            for letter in letters.values() if isinstance(letters, pikepdf.Dictionary) else ():
                if isinstance(letter, pikepdf.Stream):
                    yield letter, thing.get("/Resources", none)


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """What a page does not say itself, those above it may."""
    for _ in range(_DEEPEST):
        if key in page:
            return page[key]
        parent = page.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        page = parent
    return None


_DEEPEST = 64


def _is_within(part: object) -> bool:
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect
