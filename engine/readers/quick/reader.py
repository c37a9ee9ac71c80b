"""The quick reader: PP-OCR's small models, which come with the installation, and geometry of our own.

Takes page images; gives blocks in reading order. Needs no GPU, no account and no network. What it cannot read
is said on the page, not guessed: `engine.layout.scripts` tells what can be known of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from papertray.engine.errors import NothingRead
from papertray.engine.layer.written_text import compose_written, size_in_points
from papertray.engine.layout import scripts
from papertray.engine.layout.blocks import compose_layout
from papertray.engine.layout.bullets import restore_bullets
from papertray.engine.layout.certainty import LACKING, MISSPELLED, find_doubtful_words, rate_page
from papertray.engine.layout.ink import has_ink
from papertray.engine.layout.languages import CAPITALS_ONLY, FEW_UNKNOWN, name_half_known
from papertray.engine.layout.leftwards import join_leftwards
from papertray.engine.layout.lines import Line
from papertray.engine.layout.places import place_lines
from papertray.engine.layout.skew import StraightView
from papertray.engine.layout.strays import drop_strays
from papertray.engine.models.recognisers import Recogniser
from papertray.engine.pages import PageImage, PageText, PdfText, Reader, ReaderIdentity, TextSource, Watch
from papertray.engine.readers.quick import turning, written
from papertray.engine.readers.quick.low_quotes import restore_low_quotes
from papertray.engine.readers.quick.more_scripts import MoreScripts, suggest_recogniser
from papertray.engine.readers.quick.other_scripts import NOTHING_ELSE, OtherReading, OtherScripts, remedy_for
from papertray.engine.readers.quick.pictures import cut_pictures, look_for_figures, turn_grey
from papertray.engine.readers.quick.sheet import (
    Sheet,
    look_at_page,
    read_lines,
    stop_if_cancelled,
    with_margin,
)
from papertray.engine.rectangles import Rect
from papertray.engine.tesseract.program import find_program

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

ONE_LEFT_OUT = "1 line could not be read."
LEFT_OUT = "{lines} lines could not be read."
ONE_IN_PART = "1 line could be read only in part."
IN_PART = "{lines} lines could be read only in part."
STRANGE = "Perhaps this is an unknown script."
MARKS_LOST = (
    "This looks like {language}, whose letters the quick reader knows only in part:"
    " words of it are misspelled."
)
FEW_LOST = (
    "This looks like {language}, of which the quick reader does not know single letters ({letters}):"
    " where they stand, words lack them or their marks."
)


def load(
    threads: int | None = None,
    pdf_text: PdfText = PdfText.AUTO,
    languages: tuple[str, ...] | None = None,
    cut_figures: bool = False,
    recognisers: Mapping[Recogniser, Path] = MappingProxyType({}),
) -> Reader:
    """`threads` is the number of physical cores unless something else is asked for.

    `languages` are those that Tesseract may be asked for: all that are installed, or none where it is empty.
    `recognisers` for other scripts are asked for what is still lost then.
    """
    from papertray.engine.readers.quick import rapid

    program = find_program() if languages != () else None
    others = OtherScripts(program, languages) if program else None
    engine = rapid.load(threads)
    more = MoreScripts(recognisers, engine.at_once)
    return QuickReader(engine, pdf_text, others, languages != (), cut_figures, more)


@dataclass(slots=True)
class QuickReader:
    rapid: RapidEngine
    pdf_text: PdfText = PdfText.AUTO
    others: OtherScripts | None = None
    wants_others: bool = False
    cut_figures: bool = False
    more: MoreScripts | None = None

    @property
    def identity(self) -> ReaderIdentity:
        """With the models of all that may have a say."""
        more = (row.model for row in self.more.files) if self.more else ()
        return ReaderIdentity("quick", ", ".join((self.rapid.revision, *more)), "cpu")

    @property
    def batch(self) -> int:
        return 1

    @property
    def why(self) -> str:
        """Nothing was chosen: it runs on the processor, everywhere."""
        return ""

    @property
    def rung(self) -> str:
        return ""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        return [self._read(page, watch) for page in pages]

    def _read(self, page: PageImage, watch: Watch) -> PageText:
        text = self._written(page, watch) or self._page(_pixels(page), watch)
        text = size_in_points(text, page.dots_per_inch)
        return cut_pictures(page, text) if self.cut_figures else text

    def close(self) -> None:
        """The models go with the reader."""
        self.rapid.close()

    def _written(self, page: PageImage, watch: Watch) -> PageText | None:
        """The page as its file has it, where that can be trusted."""
        stop_if_cancelled(watch)
        if page.layer is None or self.pdf_text is PdfText.NEVER:
            return None
        trusting = self.pdf_text is PdfText.ALWAYS
        text = written.read_written(page.layer, self.rapid, partial(_pixels, page), watch, trusting=trusting)
        if text is None:
            return None
        figures: tuple[Rect, ...] = ()
        if self.cut_figures:
            grey = turn_grey(_pixels(page), text.view)
            figures = look_for_figures(grey, text.lines, text.rules, text.view)
        return compose_written(text, page.layer, _explain(text.lost, (), ""), figures)

    def _page(self, pixels: Pixels, watch: Watch) -> PageText:
        sheet = look_at_page(self.rapid, pixels, 0, watch)
        if quarters := turning.count_quarter_turns(self.rapid, sheet, watch):
            sheet = look_at_page(self.rapid, pixels, quarters, watch)
        lines = read_lines(self.rapid, sheet, watch)
        if scripts.legible(lines) < turning.WELL_READ and turning.is_upside_down(self.rapid, sheet, watch):
            sheet = look_at_page(self.rapid, pixels, sheet.view.quarters + 2, watch)
            lines = read_lines(self.rapid, sheet, watch)
        lines = restore_low_quotes(
            lines, lambda line: self.rapid.piece(sheet.grey, sheet.view.corners(line.rect))
        )
        half_known = name_half_known(line.text for line in lines if scripts.is_read(line))
        other = self._read_otherwise(sheet, lines, half_known, watch)
        half_known = "" if other.language else half_known
        return _told(sheet, lines, other, half_known, self._remedy(other, half_known), self.cut_figures)

    def _remedy(self, other: OtherReading, half_known: str) -> str:
        if not self.wants_others:
            return ""
        if other.recognised:
            return ""
        remedy = remedy_for(other, half_known, has_program=self.others is not None)
        if half_known or not remedy:
            return remedy
        return f"{remedy} {suggest_recogniser(other.script, self.more.names if self.more else ())}".strip()

    def _read_otherwise(
        self, sheet: Sheet, lines: Sequence[Line], half_known: str, watch: Watch
    ) -> OtherReading:
        """The lines that were not read, or not with all their letters, by others that can read them."""

        def cut(line: Line) -> Pixels:
            return self.rapid.piece(sheet.grey, sheet.view.corners(with_margin(line.rect)))

        def cut_close(line: Line) -> Pixels:
            return self.rapid.piece(sheet.pixels, sheet.view.corners(line.rect))

        if half_known:
            return self.others.read_half_known(lines, half_known, cut, watch) if self.others else NOTHING_ELSE
        other = self.others.read_lost(lines, cut, watch) if self.others else NOTHING_ELSE
        return self.more.read_rest(lines, other, cut_close, watch) if self.more else other


def _pixels(page: PageImage) -> Pixels:
    """Blue, green, red: the order in which the models were taught."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(page.image.convert("RGB"))[:, :, ::-1])


