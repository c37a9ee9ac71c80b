"""hOCR: the words and their places as HTML, for programs that know what other readers of pages write.

Places are pixels of the page as it is drawn; where its size is not known, of an A4 page at 200 dots an inch.
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from papertray.engine.documents import PageSize
from papertray.engine.outputs.layout import block_of
from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.placing import place_page
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.pages import Box, PageText

A4 = PageSize(1654, 2339, 200.0)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="papertray {reader}" />
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word" />
</head>
<body>
"""


def write_hocr(reading: FinishedReading) -> list[OutputFile]:
    parts = [_HEAD.format(title=_told(reading.name), reader=_told(reading.reader.name))]
    for number, page in enumerate(reading.pages, start=1):
        sheet = reading.sheets[number - 1] if number <= len(reading.sheets) else A4
        parts += _page(number, page if isinstance(page, PageText) else PageText(()), sheet, reading.name)
    parts.append("</body>\n</html>\n")
    return [OutputFile(".hocr", "".join(parts).encode("utf-8", "replace"))]


def _page(number: int, page: PageText, sheet: PageSize, name: str) -> Iterator[str]:
    image = _told(name.replace('"', ""))
    whole = f"bbox 0 0 {sheet.width} {sheet.height}"
    title = f'image "{image}"; {whole}; ppageno {number - 1}'
    yield f"<div class='ocr_page' id='page_{number}' title='{title}'>\n"
    sure = round(100 * (1.0 if page.confidence is None else page.confidence))
    blocks = groupby(enumerate(place_page(page)), key=lambda line: block_of(line[1], page))
    for area, (_block, lines) in enumerate(blocks, start=1):
        listed = [line for _, line in lines]
        place = _bbox(_around(listed), sheet)
        yield f"<div class='ocr_carea' id='block_{number}_{area}' title='{place}'>\n"
        yield f"<p class='ocr_par' id='par_{number}_{area}' title='{place}'>\n"
        for count, line in enumerate(listed, start=1):
            yield from _line(f"{number}_{area}_{count}", line, sheet, sure)
        yield "</p>\n</div>\n"
    yield "</div>\n"


def _line(name: str, line: PlacedLine, sheet: PageSize, sure: int) -> Iterator[str]:
    yield f"<span class='ocr_line' id='line_{name}' title='{_bbox(line.box, sheet)}'>"
    for count, word in enumerate(line.words, start=1):
        place = _bbox(line.word_box(word), sheet)
        yield (
            f"<span class='ocrx_word' id='word_{name}_{count}' title='{place}; x_wconf {sure}'>"
            f"{_told(word.text)}</span> "
        )
    yield "</span>\n"


def _around(lines: list[PlacedLine]) -> Box:
    boxes = [line.box for line in lines]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _bbox(box: Box, sheet: PageSize) -> str:
    across = (round(edge * sheet.width) for edge in (box.left, box.right))
    left, right = across
    top, bottom = (round(edge * sheet.height) for edge in (box.top, box.bottom))
    return f"bbox {left} {top} {right} {bottom}"


def _told(text: str) -> str:
    """What XML can say, without what would end an attribute."""
    return escape("".join(letter for letter in text if letter.isprintable() or letter == " "))
