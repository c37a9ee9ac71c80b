"""Open PDFs with pdfium: page sizes from the document, pixels one page at a time.

Crop boxes, rotation, annotations and filled forms show as they do in a viewer. A page too large for its
pixels is drawn at fewer dots per inch, the others keep theirs; below what can be read it is refused alone.
"""

import contextlib
import math
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.errors import (
    NoPages,
    NoSuchPage,
    PageTooLarge,
    PdfLocked,
    TooManyPages,
    Truncated,
    Unreadable,
)
from papertray.engine.render_child.bookmarks import Bookmarks, list_bookmarks
from papertray.engine.render_child.document import PageDrawing, Refusal
from papertray.engine.render_child.written_page import write_page

POINTS = 72  # an inch
LONGEST_SIDE = 30_000  # pixels: a till roll of four metres at 200 dots per inch
UNKNOWN = (612.0, 792.0)  # points, for a page that cannot be loaded and is refused when it is asked for
READABLE = 60  # dots per inch: below this, ten-point letters are six pixels high
LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})
TAIL = 64 * 1024
NO_PAGES = re.compile(rb"/Count\s+0\b")


class PdfDocument:
    """A PDF, open."""

    def __init__(self, file: BinaryIO, limits: DocumentLimits) -> None:
        _refuse_half_a_file(file)
        self._limits = limits
        self._pdf = _opened(file)
        self._bookmarks: Bookmarks | None = None
        try:
            with contextlib.suppress(pdfium.PdfiumError):  # then the page is drawn without what was filled in
                self._pdf.init_forms()
            self.pages = self._sizes()
        except BaseException:
            self._pdf.close()
            raise

    def draw(self, number: int) -> PageDrawing:
        with self._page(number) as (page, size):
            return _drawing(page, size)

    def look(self, number: int) -> PageDrawing:
        """A page that something is written on is sketched; its pixels are drawn when they are asked for."""
        with self._page(number) as (page, size):
            written = write_page(self._pdf, page, size, self._titles(number))
            return _drawing(page, size) if written is None else PageDrawing(size, 0, (), written)

    def _titles(self, number: int) -> list[tuple[str, int]]:
        if self._bookmarks is None:
            self._bookmarks = list_bookmarks(self._pdf)
        return self._bookmarks.get(number - 1, [])

    @contextlib.contextmanager
    def _page(self, number: int) -> Iterator[tuple[pdfium.PdfPage, PageSize]]:
        if number > len(self.pages):
            raise Refusal(NoSuchPage, number, len(self.pages))
        size = self.pages[number - 1]
        self._refuse_unreadable(number, size)
        try:
            page = self._pdf[number - 1]
        except pdfium.PdfiumError as problem:
            raise Refusal(Unreadable) from problem
        try:
            yield page, size
        finally:
            page.close()

    def close(self) -> None:
        self._pdf.close()

    def _sizes(self) -> tuple[PageSize, ...]:
        count = len(self._pdf)
        if count == 0:
            raise Refusal(NoPages)
        if count > self._limits.max_pages:
            raise Refusal(TooManyPages, self._limits.max_pages)
        return tuple(self._size(*self._points(index)) for index in range(count))

    def _points(self, index: int) -> tuple[float, float]:
        try:
            width, height = self._pdf.get_page_size(index)
        except pdfium.PdfiumError:
            return UNKNOWN
        return width, height

    def _size(self, width: float, height: float) -> PageSize:
        """Pages in points, as pixels: at the dots per inch wished for, or at as many as fit."""
        by_area = math.sqrt(self._limits.page_megapixels * 1_000_000 / max(width * height, 1.0)) * POINTS
        by_side = LONGEST_SIDE / max(width, height, 1.0) * POINTS
        dots = min(float(self._limits.dots_per_inch), by_area, by_side)
        return PageSize(
            max(1, math.ceil(width * dots / POINTS)),
            max(1, math.ceil(height * dots / POINTS)),
            dots_per_inch=dots,
        )

    def _refuse_unreadable(self, number: int, size: PageSize) -> None:
        dots = _dots(size)
        if dots < min(READABLE, self._limits.dots_per_inch):
            raise Refusal(PageTooLarge, number, round(size.width / dots), round(size.height / dots))


def _drawing(page: pdfium.PdfPage, size: PageSize) -> PageDrawing:
    bitmap = page.render(scale=_dots(size) / POINTS, rev_byteorder=True, limit_image_cache=True)
    drawn = PageSize(bitmap.width, bitmap.height, size.dots_per_inch)
    return PageDrawing(drawn, bitmap.stride, _parts(bitmap))


def _parts(bitmap: pdfium.PdfBitmap) -> Iterator[memoryview]:
    """Holds the bitmap until its pixels are sent."""
    yield memoryview(bitmap.buffer).cast("B")[: bitmap.stride * bitmap.height]
    bitmap.close()


def _dots(size: PageSize) -> float:
    assert size.dots_per_inch is not None, "every PDF page has its dots per inch"
    return size.dots_per_inch


def _opened(file: BinaryIO) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(file)
    except pdfium.PdfiumError as problem:
        if problem.err_code in LOCKED:
            raise Refusal(PdfLocked) from problem
        raise Refusal(NoPages if NO_PAGES.search(_tail(file)) else Unreadable) from problem


def _refuse_half_a_file(file: BinaryIO) -> None:
    """pdfium mends what it can of a PDF without an end: pages would be missing, or blank, without a word."""
    if not any(mark in _tail(file) for mark in (b"%%EOF", b"startxref")):
        raise Refusal(Truncated)


def _tail(file: BinaryIO) -> bytes:
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - TAIL))
    tail = file.read(TAIL)
    file.seek(0)
    return tail
