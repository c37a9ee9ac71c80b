"""The quick reader: PP-OCR's small models, which come with the installation, and geometry of our own.

Takes page images; gives blocks in reading order. Needs no GPU, no account and no network. What it cannot read
is said on the page, not guessed: `engine.layout.scripts` tells what can be known of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from papertray.engine.errors import NothingRead
from papertray.engine.layout import scripts
from papertray.engine.layout.blocks import compose_layout
from papertray.engine.layout.bullets import restore_bullets
from papertray.engine.layout.ink import has_ink
from papertray.engine.layout.languages import name_half_known
from papertray.engine.layout.lines import Line
from papertray.engine.layout.skew import StraightView
from papertray.engine.pages import PageImage, PageText, PdfText, Reader, ReaderIdentity, TextSource, Watch
from papertray.engine.readers.quick import turning, written
from papertray.engine.readers.quick.sheet import Sheet, look_at_page, read_lines, stop_if_cancelled
from papertray.engine.rectangles import Rect

if TYPE_CHECKING:
    import numpy as np

    from papertray.engine.readers.quick.rapid import RapidEngine

    Pixels = np.ndarray[Any, Any]

LEFT_OUT = "{lines} could not be read and had to be left out, perhaps because of an unknown script."
MARKS_LOST = (
    "This looks like {language}, whose marks the quick reader does not know: many words are misspelled."
)


def load(threads: int | None = None, pdf_text: PdfText = PdfText.AUTO) -> Reader:
    """`threads` is the number of physical cores unless something else is asked for."""
    from papertray.engine.readers.quick import rapid

    return QuickReader(rapid.load(threads), pdf_text)


@dataclass(slots=True)
class QuickReader:
    rapid: RapidEngine
    pdf_text: PdfText = PdfText.AUTO

    @property
    def identity(self) -> ReaderIdentity:
        return ReaderIdentity("quick", self.rapid.revision, "cpu")

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
        return [self._written(page, watch) or self._page(_pixels(page), watch) for page in pages]

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
        source = TextSource.PARTLY_WRITTEN if text.recognised else TextSource.WRITTEN
        blocks = compose_layout(text.lines, text.rules, text.view.box, _paper(text.view))
        return PageText(blocks, source=source)

    def _page(self, pixels: Pixels, watch: Watch) -> PageText:
        sheet = look_at_page(self.rapid, pixels, 0, watch)
        if quarters := turning.count_quarter_turns(self.rapid, sheet, watch):
            sheet = look_at_page(self.rapid, pixels, quarters, watch)
        lines = read_lines(self.rapid, sheet, watch)
        if scripts.legible(lines) < turning.WELL_READ and turning.is_upside_down(self.rapid, sheet, watch):
            sheet = look_at_page(self.rapid, pixels, sheet.view.quarters + 2, watch)
            lines = read_lines(self.rapid, sheet, watch)
        return _told(sheet, lines)


def _pixels(page: PageImage) -> Pixels:
    """Blue, green, red: the order in which the models were taught."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(page.image.convert("RGB"))[:, :, ::-1])


def _told(sheet: Sheet, lines: Sequence[Line]) -> PageText:
    """What the note says of this page. Lines that were not read are counted, never shown."""
    read = (
        [line for line in lines if scripts.is_read(line)] if scripts.legible(lines) > scripts.HOPELESS else []
    )
    if not any(letter.isalnum() for line in read for letter in line.text):
        if has_ink(sheet.grey) or any(scripts.is_lost(line) for line in lines):
            raise NothingRead(found=bool(lines))
        return PageText((), blank=True)
    lost = sum(scripts.is_lost(line) for line in lines)
    warnings = [LEFT_OUT.format(lines="1 line" if lost == 1 else f"{lost} lines")] if lost else []
    if language := name_half_known(line.text for line in read):
        warnings.append(MARKS_LOST.format(language=language))
    view = sheet.view
    blocks = compose_layout(restore_bullets(read), sheet.rules, view.box, _paper(view))
    return PageText(blocks, warnings=tuple(warnings))


def _paper(view: StraightView) -> Rect:
    return Rect(0, 0, view.width, view.height)
