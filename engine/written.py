"""What is written on a page, as values. Places are in pixels of its picture, the top left at (0, 0)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

INVISIBLE, CLIP_ONLY, STROKED = 3, 7, 2
"""Ways of drawing a letter, as PDF numbers them: not at all, as an outline to clip by, with a pen too."""


@dataclass(frozen=True, slots=True)
class LetterStyle:
    """How letters are set: `size` in pixels, `turn` in degrees clockwise from left to right, 0xRRGGBB.

    `order` says when they are drawn, beside the page's pictures.
    """

    size: float
    turn: float = 0.0
    bold: bool = False
    italic: bool = False
    mono: bool = False
    colour: int = 0
    seen: bool = True
    order: int = 0
    font: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    rect: Rect
    address: str


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    rect: Rect
    order: int


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One page's letters in the order of the file, `text` holding one character for each.

    `boxes` are left, top, right and bottom of their ink, `rooms` of what they take on their line; `origins`
    where they stand on it; `styled` places in `styles`; `unmapped` those whose font does not say what they
    mean. `sketch` is a small grey picture of the whole page. `titles` are those that the file's outline names
    on it, each with its depth, from 1, and on the first page the document's own, with 0.
    """

    width: int
    height: int
    text: str
    boxes: Numbers
    rooms: Numbers
    origins: Numbers
    styled: Numbers
    unmapped: Numbers
    styles: tuple[LetterStyle, ...]
    sketch: Numbers
    links: tuple[PageLink, ...] = ()
    rules: tuple[Rect, ...] = ()
    pictures: tuple[PlacedPicture, ...] = ()
    titles: tuple[tuple[str, int], ...] = ()

    @property
    def codes(self) -> Numbers:
        import numpy as np

        return np.frombuffer(self.text.encode("utf-32-le"), np.uint32)

    def every(self, ask: Callable[[str], object]) -> Numbers:
        """What `ask` says of every letter; each of the alphabet is asked about once."""
        import numpy as np

        alphabet = sorted(set(self.text))
        places = np.searchsorted(np.array([ord(letter) for letter in alphabet]), self.codes)
        answers: Numbers = np.array([ask(letter) for letter in alphabet])[places]
        return answers

    def each(self, name: str) -> Numbers:
        """One value of every letter's style."""
        import numpy as np

        values: Numbers = np.array([getattr(style, name) for style in self.styles])[self.styled]
        return values
