"""Tables of contents: lines whose dots lead to the number of a page. They are lists, nested by their indent.

Takes the lines of a region; gives what is such a list, and what is left. The dots stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from papertray.engine.layout.lines import Line, bounding_rect, group_rows
from papertray.engine.layout.lists import ListItem, list_markdown
from papertray.engine.rectangles import Rect

FEWEST = 3
"""So many lines with dots make a table of contents; in a form, few end in a number."""

APART = 3.5
"""Its lines follow each other within this many line heights."""

ALIGNED = 1.0
"""Numbers of pages end under each other, give or take this many line heights."""

_LED = re.compile(r"(?:[.·]\s?){4,}\s*(?:[A-Z]{0,2}[-.]?\d{1,4}|[ivxlc]{1,7})$|…{2,}\s*\d{1,4}$")
_DOTS = re.compile(r"(?:[.·]\s?){4,}|…{2,}")
_PAGE = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})$")
_NUMBERED = re.compile(
    r"(?:[A-Z]|\d{1,2})(?:\.\d{1,2})*\.?\s|chapter|part|appendix|kapitel|teil|anhang", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Contents:
    """One table of contents, or what stands of it on a page."""

    lines: tuple[Line, ...]
    items: tuple[ListItem, ...]

    @property
    def rect(self) -> Rect:
        return bounding_rect(line.rect for line in self.lines)

    @property
    def markdown(self) -> str:
        return list_markdown(self.items)


def find_contents(lines: Sequence[Line]) -> tuple[list[Contents], list[Line]]:
    found = [
        Contents(tuple(line for row in rows for line in row), tuple(_items(rows)))
        for rows in _runs(group_rows(lines))
    ]
    taken = {id(line) for contents in found for line in contents.lines}
    return found, [line for line in lines if id(line) not in taken]


def _runs(rows: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """From the first line with dots to the last; what stands between may have none."""
    run: list[list[Line]] = []
    for row in rows:
        if run and (_step(run[-1], row) > APART or not (_is_led(row) or _can_be_between(row, run))):
            yield from _whole(run)
            run = []
        if run or _is_led(row) or _ends_as_number(row):
            run.append(row)
    yield from _whole(run)


def _whole(run: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    led = [place for place, row in enumerate(run) if _is_led(row)]
    if len(led) >= FEWEST:
        right = max(run[place][-1].rect.right for place in led)
        first = led[0]
        while first and _ends_under(run[first - 1], right):
            first -= 1
        last = led[-1] + 1
        while last < len(run) and _ends_under(run[last], right):
            last += 1
        yield list(run[first:last])


def _can_be_between(row: Sequence[Line], run: Sequence[list[Line]]) -> bool:
    """The name of a chapter with its page, or an entry that goes on in the next line."""
    left = min(line.rect.left for other in run for line in other)
    right = max(line.rect.right for other in run for line in other)
    return _ends_under(row, right) or (
        row[0].rect.left > left - row[0].size and row[-1].rect.right < right and _is_led(run[-1])
    )


def _ends_under(row: Sequence[Line], right: float) -> bool:
    return _ends_as_number(row) and abs(row[-1].rect.right - right) < ALIGNED * row[-1].rect.height


def _ends_as_number(row: Sequence[Line]) -> bool:
    return len(row) > 1 and _PAGE.fullmatch(row[-1].text) is not None


def _is_led(row: Sequence[Line]) -> bool:
    """In one column: two of them beside each other are cut apart first."""
    text = _text(row)
    return _LED.search(text) is not None and len(_DOTS.findall(text)) == 1


def _step(above: Sequence[Line], below: Sequence[Line]) -> float:
    return (below[0].rect.middle - above[0].rect.middle) / below[0].rect.height


def _text(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in row)


def _items(rows: Sequence[list[Line]]) -> Iterator[ListItem]:
    items = [ListItem(_text(row), row[0].rect.left, row[0].size) for row in rows]
    held: ListItem | None = None
    for item, row in zip(items, rows, strict=True):
        if held is not None and not _NUMBERED.match(item.text):
            item = replace(item, text=f"{held.text} {item.text}", left=held.left)
            held = None
        if held is not None:
            yield held
        held = None if _is_led(row) or _ends_as_number(row) else item
        if held is None:
            yield item
    if held is not None:
        yield held
