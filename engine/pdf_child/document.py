"""Put words under the pages of a PDF. The pages stay as they are: what is drawn on them is not touched.

Takes the open file and the words of each page; writes the whole file anew. What a file says against being
PDF/A is answered.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import BinaryIO

import pikepdf

from papertray.engine.errors import PdfLocked
from papertray.engine.pdf_child.content import FONT_NAME, InvisibleLine, PageFrame, draw_words, letters_of
from papertray.engine.pdf_child.font import embed_font, number_letters
from papertray.engine.pdf_child.old_words import remove_invisible_words
from papertray.engine.pdf_child.standard import make_standard
from papertray.engine.pdf_child.things import inherited
from papertray.engine.render_child.document import Refusal

_LETTER = (0, 0, 612, 792)


def add_words(
    file: BinaryIO, pages: Mapping[int, Sequence[InvisibleLine]], anew: Collection[int], out: BinaryIO
) -> list[str]:
    """Why the file is not PDF/A, where it is not. Pages that were read `anew` lose their older words."""
    try:
        pdf = pikepdf.open(file)
    except pikepdf.PasswordError:
        raise Refusal(PdfLocked) from None
    with pdf:
        for number in anew:
            if number <= len(pdf.pages):
                remove_invisible_words(pdf, pdf.pages[number - 1])
        set_words(pdf, pages)
        obstacles = make_standard(pdf)
        save(pdf, out)
    return obstacles


def set_words(pdf: pikepdf.Pdf, pages: Mapping[int, Sequence[InvisibleLine]]) -> None:
    letters = {letter for lines in pages.values() for letter in letters_of(lines)}
    codes = number_letters(sorted(letters))
    font = embed_font(pdf, codes) if any(pages.values()) else None
    for number, page in enumerate(pdf.pages, start=1):
        content = draw_words(pages.get(number, ()), _frame(page.obj), codes)
        if content and font is not None:
            _put_behind(pdf, page.obj, content, font)


def save(pdf: pikepdf.Pdf, out: BinaryIO) -> None:
    """Small; what is compressed in the source stays as it is."""
    locked = pdf.is_encrypted
    pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=None if locked else pikepdf.StreamDecodeLevel.none,
        compress_streams=True,
        encryption=True if locked else None,
        deterministic_id=not locked,
        min_version="1.7",
        fix_metadata_version=False,
    )


def _put_behind(pdf: pikepdf.Pdf, page: pikepdf.Object, content: bytes, font: pikepdf.Object) -> None:
    """Before all else that the page draws, where nothing has moved its axes yet."""
    before = page.get("/Contents")
    rest = list(before) if isinstance(before, pikepdf.Array) else [] if before is None else [before]
    page.Contents = pikepdf.Array([pdf.make_stream(content), *rest])
    resources = _copy(inherited(page, "/Resources"))  # its own: others may share it
    fonts = _copy(resources.get("/Font"))
    fonts[f"/{FONT_NAME}"] = font
    resources.Font = fonts
    page.Resources = resources


def _copy(table: object) -> pikepdf.Dictionary:
    copied = pikepdf.Dictionary()
    for key, value in table.items() if isinstance(table, pikepdf.Dictionary) else ():
        copied[key] = value
    return copied


def _frame(page: pikepdf.Object) -> PageFrame:
    sheet = _rectangle(inherited(page, "/MediaBox")) or _LETTER
    seen = _rectangle(inherited(page, "/CropBox")) or sheet
    left, bottom = max(sheet[0], seen[0]), max(sheet[1], seen[1])
    right, top = min(sheet[2], seen[2]), min(sheet[3], seen[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = sheet
    turn = inherited(page, "/Rotate")
    return PageFrame(left, bottom, right, top, int(turn) % 360 if turn is not None else 0)


def _rectangle(box: pikepdf.Object | None) -> tuple[float, float, float, float] | None:
    try:
        x0, y0, x1, y1 = (float(number) for number in box or ())
    except (TypeError, ValueError):
        return None
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
