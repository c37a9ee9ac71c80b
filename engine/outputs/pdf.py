"""The searchable PDF: the document itself, with what was read behind what one sees.

The words are set on their places here; a child process opens the untrusted file and puts them in.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from papertray.engine.children.command import module_command
from papertray.engine.errors import DocumentGone, OutputsMissing
from papertray.engine.outputs.placed_line import PlacedLine
from papertray.engine.outputs.placing import place_page
from papertray.engine.outputs.reading import SEARCHABLE, FinishedReading, OutputFile
from papertray.engine.pages import PageText, TextSource
from papertray.engine.render_child.frames import Header
from papertray.engine.renderer.attended import AttendedChild

COMMAND = module_command("papertray.engine.pdf_child")
SECONDS = 600.0
"""For a whole document."""


def write_pdf(reading: FinishedReading) -> list[OutputFile]:
    if importlib.util.find_spec("pikepdf") is None:
        raise OutputsMissing("A searchable PDF", "pikepdf")
    if reading.source is None:
        raise DocumentGone(Path(reading.name))
    told = {
        "pages": _words(reading),
        "anew": _read_anew(reading),
        "title": Path(reading.name).stem,
        "seconds": SECONDS,
    }
    child = AttendedChild(COMMAND, reading.limits)
    try:
        content, obstacles = child.ask(reading.source, None, _parse, more=told, seconds=SECONDS)
    finally:
        child.end()
    return [OutputFile(SEARCHABLE, content, _remark(reading.name, obstacles))]


def _words(reading: FinishedReading) -> dict[str, list[Any]]:
    """Of each page what is not in the file itself."""
    return {
        str(number): [_told(line) for line in place_page(page) if not line.written]
        for number, page in enumerate(reading.pages, start=1)
        if isinstance(page, PageText) and page.source is not TextSource.WRITTEN
    }


def _read_anew(reading: FinishedReading) -> list[int]:
    return [
        number
        for number, page in enumerate(reading.pages, start=1)
        if isinstance(page, PageText) and not page.source.is_written
    ]


def _told(line: PlacedLine) -> list[Any]:
    return [line.place, [[word.text, round(word.start, 1), round(word.end, 1)] for word in line.words]]


def _parse(header: Header, body: bytearray) -> tuple[bytes, tuple[str, ...]]:
    return bytes(body), tuple(map(str, header["obstacles"]))


def _remark(name: str, obstacles: Sequence[str]) -> str:
    if not obstacles:
        return ""
    return f"The searchable PDF of {name} is no PDF/A: {'; '.join(obstacles)}."
