"""Have lines read by Tesseract that the bundled models cannot read, where it is installed.

Takes a page's lines and its picture; gives those that were read, and in which language or script the others
seem to be. A page that was read without it costs nothing; one with lines that were lost costs a look at their
script, and a trial of the languages that are written in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papertray.engine.layout import scripts
from papertray.engine.layout.languages import FEW_UNKNOWN
from papertray.engine.layout.lines import Line
from papertray.engine.pages import Watch
from papertray.engine.readers.quick.marks import take_marks, with_commas
from papertray.engine.readers.quick.old_print import read_old_print, remove_specks
from papertray.engine.readers.quick.placing import AT_HOME, is_alike, latin_words, place_line
from papertray.engine.tesseract import hebrew
from papertray.engine.tesseract.answers import ReadLine
from papertray.engine.tesseract.languages import (
    ENGLISH,
    OWN_LETTERS,
    SCRIPTS,
    WRITES_LATIN,
    Language,
    known_languages,
    language_called,
    languages_of,
    share_in_script,
)
from papertray.engine.tesseract.packages import explain_language, explain_scripts
from papertray.engine.tesseract.program import FINDS_SCRIPTS, TesseractProgram

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, Any]

Cut = Callable[[Line], "Pixels"]
"""The grey picture of a line, with a margin for the marks above and below its letters."""

MOST_STACKED, PROBED = 8, 3
"""So many of the longest lines tell the script, so many the language."""

READABLE, SURE = 0.55, 0.9
"""A language in which the probed lines are surer than this fits, or fits without looking further. Others stay
below 0.45, those of the same script below 0.87."""

THAI_READABLE = 0.8
"""Thai is seen in everything."""

OWN_SHARE, OWN_SHARE_COUNTS = 0.01, 0.05
"""Persian has one letter in thirty that Arabic has not, and is read as Arabic with as much certainty."""

DOUBTFUL_SCRIPT = 3.0
"""A script that was told with less certainty than this may be another."""

WORTH = 0.1
"""So much of the lines' length, or so many lines, are worth a look at their script."""
WORTH_LINES = 3

TAKEN = 0.5
"""A line that was read with less certainty stays lost."""

SEES_LATIN = frozenset({"Korean", "Thai"})
"""Scripts whose lines are all read with English, too. In others that sees words that are not there."""

MUCH_SURER = 0.1
"""A line that is so much surer with English, too, is mostly English."""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """`lines` by their places among those that were given; `language` is theirs; `script` is
    the page's where no language of it is installed. `recognised` are the places of those lines that
    another recogniser read than Tesseract.
    """

    lines: dict[int, Line] = field(default_factory=dict)
    script: str = ""
    language: Language | None = None
    recognised: frozenset[int] = frozenset()


NOTHING_ELSE = OtherReading()


