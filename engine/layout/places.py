"""Keep where the lines of a page stand, for those who set its words on the page once more.

Takes lines on the straightened page and the blocks that were made of them; gives the lines in the order of
the blocks, in fractions of the page as its file shows it. Rounded as is enough for that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from papertray.engine.layout.lines import Line, group_rows
from papertray.engine.layout.skew import StraightView
from papertray.engine.pages import Block, Box
from papertray.engine.text_lines import PLACES, SPANS, TextLine

Corner = tuple[float, float]


def place_lines(
    lines: Sequence[Line], view: StraightView, blocks: Sequence[Block], written: Collection[int] = ()
) -> tuple[TextLine, ...]:
    """`written` has the `id` of each line that the file itself has."""
    ordered = order_lines(lines, view, blocks)
    return tuple(_place_line(line, view, id(line) in written) for line in ordered if line.text.strip())


def order_lines(lines: Sequence[Line], view: StraightView, blocks: Sequence[Block]) -> list[Line]:
    """As the blocks follow each other that they stand in; what stands in none follows what is above it."""
    boxes = [block.box for block in blocks]
    groups: list[list[Line]] = [[] for _ in range(len(boxes) + 1)]
    last = -1
    for row in group_rows(lines):
        for line in row:
            at = _block_of(view.box(line.rect), boxes)
            last = last if at is None else at
            groups[last].append(line)
    return [line for group in (groups[-1], *groups[:-1]) for line in _rows(group)]


def _rows(lines: Sequence[Line]) -> Iterator[Line]:
    for row in group_rows(lines):
        leftwards = sum(line.right_to_left for line in row) * 2 > len(row)
        yield from reversed(row) if leftwards else row


def _block_of(place: Box, boxes: Sequence[Box | None]) -> int | None:
    """The smallest one that its middle stands in."""
    x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    around = [
        ((box.right - box.left) * (box.bottom - box.top), at)
        for at, box in enumerate(boxes)
        if box is not None and box.left <= x <= box.right and box.top <= y <= box.bottom
    ]
    return min(around)[1] if around else None


def _place_line(line: Line, view: StraightView, written: bool) -> TextLine:
    start, end, _, below = (_on_page(corner, view) for corner in view.corners(line.rect).tolist())
    return TextLine(line.text.strip(), (*start, *end, *below), _spans(line), written)


def _on_page(corner: Sequence[float], view: StraightView) -> Corner:
    """A point of the page as it was looked at, in fractions of the page as its file shows it."""
    x, y = corner[0] / view.width, corner[1] / view.height
    for _ in range(view.quarters % 4):
        x, y = 1 - y, x
    return tuple(round(min(max(part, 0.0), 1.0) * PLACES) / PLACES for part in (x, y))  # type: ignore[return-value]


def _spans(line: Line) -> tuple[int, ...]:
    """Where the words between blanks begin and end; parts of one that are set in several ways are one."""
    words: list[tuple[str, float, float]] = []
    for word in line.words:
        if word.glued and words:
            text, left, right = words.pop()
            words.append((text + word.text, min(left, word.left), max(right, word.right)))
        else:
            words.append((word.text, word.left, word.right))
    if [text for text, _, _ in words] != line.text.split() or line.rect.width <= 0:
        return ()
    edges = (edge for _, left, right in words for edge in (left, right))
    return tuple(round(SPANS * (edge - line.rect.left) / line.rect.width) for edge in edges)
