"""Do letters look like what they say? An x is low, an l is high, a p reaches below its line.

Takes a layer's letters; gives for each font how well the ink of its letters fits their names. A font whose
map of letters is shifted or shuffled fits badly, whatever words it makes. None where there are too few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertray.engine.layer.letters import are_empty, are_named_blank
from papertray.engine.written import Layer

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

LOW = "acemnorsuvwxzагежзиклмнопстхчшъыьэюяαειικνοπστυω"
HIGH = "bdfhklABDEFGHIKLMNPRSTUVXYZБГЕЖЗИКЛМНОПРСТУХЧ"
DEEP = "gpqyрфηχψ"

FEWEST = 12
"""So many letters of a font have to be low, and as many of the others, before it can be judged."""

LEVEL, HIGHER, DEEPER = 0.15, 1.15, -0.12
"""In heights of low letters: how much these differ, what is higher, and what reaches below the line."""


def misnamed_blanks(layer: Layer) -> Numbers:
    """Letters without ink that are named otherwise than blanks are."""
    found: Numbers = are_empty(layer) & ~are_named_blank(layer.codes) & layer.each("seen")
    return found


def font_fits(layer: Layer, at: Numbers) -> dict[str, float | None]:
    """For each font, the share of its letters among those `at` that look like what they say."""
    import numpy as np

    numbers = {style.font: number for number, style in enumerate(layer.styles)}
    fonts = np.array([numbers[style.font] for style in layer.styles])[layer.styled[at]]
    kinds = layer.every(_kind)[at]
    upright = np.abs(layer.each("turn")[at]) < 1
    size = np.maximum(layer.each("size")[at], 1e-6)
    rise = (layer.origins[at, 1] - layer.boxes[at, 1]) / size
    fall = (layer.origins[at, 1] - layer.boxes[at, 3]) / size
    return {
        font: _fit(kinds[mine], rise[mine], fall[mine])
        for font, number in numbers.items()
        for mine in [np.flatnonzero((fonts == number) & upright)]
    }


def _kind(letter: str) -> int:
    return 1 if letter in LOW else 2 if letter in HIGH else 3 if letter in DEEP else 0


def _fit(kinds: Numbers, rise: Numbers, fall: Numbers) -> float | None:
    import numpy as np

    low, high, deep = kinds == 1, kinds == 2, kinds == 3
    if low.sum() < FEWEST or high.sum() + deep.sum() < FEWEST:
        return None
    usual = float(np.median(rise[low]))
    if usual <= 0:
        return 0.0
    good = np.concatenate(
        [
            (np.abs(rise[low] / usual - 1) < LEVEL) & (fall[low] / usual > DEEPER),
            rise[high] / usual > HIGHER,
            fall[deep] / usual < DEEPER,
        ]
    )
    return float(good.mean())
