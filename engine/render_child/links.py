"""Where a page of a PDF leads when it is clicked: addresses only, no jumps inside the document."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium_c

from papertray.engine.render_child.shades import Rectangle

MOST_LINKS = 2_000
LONGEST_ADDRESS = 2_048


def list_links(document: Any, page: Any) -> Iterator[tuple[Rectangle, str]]:
    start, link = ctypes.c_int(0), pdfium_c.FPDF_LINK()
    for _ in range(MOST_LINKS):
        if not pdfium_c.FPDFLink_Enumerate(page, start, link):
            return
        address, place = _address(document, link), pdfium_c.FS_RECTF()
        if address and pdfium_c.FPDFLink_GetAnnotRect(link, place):
            sides = sorted((place.left, place.right)), sorted((place.bottom, place.top))
            yield (sides[0][0], sides[1][0], sides[0][1], sides[1][1]), address


def _address(document: Any, link: Any) -> str:
    action = pdfium_c.FPDFLink_GetAction(link)
    if not action or pdfium_c.FPDFAction_GetType(action) != pdfium_c.PDFACTION_URI:
        return ""
    length = pdfium_c.FPDFAction_GetURIPath(document, action, None, 0)
    if not 1 < length <= LONGEST_ADDRESS:
        return ""
    told = ctypes.create_string_buffer(length)
    pdfium_c.FPDFAction_GetURIPath(document, action, told, length)
    return told.value.decode("utf-8", "replace")