def _told(
    sheet: Sheet,
    lines: Sequence[Line],
    other: OtherReading,
    half_known: str,
    remedy: str,
    cut_figures: bool,
) -> PageText:
    """What the note says of this page. Lines that were not read are counted, never shown."""
    lines = [other.lines.get(at, line) for at, line in enumerate(lines)]
    lost = [at for at, line in enumerate(lines) if at not in other.lines and not scripts.is_read(line)]
    hopeless = scripts.legible(lines, other.lines) <= scripts.HOPELESS
    kept = {} if hopeless else {at: line for at in lost if (line := scripts.keep_sure_words(lines[at]))}
    read = [kept.get(at, line) for at, line in enumerate(lines) if at in kept or at not in lost]
    read = [] if hopeless else drop_strays(read)
    if not any(letter.isalnum() for line in read for letter in line.text):
        if has_ink(sheet.grey) or any(scripts.is_lost(line) for line in lines):
            raise NothingRead(found=bool(lines), remedy=remedy)
        return PageText((), blank=True, confidence=1.0)
    left_out = [lines[at] for at in lost if at not in kept and scripts.is_lost(lines[at])]
    smudges = [lines[at] for at in lost if at not in kept and not scripts.is_lost(lines[at])]
    warnings = _explain(left_out, list(kept.values()), remedy)
    if half_known:
        warnings.append(f"{_explain_language(half_known)} {remedy}".strip())
    view, read = sheet.view, join_leftwards(read)
    figures = look_for_figures(sheet.grey, read, sheet.rules, view) if cut_figures else ()
    blocks = compose_layout(restore_bullets(read), sheet.rules, view.box, _paper(view), figures=figures)
    return PageText(
        blocks,
        source=_source(other, lines),
        warnings=tuple(warnings),
        confidence=rate_page([*read, *smudges], left_out, best=_best(half_known)),
        doubtful_words=find_doubtful_words(read, view.box),
        lines=place_lines(read, view, blocks),
    )


def _explain_language(half_known: str) -> str:
    letters = FEW_UNKNOWN.get(half_known, "")
    return (FEW_LOST if letters else MARKS_LOST).format(language=half_known, letters=letters)


def _best(half_known: str) -> float:
    """How sure a page in this language can be at most."""
    if not half_known or half_known in CAPITALS_ONLY:
        return 1.0
    return LACKING if half_known in FEW_UNKNOWN else MISSPELLED


def _source(other: OtherReading, lines: Sequence[Line]) -> TextSource:
    by_tesseract = [line for at, line in other.lines.items() if at not in other.recognised]
    if not by_tesseract:
        return TextSource.RECOGNISED
    theirs = sum(len(line.text) for line in by_tesseract)
    mostly = theirs > sum(len(line.text) for line in lines) / 2
    return TextSource.BY_TESSERACT if mostly else TextSource.PARTLY_BY_TESSERACT


def _explain(left_out: Sequence[Line], kept: Sequence[Line], remedy: str) -> list[str]:
    """What is said of lines that were not read, and of those of which only some words were."""
    whole = [
        (one if len(lines) == 1 else more).format(lines=len(lines))
        for one, more, lines in ((ONE_LEFT_OUT, LEFT_OUT, left_out), (ONE_IN_PART, IN_PART, kept))
        if lines
    ]
    strange = any(scripts.is_strange(line) for line in left_out)
    return [" ".join([*whole, *([STRANGE, remedy] if strange else [])]).strip()] if whole else []


def _paper(view: StraightView) -> Rect:
    return Rect(0, 0, view.width, view.height)