@dataclass(slots=True)
class OtherScripts:
    """`wanted` are the languages that may be used, all that are installed where it is None."""

    program: TesseractProgram
    wanted: tuple[str, ...] | None = None
    latest: Language | None = None

    def read_lost(self, lines: Sequence[Line], cut: Cut, watch: Watch) -> OtherReading:
        lost = [at for at, line in enumerate(lines) if scripts.is_lost(line)]
        if not is_worth_a_look([lines[at] for at in lost], lines):
            return NOTHING_ELSE
        longest = sorted((lines[at] for at in lost), key=lambda line: line.rect.width, reverse=True)
        pieces = [cut(line) for line in longest[:MOST_STACKED]]
        script, sure = "", 0.0
        language = self._latest(pieces[:PROBED], watch)
        if language is None:
            script, sure = self._script(pieces, watch)
            language = self._language(pieces[:PROBED], script, sure, watch)
        if language is None:
            has_it = any(one.script == script for one in self.installed())
            return OtherReading(script="" if has_it or sure < DOUBTFUL_SCRIPT else script)
        self.latest = language
        mostly = sum(map(_length, longest)) > sum(map(_length, lines)) / 2
        asked = [at for at, line in enumerate(lines) if at in lost or _may_be_foreign(line, mostly=mostly)]
        read = self._lines(asked, lines, language, cut, watch)
        read = hebrew.mend_plurals(read) if language.code == hebrew.CODE else read
        return OtherReading(read, language.script, language)

    def read_half_known(self, lines: Sequence[Line], name: str, cut: Cut, watch: Watch) -> OtherReading:
        """A page in the language of this name, of which the bundled models do not know single letters.

        A line stays as it was where this reading is unsure, or says something else.
        """
        languages = [one for one in reversed(self.installed()) if one.name == name]  # the best stands last
        if not languages:
            return NOTHING_ELSE
        language = languages[0]
        if language.script == "Fraktur":
            pieces = [remove_specks(cut(line)) for line in lines]
            read = read_old_print(self.program, [one.code for one in languages], pieces, lines, watch)
        else:
            pieces = [cut(line) for line in lines]
            read = self.program.read_pieces(pieces, language.code, watch)
        if name in FEW_UNKNOWN:
            read = list(map(with_commas, read)) if language.code == "ron" else read
            marked = {at: take_marks(*both) for at, both in enumerate(zip(lines, read, strict=True))}
            found = {at: line for at, line in marked.items() if line is not lines[at]}
            return OtherReading(found, language.script, language)
        found = {
            at: place_line(line, again, None, piece.shape[1], language.script)
            for at, (line, piece, again) in enumerate(zip(lines, pieces, read, strict=True))
            if again.score >= TAKEN and (is_alike(again.text, line.text) or not scripts.is_read(line))
        }
        return OtherReading(found, language.script, language) if found else NOTHING_ELSE

    def installed(self) -> list[Language]:
        codes = self.program.languages()
        return known_languages(codes if self.wanted is None else codes.intersection(self.wanted))

    def _latest(self, pieces: Sequence[Pixels], watch: Watch) -> Language | None:
        """The language of the page before, where this one surely goes on in it."""
        if self.latest is None or self.latest not in self.installed():
            return None
        read = self.program.read_pieces(pieces, self.latest.code, watch)
        return self.latest if _certainty(read) >= SURE else None

    def _script(self, pieces: Sequence[Pixels], watch: Watch) -> tuple[str, float]:
        if FINDS_SCRIPTS not in self.program.languages():
            return "", 0.0
        return self.program.name_script(stack_pieces(pieces), watch)

    def _language(self, pieces: Sequence[Pixels], script: str, sure: float, watch: Watch) -> Language | None:
        """The language that reads the pieces best: of their script, or of any where that is in doubt."""
        installed = [language for language in self.installed() if language.script not in WRITES_LATIN]
        own = [language for language in installed if language.script == script]
        best, score = self._best(own, pieces, watch)
        if best is not None and score >= _readable(best):
            return best
        if sure >= DOUBTFUL_SCRIPT:
            return None
        firsts = [next((one for one in installed if one.script == name), None) for name in SCRIPTS]
        others = [first for first in firsts if first is not None and first.script != script]
        best, score = self._best(others, pieces, watch, enough=SURE)
        return best if best is not None and score >= _readable(best) else None

    def _best(
        self, languages: Iterable[Language], pieces: Sequence[Pixels], watch: Watch, enough: float = 1.0
    ) -> tuple[Language | None, float]:
        best, score = None, 0.0
        for language in languages:
            if score >= enough:
                break
            read = self.program.read_pieces(pieces, language.code, watch)
            found = rate_reading(language, read)
            if found > score:
                best, score = language, found
        return best, score

    def _lines(
        self, asked: Sequence[int], lines: Sequence[Line], language: Language, cut: Cut, watch: Watch
    ) -> dict[int, Line]:
        pieces = [cut(lines[at]) for at in asked]
        read = self.program.read_pieces(pieces, language.code, watch)
        with_english = self._with_english([lines[at] for at in asked], pieces, language, watch)
        found: dict[int, Line] = {}
        for number, (at, piece) in enumerate(zip(asked, pieces, strict=True)):
            other = with_english.get(number)
            known = (other or read[number]).text  # with both alphabets, Latin stays Latin
            surer = other.score - read[number].score if other is not None else 0.0
            if other is not None and surer > (0.0 if language.script in SEES_LATIN else MUCH_SURER):
                read[number], other = other, None
            if read[number].score >= TAKEN and _is_better(known, lines[at], language.script):
                found[at] = place_line(lines[at], read[number], other, piece.shape[1], language.script)
        return found

    def _with_english(
        self, lines: Sequence[Line], pieces: Sequence[Pixels], language: Language, watch: Watch
    ) -> dict[int, ReadLine]:
        """Lines on which Latin words seem to stand, read once more."""
        if language.script in WRITES_LATIN or ENGLISH not in self.program.languages():
            return {}
        every = language.script in SEES_LATIN
        mixed = [at for at, line in enumerate(lines) if every or any(latin_words(line))]
        read = self.program.read_pieces([pieces[at] for at in mixed], f"{language.code}+{ENGLISH}", watch)
        return dict(zip(mixed, read, strict=True))


