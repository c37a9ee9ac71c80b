"""Read a line that was in doubt a second time: smoothed, and a short one set twice side by side.

One that was read, but not quite surely, is smoothed a little, so that the dots of its letters run together;
the surer reading stands.
A number in which a mark was nearly seen is in doubt, too, however certain its digits are: 1.80 and 180.

What is printed over a screen of dots, as faxes and copies have grey, and what is full of grain is read only
when the dots have run together. A single figure or two letters are too little for the recogniser to see what
they are; set twice they are a line, and only what was seen in both places counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from papertray.engine.readers.quick.blanks import MARKS
from papertray.engine.readers.quick.steps import NOTHING, RecognisedText

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

DOUBTED = 0.85
"""A line that was read with less certainty is looked at again. Most lines are far above."""

BELIEVED = 0.9
"""The second reading stands if it is as certain as this: there are more ways to be wrong than one."""

UNSURE, SURER = 0.97, 0.02
"""A line that was read with less certainty is looked at once more; what is surer by the second stands."""

SOFTER = 0.045
"""By so much of its height it is smoothed then."""

SMOOTHER = 1.0, 2.0
"""By how many pixels: for grain, and for the dots of a screen."""


SHORT, AROUND = 1.6, 0.2
"""Heights of a short line, and of the white that is set around it."""

BELIEVED_TWICE = 0.85
"""What was seen in both places needs less certainty."""


def read_again(rapid: RapidEngine, piece: Pixels) -> RecognisedText:
    """The surer of the readings that can be believed; nothing where none can."""
    readings = [found for found in _read_smoothed(rapid, piece) if found.score >= BELIEVED]
    if piece.shape[1] < SHORT * piece.shape[0]:
        readings += [found for found in [_read_twice(rapid, piece)] if found.score >= BELIEVED_TWICE]
    return max(readings, key=lambda found: found.score, default=NOTHING)


def read_softer(rapid: RapidEngine, piece: Pixels) -> RecognisedText:
    import cv2

    return rapid.read(cv2.GaussianBlur(piece, (0, 0), SOFTER * piece.shape[0]))


def see_marks(rapid: RapidEngine, piece: Pixels, found: RecognisedText) -> RecognisedText:
    """The same with the pale marks in its numbers, where smoothing brings out these and nothing else."""
    import cv2

    if not found.pale_mark:
        return found
    again = rapid.read(cv2.GaussianBlur(piece, (0, 0), SMOOTHER[0]))
    more = len(again.text.replace(" ", "")) > len(found.text.replace(" ", ""))
    return again if more and _bare(again.text) == _bare(found.text) else found


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter not in f" {MARKS}")


def _read_smoothed(rapid: RapidEngine, piece: Pixels) -> Iterator[RecognisedText]:
    import cv2

    for pixels in SMOOTHER:
        yield rapid.read(cv2.GaussianBlur(piece, (0, 0), pixels))


def _read_twice(rapid: RapidEngine, piece: Pixels) -> RecognisedText:
    import cv2
    import numpy as np

    edge = round(AROUND * piece.shape[0])
    paper = np.median(np.concatenate([piece[0], piece[-1]]), axis=0).tolist()
    wide = cv2.copyMakeBorder(piece, 0, 0, edge, edge, cv2.BORDER_CONSTANT, value=paper)
    return halve(rapid.read(np.hstack([wide, wide])), edge / wide.shape[1])


def halve(found: RecognisedText, edge: float) -> RecognisedText:
    """What stands there once of what was read twice; nothing where the halves differ. `edge` is in halves."""
    letters = [(letter, sure) for letter, sure in zip(found.text, found.certain, strict=True) if letter > " "]
    first, second = letters[: len(letters) // 2], letters[len(letters) // 2 :]
    if not first or [letter for letter, _ in first] != [letter for letter, _ in second]:
        return NOTHING
    certain = tuple(min(one, other) for (_, one), (_, other) in zip(first, second, strict=True))
    places = (min(1.0, max(0.0, (2 * place - edge) / (1 - 2 * edge))) for place in found.places[: len(first)])
    text = "".join(letter for letter, _ in first)
    return RecognisedText(text, sum(certain) / len(certain), tuple(places), certain)
