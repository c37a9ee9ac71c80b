"""Put together what the child tells of a page that something is written on, with a sketch to compare."""

import ctypes
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from papertray.engine.documents import PageSize
from papertray.engine.render_child.document import WrittenFrame
from papertray.engine.render_child.links import list_links
from papertray.engine.render_child.objects import PageObjects, list_objects
from papertray.engine.render_child.written import Writing, read_writing

SKETCHED = 72.0
"""Dots per inch of the sketch: letters cannot be read in it, but seen."""

LONGEST_SKETCH = 2000
FINE = 64
"""pdfium tells places on a bitmap in whole pixels: it is asked about one this many times larger."""

ADDRESS = -1


def write_page(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, size: PageSize, titles: list[tuple[str, int]]
) -> WrittenFrame | None:
    """None for a page without letters. `titles` are those that the document's outline names on it."""
    writing = read_writing(page.raw)
    if not any(code > 32 for code in writing.codes):
        return None
    objects = list_objects(page.raw)
    sketch = _sketch(page, size)
    told = {
        "letters": len(writing.codes),
        "styles": _in_order(writing, objects),
        "matrix": _matrix(page.raw, size),
        "links": list(list_links(document.raw, page.raw)),
        "rules": [[round(edge, 2) for edge in rule] for rule in objects.rules],
        "pictures": objects.pictures,
        "titles": titles,
        "sketch": [sketch.width, sketch.height, sketch.stride],
    }
    pixels = bytes(memoryview(sketch.buffer).cast("B")[: sketch.stride * sketch.height])
    sketch.close()
    letters = (
        writing.codes.tobytes(),
        writing.boxes,
        writing.rooms,
        writing.origins,
        writing.styled.tobytes(),
        writing.unmapped,
    )
    return WrittenFrame(told, (*letters, pixels))


def _sketch(page: pdfium.PdfPage, size: PageSize) -> pdfium.PdfBitmap:
    assert size.dots_per_inch is not None, "every PDF page has its dots per inch"
    dots = min(SKETCHED, size.dots_per_inch, SKETCHED * LONGEST_SKETCH / max(*page.get_size(), 1.0))
    return page.render(scale=dots / SKETCHED, grayscale=True, limit_image_cache=True)


def _in_order(writing: Writing, objects: PageObjects) -> list[list[Any]]:
    """Addresses say nothing to anybody else; when a thing is drawn does."""
    return [[*row[:ADDRESS], objects.order.get(row[ADDRESS], 0)] for row in writing.styles]


def _matrix(page: Any, size: PageSize) -> list[float]:
    """From points to pixels: what becomes of (1, 0) and (0, 1), and of the corner."""
    corner, right, up = (_place(page, size, *point) for point in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)))
    return [
        *((there - here) / 1000 for here, there in zip(corner, right, strict=True)),
        *((there - here) / 1000 for here, there in zip(corner, up, strict=True)),
        *corner,
    ]


def _place(page: Any, size: PageSize, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    width, height = size.width * FINE, size.height * FINE
    pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE
