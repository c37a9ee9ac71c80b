"""Put accents that a file sets as signs of their own onto the letters that they stand over or under.

Takes a `Layer` in the order of its file, in which an accent may come words before or behind its letter; gives
one whose letters carry them. An accent that was taken into a letter is moved off the page. Lines that do not
run from left to right keep theirs as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertray.engine.layer.spelling import ACCENTS, with_accent
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

RAISED = 0.5
"""An accent's own line is no farther from its letter's than this, in sizes: over capitals they are raised."""

OFF_PAGE = (-4.0, -4.0, -2.0, -2.0)


def put_accents(layer: Layer) -> Layer:
    import numpy as np

    if ACCENTS.keys().isdisjoint(layer.text):
        return layer
    text, boxes = list(layer.text), layer.boxes.copy()
    reach = np.where(layer.each("turn") == 0, RAISED * layer.each("size"), 0.0)
    bases = layer.origins[:, 1]
    for at in np.flatnonzero(layer.every(ACCENTS.__contains__)).tolist():
        middle = (boxes[at, 0] + boxes[at, 2]) / 2
        over = (boxes[:, 0] < middle) & (middle < boxes[:, 2]) & (np.abs(bases - bases[at]) < reach)
        for letter in sorted(np.flatnonzero(over).tolist(), key=lambda other: abs(other - at)):
            together = with_accent(text[letter], text[at])
            if together:
                text[letter], boxes[at] = together, OFF_PAGE
                break
    return replace(layer, text="".join(text), boxes=boxes)