def remedy_for(other: OtherReading, half_known: str = "", *, has_program: bool) -> str:
    """What would have the rest read, as a sentence; nothing where that is not known.

    `half_known` is the name of the page's language, where single letters of it are unknown.
    """
    if half_known:
        return explain_language(language_called(half_known), has_program=has_program)
    if not has_program:
        return explain_scripts(has_program=False)
    if other.language is None and other.script in SCRIPTS:
        return explain_language(languages_of(other.script)[0], has_program=True)
    return ""


def stack_pieces(pieces: Sequence[Pixels]) -> Pixels:
    """Lines below each other on one sheet, all of one height."""
    import cv2
    import numpy as np

    high, white = 40, 20
    widths = [max(1, round(piece.shape[1] * high / piece.shape[0])) for piece in pieces]
    scaled = [
        cv2.resize(piece, (width, high), interpolation=cv2.INTER_AREA)
        for piece, width in zip(pieces, widths, strict=True)
    ]
    sheet = np.full((len(scaled) * (high + white) + white, max(widths) + 2 * white), 255, np.uint8)
    for at, piece in enumerate(scaled):
        top = white + at * (high + white)
        sheet[top : top + high, white : white + piece.shape[1]] = piece
    return sheet


def is_worth_a_look(lost: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether so much of a page was lost that its script should be found out."""
    whole = sum(map(_length, lines))
    return bool(lost) and (len(lost) >= WORTH_LINES or sum(map(_length, lost)) > WORTH * whole)


def _may_be_foreign(line: Line, *, mostly: bool) -> bool:
    """Whether a line that is not lost may be misread: letters that look alike, among lines of the script."""
    if not scripts.is_read(line):
        return True
    return mostly


def _is_better(text: str, line: Line, script: str) -> bool:
    return not scripts.is_read(line) or share_in_script(text, script) > AT_HOME


def _readable(language: Language) -> float:
    return THAI_READABLE if language.script == "Thai" else READABLE


def _certainty(read: Sequence[ReadLine]) -> float:
    letters = sum(len(line.text) for line in read)
    return sum(line.score * len(line.text) for line in read) / letters if letters else 0.0


def rate_reading(language: Language, read: Sequence[ReadLine]) -> float:
    """How well a language fits. One that saw letters of its own where another is as sure is the right one."""
    letters = "".join(line.text for line in read)
    own = sum(letter in OWN_LETTERS.get(language.code, ()) for letter in letters)
    return _certainty(read) + (OWN_SHARE_COUNTS if own > OWN_SHARE * len(letters) else 0.0)


def _length(line: Line) -> float:
    return line.rect.width
