"""Cut out of a page what its note can only show: figures, and formulas that are not spelled.

Takes the page and what was read of it; gives the same text with links to the pictures, and these. What stands
in a figure is its description: it can still be found, and is not mixed into the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.dialects.figures import cut_figure
from papertray.engine.layout.figures import find_figures
from papertray.engine.layout.lines import Line
from papertray.engine.layout.rules import RuledLines
from papertray.engine.layout.skew import StraightView
from papertray.engine.pages import FIGURE_SCHEME, Block, BlockKind, Box, Figure, PageImage, PageText
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Grey = np.ndarray[Any, Any]

AROUND = 0.004
"""So much of the page is cut out around a formula: its signs reach beyond its lines."""

UPRIGHT = 0.3
"""A page that leans by more degrees is straightened before figures are looked for."""


def turn_grey(pixels: Grey, view: StraightView) -> Grey:
    """The page as its lines stand, but for what it leans."""
    import cv2
    import numpy as np

    grey: Grey = cv2.cvtColor(np.ascontiguousarray(np.rot90(pixels, view.quarters)), cv2.COLOR_BGR2GRAY)
    return grey


def look_for_figures(
    grey: Grey, lines: Sequence[Line], ruled: RuledLines, view: StraightView
) -> tuple[Rect, ...]:
    """On the straightened page; `grey` is that page as `view` turns it."""
    import cv2

    if abs(view.angle) > UPRIGHT:
        height, width = grey.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), view.angle, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return tuple(find_figures(grey, lines, ruled))


def cut_pictures(page: PageImage, text: PageText) -> PageText:
    blocks: list[Block] = []
    figures: list[Figure] = []
    for block in text.blocks:
        box = block.box
        figure = cut_figure(page, _room(block, box), len(figures) + 1) if box and _is_shown(block) else None
        if figure is not None:
            figures.append(figure)
            block = replace(block, markdown=f"![{_describe(block)}]({FIGURE_SCHEME}{figure.name})")
        blocks.append(block)
    return replace(text, blocks=tuple(blocks), figures=tuple(figures))


def _is_shown(block: Block) -> bool:
    spelled = block.kind is BlockKind.FORMULA and not block.markdown.startswith("[formula")
    return block.kind in (BlockKind.FIGURE, BlockKind.FORMULA) and not spelled


def _room(block: Block, box: Box) -> Box:
    if block.kind is BlockKind.FIGURE:
        return box
    return Box(
        max(0.0, box.left - AROUND),
        max(0.0, box.top - AROUND),
        min(1.0, box.right + AROUND),
        min(1.0, box.bottom + AROUND),
    )


def _describe(block: Block) -> str:
    if block.kind is BlockKind.FORMULA:
        return block.markdown.strip("[]")
    words = " ".join(block.markdown.split())
    return "".join(letter for letter in words if letter not in "[]\\`<>|*_$")
