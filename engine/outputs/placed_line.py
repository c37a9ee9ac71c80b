"""A line of a page with a place for each of its words, as hOCR and searchable PDFs want it. Pure."""

from dataclasses import dataclass

from papertray.engine.outputs.words import WHOLE, PlacedWord
from papertray.engine.pages import Box

Place = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """`place`: see `TextLine`. A `written` line stands in the file itself."""

    place: Place
    words: tuple[PlacedWord, ...]
    written: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return self._part(0.0, 1.0)

    def word_box(self, word: PlacedWord) -> Box:
        return self._part(word.start / WHOLE, word.end / WHOLE)

    def _part(self, start: float, end: float) -> Box:
        """The smallest upright box around a stretch of the line."""
        x0, y0, x1, y1, x2, y2 = self.place
        along, down = (x1 - x0, y1 - y0), (x2 - x0, y2 - y0)
        corners = [
            (x0 + way * along[0] + side * down[0], y0 + way * along[1] + side * down[1])
            for way in (start, end)
            for side in (0, 1)
        ]
        xs, ys = ([min(max(corner[axis], 0.0), 1.0) for corner in corners] for axis in (0, 1))
        return Box(min(xs), min(ys), max(xs), max(ys))
