"""What a PDF calls itself and its parts: the titles that it names on each page, and how deep each stands."""

import contextlib
from collections import defaultdict

import pypdfium2 as pdfium

Bookmarks = dict[int, list[tuple[str, int]]]
"""By the page's place in the document: titles and depths; the outermost is 1, the document's own title 0."""

MOST = 20_000
LONGEST = 300


def list_bookmarks(document: pdfium.PdfDocument) -> Bookmarks:
    """As far as it can be read: an outline is a help, no part of any page."""
    pages: Bookmarks = defaultdict(list)
    with contextlib.suppress(pdfium.PdfiumError, ValueError):
        for count, mark in enumerate(document.get_toc()):
            if count == MOST:
                break
            place, title = mark.get_dest(), mark.get_title()
            page = place.get_index() if place else None
            if page is not None and title and len(title) <= LONGEST:
                pages[page].append((title, mark.level + 1))
    with contextlib.suppress(pdfium.PdfiumError, ValueError):
        title = document.get_metadata_value("Title")
        if title and len(title) <= LONGEST:
            pages[0].append((title, 0))
    return pages
