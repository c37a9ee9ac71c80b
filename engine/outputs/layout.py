"""JSON: pages, blocks, lines and words with their places; docs/layout.schema.json describes it."""

import json
from typing import Any

from papertray.engine.markdown import FailedPage
from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.placing import place_page
from papertray.engine.outputs.plain import markdown_as_text
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.outputs.safe_html import render_html
from papertray.engine.outputs.tables import tables_of_html
from papertray.engine.pages import Block, BlockKind, Box, PageText

FORM, VERSION = "papertray-layout", 1
_DIGITS = 4


def write_layout(reading: FinishedReading) -> list[OutputFile]:
    content = json.dumps(describe_layout(reading), ensure_ascii=False, separators=(",", ":"))
    return [OutputFile(".json", f"{content}\n".encode("utf-8", "replace"))]


def describe_layout(reading: FinishedReading) -> dict[str, Any]:
    """Places are fractions of the page, from its top left corner: left, top, right, bottom."""
    return {
        "format": FORM,
        "version": VERSION,
        "source": {"name": reading.name, "sha256": reading.sha256, "pages": len(reading.pages)},
        "reader": {
            "name": reading.reader.name,
            "revision": reading.reader.revision,
            "device": reading.reader.device,
        },
        "date": reading.date.isoformat(timespec="seconds"),
        "pages": [
            {"number": number, **_size(reading, number), **_page(page)}
            for number, page in enumerate(reading.pages, start=1)
        ],
    }


def block_of(line: PlacedLine, page: PageText) -> int | None:
    """The number of the smallest block that the middle of a line stands in."""
    box = line.box
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    around = [
        ((place.right - place.left) * (place.bottom - place.top), number)
        for number, block in enumerate(page.blocks)
        if (place := block.box) and place.left <= x <= place.right and place.top <= y <= place.bottom
    ]
    return min(around)[1] if around else None


def _size(reading: FinishedReading, number: int) -> dict[str, Any]:
    if number > len(reading.sheets):
        return {"width": None, "height": None, "dots_per_inch": None}
    sheet = reading.sheets[number - 1]
    return {"width": sheet.width, "height": sheet.height, "dots_per_inch": sheet.dots_per_inch}


def _page(page: PageText | FailedPage) -> dict[str, Any]:
    if isinstance(page, FailedPage):
        return {"problem": " ".join(page.warnings), "blocks": [], "lines": []}
    return {
        "source": page.source,
        "confidence": page.confidence,
        "blank": page.blank,
        "ending": page.ending,
        "warnings": list(page.warnings),
        "blocks": [_block(block) for block in page.blocks],
        "lines": [_line(line, page) for line in place_page(page)],
        "doubtful_words": [
            {"text": word.text, "certain": word.certain, "box": _box(word.box)}
            for word in page.doubtful_words
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": block.kind,
        "box": _box(block.box),
        "text": markdown_as_text(block.markdown),
        "markdown": block.markdown,
    }
    if block.kind is BlockKind.TABLE:
        tables = tables_of_html(render_html(block.markdown))
        told["rows"] = tables[0].rows if tables else []
    return told


def _line(line: PlacedLine, page: PageText) -> dict[str, Any]:
    return {
        "block": block_of(line, page),
        "text": line.text,
        "box": _box(line.box),
        "words": [{"text": word.text, "box": _box(line.word_box(word))} for word in line.words],
    }


def _box(box: Box | None) -> list[float] | None:
    return (
        None if box is None else [round(edge, _DIGITS) for edge in (box.left, box.top, box.right, box.bottom)]
    )
