"""Put the parts of a line together that is read from right to left: the right one comes first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from papertray.engine.layout.lines import Line, group_rows, put_together

WIDEST_SPACE = 2.0
"""Parts that stand farther apart than this many line heights are cells, or columns."""


def join_leftwards(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page, those that run to the left in one piece; the order of the others stays."""
    if not any(line.right_to_left for line in lines):
        return list(lines)
    joined: list[Line] = []
    for row in group_rows(lines):
        parts: list[Line] = []
        for line in reversed(row):
            if parts and line.right_to_left and _is_near(line, parts[-1]):
                parts.append(line)
                continue
            joined.extend(_whole(parts))
            parts = [line]
        joined.extend(_whole(parts))
    return joined


def _whole(parts: Sequence[Line]) -> list[Line]:
    return [reduce(put_together, parts)] if parts else []


def _is_near(left: Line, right: Line) -> bool:
    return (
        left.right_to_left
        and right.right_to_left
        and right.rect.left - left.rect.right < WIDEST_SPACE * max(left.size, right.size)
    )
