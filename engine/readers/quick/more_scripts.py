"""Have lines read by PP-OCR's recognisers for other scripts, where some were fetched.

Takes a page's lines, and what Tesseract could do for them, which goes first: what it is worth was measured.
Gives those that were still lost and that a recogniser reads as surely as a line must be. A page on which
nothing was lost costs nothing, and no recogniser is opened before it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from papertray.engine.layer.bidi import order_letters
from papertray.engine.layout import scripts
from papertray.engine.layout.lines import Line
from papertray.engine.layout.words import place_words
from papertray.engine.models.recognisers import Recogniser, recognisers_of
from papertray.engine.pages import Watch
from papertray.engine.readers.quick.other_scripts import PROBED, OtherReading, is_worth_a_look
from papertray.engine.readers.quick.placing import AT_HOME
from papertray.engine.readers.quick.sessions import open_session
from papertray.engine.readers.quick.sheet import stop_if_cancelled
from papertray.engine.readers.quick.steps import RecognisedText, spell_steps
from papertray.engine.tesseract.languages import LEFTWARDS, share_in_script

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

HIGH, NARROWEST = 48, 320
"""How high a line is for them, and how wide at least: so they were taught."""

FETCH = "Or fetch a recogniser for it: `papertray models pull {name}`."
FETCH_ANY = "Or fetch a recogniser, for Russian with `papertray models pull {name}`; `models list` names all."
EXAMPLE = "Cyrillic"

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class AtOnce(Protocol):
    """Work on several items at once, answers in their order."""

    def __call__(self, work: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterator[Answer]: ...


@dataclass(frozen=True, slots=True)
class OpenRecogniser:
    """`letters` name what it tells apart: none first, the blank last."""

    session: Any
    letters: tuple[str, ...]

    @classmethod
    def open(cls, path: Path) -> OpenRecogniser:
        session = open_session(str(path), 1)
        known = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        return cls(session, ("", *known, " "))

    def read(self, piece: Pixels) -> RecognisedText:
        """One line, blue, green, red."""
        import cv2
        import numpy as np

        ratio = piece.shape[1] / piece.shape[0]
        wide = max(NARROWEST, int(HIGH * ratio))
        filled = min(wide, int(np.ceil(HIGH * ratio)))
        sheet = np.zeros((1, 3, HIGH, wide), np.float32)
        sheet[0, :, :, :filled] = cv2.resize(piece, (filled, HIGH)).transpose(2, 0, 1) / 127.5 - 1.0
        (chances,) = self.session.run(None, {self.session.get_inputs()[0].name: sheet})
        return spell_steps(chances[0], self.letters, filled / wide)


@dataclass(slots=True)
class MoreScripts:
    """`files` are the recognisers that are here; one that cannot be opened is as none."""

    files: Mapping[Recogniser, Path]
    at_once: AtOnce
    _opened: dict[Recogniser, OpenRecogniser | None] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.files)

    def read_rest(
        self, lines: Sequence[Line], other: OtherReading, cut: Callable[[Line], Pixels], watch: Watch
    ) -> OtherReading:
        """The same reading with what a recogniser adds; `other` has the page's script, if it is known."""
        lost = [at for at, line in enumerate(lines) if at not in other.lines and scripts.is_lost(line)]
        rows = [row for row in self.files if other.script in ("", row.script)]
        if not rows or not is_worth_a_look([lines[at] for at in lost], lines):
            return other
        longest = sorted(lost, key=lambda at: lines[at].rect.width, reverse=True)
        pieces = {at: cut(lines[at]) for at in longest[:PROBED]}
        stop_if_cancelled(watch)
        row = self._surest(rows, lines, pieces)
        if row is None:
            return other
        mostly = sum(lines[at].rect.width for at in lost) > sum(line.rect.width for line in lines) / 2
        asked = [at for at in range(len(lines)) if at not in other.lines] if mostly else lost
        pieces |= {at: cut(lines[at]) for at in asked if at not in pieces}
        stop_if_cancelled(watch)
        found = self._lines(row, lines, {at: pieces[at] for at in asked})
        return replace(other, lines={**other.lines, **found}, script=row.script, recognised=frozenset(found))

    def _surest(
        self, rows: Sequence[Recogniser], lines: Sequence[Line], pieces: Mapping[int, Pixels]
    ) -> Recogniser | None:
        """The one that reads most of the pieces, and is surest of them."""
        best, most = None, (len(pieces) / 2, 0.0)
        for row in rows:
            found = self._lines(row, lines, pieces)
            fit = (len(found), sum(line.score for line in found.values()))
            if fit > most:
                best, most = row, fit
        return best

    def _lines(self, row: Recogniser, lines: Sequence[Line], pieces: Mapping[int, Pixels]) -> dict[int, Line]:
        recogniser = self._open(row)
        if recogniser is None:
            return {}
        read = zip(pieces, self.at_once(recogniser.read, pieces.values()), strict=True)
        placed = {at: _place(lines[at], found, row.script) for at, found in read}
        return {at: line for at, line in placed.items() if _is_in(line, row.script)}

    def _open(self, row: Recogniser) -> OpenRecogniser | None:
        if row not in self._opened:
            try:
                self._opened[row] = OpenRecogniser.open(self.files[row])
            except Exception:  # damaged or taken away meanwhile: `papertray models verify` tells
                self._opened[row] = None
        return self._opened[row]


def suggest_recogniser(script: str, here: Collection[str]) -> str:
    """Which one to fetch for a script, or for any where that is not known; nothing where there is none to."""
    names = [row.name for row in recognisers_of(script or EXAMPLE) if row.name not in here]
    if not names or (not script and here):
        return ""
    return (FETCH if script else FETCH_ANY).format(name=names[0])


def _place(line: Line, found: RecognisedText, script: str) -> Line:
    text = found.text.strip()
    if script in LEFTWARDS and share_in_script(text, script) > AT_HOME:
        text = "".join(text[at] for at in order_letters(text))  # it was seen from left to right
        return replace(line, text=text, score=found.score, words=(), right_to_left=True)
    words = place_words(found.text, found.places, line.rect, found.certain)
    return replace(line, text=text, score=found.score, words=words)


def _is_in(line: Line, script: str) -> bool:
    """Whether it was read, and in this script; short lines, of which little can be said, too."""
    sure = line.score >= scripts.UNSURE and scripts.covered(line) >= scripts.SPARSE
    return sure and share_in_script(line.text, script) > AT_HOME
