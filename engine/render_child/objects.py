"""What is drawn on a page of a PDF beside its letters: straight rules, pictures, and in which order.

Takes a page that pdfium has loaded; gives rectangles in the page's own points. Curves and shapes are left to
those who look at the picture.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from papertray.engine.render_child.shades import Rectangle, Shade, list_cell_edges

DEEPEST = 6
MOST_OBJECTS = 20_000
MOST_SEGMENTS = 40_000
"""A page that draws more is a plan or a map; what was found of its rules until then is enough."""

THIN = 3.0
"""Points. Shapes that are thicker are bars and shaded cells."""

FEWEST_CORNERS, EXACT = 4, 0.1
SHORTEST = 3.0
PALE = 245
"""Strokes as light as this on every channel cannot be seen on paper."""


class Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Matrix") -> "Matrix":
        """What `first` and then this one do."""
        (a, b), (c, d) = (self.turned(first.a, first.b), self.turned(first.c, first.d))
        e, f = self.point(first.e, first.f)
        return Matrix(a, b, c, d, e, f)

    def turned(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y, self.b * x + self.d * y


STRAIGHT = Matrix(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class PageObjects:
    """`order` says of an object's address when it is drawn; pictures come with theirs."""

    order: dict[int, int] = field(default_factory=dict)
    pictures: list[tuple[Rectangle, int]] = field(default_factory=list)
    rules: list[Rectangle] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)
    segments: int = 0


def list_objects(page: Any) -> PageObjects:
    found = PageObjects()
    number = count()
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        _take(pdfium_c.FPDFPage_GetObject(page, index), STRAIGHT, 0, found, number)
        if len(found.order) > MOST_OBJECTS:
            break
    found.rules.extend(list_cell_edges(found.shades, found.rules))
    return found


def _take(item: Any, outer: Matrix, depth: int, found: PageObjects, number: "count[int]") -> None:
    kind, place = pdfium_c.FPDFPageObj_GetType(item), next(number)
    if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
        inner = outer.after(_matrix(item))
        for index in range(pdfium_c.FPDFFormObj_CountObjects(item)):
            _take(pdfium_c.FPDFFormObj_GetObject(item, index), inner, depth + 1, found, number)
            if len(found.order) > MOST_OBJECTS:
                return
        return
    found.order[ctypes.cast(item, ctypes.c_void_p).value or 0] = place
    if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
        found.pictures.append((_outline(_corners(item), outer), place))
    elif kind == pdfium_c.FPDF_PAGEOBJ_PATH and found.segments < MOST_SEGMENTS:
        found.rules.extend(_rules(item, outer, found))


def _matrix(item: Any) -> Matrix:
    told = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(item, told):
        return STRAIGHT
    return Matrix(told.a, told.b, told.c, told.d, told.e, told.f)


def _corners(item: Any) -> list[tuple[float, float]]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return [(x.value, y.value) for x in (left, right) for y in (bottom, top)]


def _outline(points: list[tuple[float, float]], outer: Matrix) -> Rectangle:
    xs, ys = zip(*(outer.point(x, y) for x, y in points), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _rules(item: Any, outer: Matrix, found: PageObjects) -> Iterator[Rectangle]:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(item, filled, stroked)
    by_stroke = bool(stroked.value) and _is_seen(pdfium_c.FPDFPageObj_GetStrokeColor, item)
    by_fill = bool(filled.value) and _is_seen(pdfium_c.FPDFPageObj_GetFillColor, item)
    if not by_stroke and not by_fill:
        return
    way = outer.after(_matrix(item))
    for part in _parts(item, way, found):
        whole = _outline(part, STRAIGHT)
        if by_stroke:
            pieces = (_outline([one, other], STRAIGHT) for one, other in pairwise(part))
            yield from (piece for piece in pieces if _is_rule(piece))
        elif _is_rule(whole):
            yield whole
        if by_fill and _is_rectangle(part, whole):
            found.shades.append((whole, _fill(item)))


def _is_rectangle(part: list[tuple[float, float]], whole: Rectangle) -> bool:
    """Whether all corners are those of the outline, which is no line."""
    left, bottom, right, top = whole
    if min(right - left, top - bottom) <= THIN or len(part) < FEWEST_CORNERS:
        return False
    return all(
        min(abs(x - left), abs(x - right)) < EXACT and min(abs(y - bottom), abs(y - top)) < EXACT
        for x, y in part
    )


def _fill(item: Any) -> int:
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFPageObj_GetFillColor(item, red, green, blue, opacity)
    return red.value << 16 | green.value << 8 | blue.value


def _is_seen(asked: Any, item: Any) -> bool:
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    if not asked(item, red, green, blue, opacity):
        return True
    return opacity.value > 0 and min(red.value, green.value, blue.value) < PALE


def _is_rule(piece: Rectangle) -> bool:
    sides = sorted((piece[2] - piece[0], piece[3] - piece[1]))
    return sides[0] <= THIN and sides[1] >= SHORTEST


def _parts(item: Any, way: Matrix, found: PageObjects) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path that is made of straight lines, on the page."""
    part: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium_c.FPDFPath_CountSegments(item)):
        found.segments += 1
        if found.segments > MOST_SEGMENTS:
            return
        segment = pdfium_c.FPDFPath_GetPathSegment(item, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if len(part) > 1:
                yield part
            part = []
        elif kind == pdfium_c.FPDF_SEGMENT_BEZIERTO:
            part = []  # its ends do not lie on a straight line
            continue
        part.append(way.point(x.value, y.value))
        if pdfium_c.FPDFPathSegment_GetClose(segment) and len(part) > 2:
            part.append(part[0])
    if len(part) > 1:
        yield part
