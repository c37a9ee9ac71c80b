"""Which of the regions that a layout model found are kept, and what each is.

Regions and the page's size go in; out come those worth reading, in the order they came. Pure geometry.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from papertray.engine.pages import BlockKind, Box

TEXT, TABLE, FORMULA, CHART, SEAL = "text", "table", "formula", "chart", "seal"
"""What a model can be asked for."""

TABLE_LABEL, INLINE, NUMBER_OF_FORMULA, LIST_OF_REFERENCES = (
    "table",
    "inline_formula",
    "formula_number",
    "reference",
)
"""The last holds entries that are regions themselves."""

PICTURES = frozenset({"image", "chart", "seal"})
KEEP_LINES = frozenset({"content", "algorithm"})
"""Tables of contents and programs, in the publisher's words."""

MARGINS = {
    "header": BlockKind.HEADER,
    "header_image": BlockKind.HEADER,
    "footer": BlockKind.FOOTER,
    "footer_image": BlockKind.FOOTER,
    "number": BlockKind.FOOTER,
    "aside_text": BlockKind.FOOTER,
}
KINDS = {
    "doc_title": BlockKind.TITLE,
    "paragraph_title": BlockKind.HEADING,
    "figure_title": BlockKind.CAPTION,
    "footnote": BlockKind.FOOTNOTE,
    "vision_footnote": BlockKind.FOOTNOTE,
    TABLE_LABEL: BlockKind.TABLE,
    "display_formula": BlockKind.FORMULA,
    INLINE: BlockKind.FORMULA,
    "image": BlockKind.FIGURE,
    "chart": BlockKind.FIGURE,
    "seal": BlockKind.FIGURE,
}
"""What is not named here is text."""

SMALLEST = 6  # pixels
SAME, SAME_PLACE = 0.6, 0.95
"""Regions of one sort that share so much of both are one; of different sorts, where they share more."""
INSIDE, INSIDE_FORMULA = 0.7, 0.5
"""Of two regions that share so much of the smaller one, one goes."""
WHOLE_SHEET = 0.9
"""A picture of nearly the whole page is its paper."""
TALL = 0.05
"""Of the page's height: a running head is lower, the head of a letter higher."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place; `label` is the layout model's word for what stands there, `score` how sure it is.

    Its words stand upright when it is turned by so many degrees against the clock.
    """

    label: str
    box: Box
    score: float = 1.0
    turn: int = 0

    @property
    def kind(self) -> BlockKind:
        return KINDS.get(self.label, BlockKind.TEXT)

    @property
    def element(self) -> str | None:
        """What a model is to be asked for here; None where nobody is asked."""
        if self.label == "image":
            return None
        return {"chart": CHART, "seal": SEAL, TABLE_LABEL: TABLE}.get(
            self.label, FORMULA if self.kind is BlockKind.FORMULA else TEXT
        )

    @property
    def area(self) -> float:
        return (self.box.right - self.box.left) * (self.box.bottom - self.box.top)


def choose_regions(found: Iterable[Region], width: int, height: int) -> list[Region]:
    """Without what is too small, lies in another, or stands at the margins of many pages."""
    kept = [region for region in found if _is_something(region, width, height)]
    kept = [each for each in kept if each.label != "image" or each.area < WHOLE_SHEET]
    kept = _drop(_drop(kept, lambda each: -each.score, _is_same), lambda each: -each.area, _is_inside)
    return [each for each in kept if not _is_margin(each)]


def _is_something(region: Region, width: int, height: int) -> bool:
    box = region.box
    wide, high = (box.right - box.left) * width, (box.bottom - box.top) * height
    return region.label != LIST_OF_REFERENCES and min(wide, high) >= SMALLEST


def _is_margin(region: Region) -> bool:
    if region.label not in MARGINS:
        return False
    lines = region.label not in ("header", "footer", "aside_text")
    return lines or min(region.box.bottom - region.box.top, region.box.right - region.box.left) < TALL


def _drop(
    regions: Sequence[Region], worth: Callable[[Region], float], goes: Callable[[Region, Region], bool]
) -> list[Region]:
    """Those that go beside a better one, judged from the best down: what goes takes none with it."""
    kept: list[int] = []
    for number in sorted(range(len(regions)), key=lambda at: worth(regions[at])):
        if not any(goes(regions[number], regions[better]) for better in kept):
            kept.append(number)
    return [regions[number] for number in sorted(kept)]


def _is_same(one: Region, other: Region) -> bool:
    both = _shared(one.box, other.box)
    share = both / (one.area + other.area - both)
    return share > (SAME if one.label == other.label else SAME_PLACE)


def _is_inside(small: Region, large: Region) -> bool:
    """Words in a table belong to it; those in a picture may be missing from it, and pictures stay."""
    share = _shared(small.box, large.box) / small.area
    if small.label == INLINE:
        return share > INSIDE_FORMULA
    if share <= INSIDE:
        return False
    if small.label == large.label:
        return True
    return not ({small.label, large.label} & PICTURES or small.label == TABLE_LABEL)


def _shared(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, wide) * max(0.0, high)
