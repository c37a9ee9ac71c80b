"""The lines of a page as few small numbers, for they are kept of every page.

Takes and gives `TextLine`s: their texts, and for each where it stands, counted from the line before it, and
how far apart its words begin and end.
"""

from collections.abc import Sequence
from typing import Any

from papertray.engine.text_lines import PLACES, TextLine

_FIXED = 7
"""Three corners and whether the line is written in the file; the words come behind."""


def pack_lines(lines: Sequence[TextLine]) -> dict[str, list[Any]]:
    numbers, before = [], (0, 0)
    for line in lines:
        x0, y0, x1, y1, x2, y2 = (round(part * PLACES) for part in line.place)
        fixed = [x0 - before[0], y0 - before[1], x1 - x0, y1 - y0, x2 - x0, y2 - y0, int(line.written)]
        steps = [edge - last for edge, last in zip(line.spans, (0, *line.spans), strict=False)]
        numbers.append([*fixed, *steps])
        before = x0, y0
    return {"texts": [line.text for line in lines], "numbers": numbers}


def unpack_lines(kept: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """As the fields of `TextLine`. ValueError where it does not add up."""
    lines, x, y = [], 0, 0
    for text, numbers in zip(kept["texts"], kept["numbers"], strict=True):
        if len(numbers) < _FIXED:
            raise ValueError("a line without a place")
        left, top, x1, y1, x2, y2, written, *steps = numbers
        x, y = x + left, y + top
        place = (x, y, x + x1, y + y1, x + x2, y + y2)
        spans, edge = [], 0
        for step in steps:
            edge += step
            spans.append(edge)
        lines.append(
            {
                "text": text,
                "place": tuple(part / PLACES for part in place),
                "spans": tuple(spans),
                "written": bool(written),
            }
        )
    return lines
