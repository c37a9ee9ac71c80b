"""papertray for other Python programs: what `import papertray` offers, gathered from the engine.

Takes a path; gives the document that was read. Fetched models are found where papertray keeps them. Settings,
journal and watched folders are neither asked nor touched, and nothing is written.
"""

import hashlib
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from papertray.engine.beneath import NamedFile
from papertray.engine.choice import AUTO
from papertray.engine.devices.machine import survey_machine
from papertray.engine.devices.rows import require_device, require_usable
from papertray.engine.document_reader import Document, DocumentReader, PageProgress, require_file
from papertray.engine.documents import DocumentLimits
from papertray.engine.errors import (
    Cancelled,
    DocumentError,
    NoSuchFile,
    NotADocument,
    PapertrayError,
    PdfLocked,
    ReaderError,
    UnknownModel,
)
from papertray.engine.markdown import FailedPage
from papertray.engine.models.catalog import find_entry
from papertray.engine.outputs.formats import parse_formats, write_output
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.pages import Block, BlockKind, Box, DoubtfulWord, Figure, PageText, Reader
from papertray.engine.renderer import Renderer
from papertray.engine.text_lines import TextLine

__all__ = [
    "Block",
    "BlockKind",
    "Box",
    "Cancelled",
    "Document",
    "DocumentError",
    "DocumentLimits",
    "DocumentReader",
    "DoubtfulWord",
    "FailedPage",
    "Figure",
    "NoSuchFile",
    "NotADocument",
    "OutputFile",
    "PageText",
    "PapertrayError",
    "PdfLocked",
    "ReaderError",
    "TextLine",
    "UnknownModel",
    "export",
    "open_reader",
    "read",
]

PROCESSOR = "cpu"
"""Every machine has one; what a large model lacks to run on it is said when one is chosen."""


def read(
    path: str | os.PathLike[str],
    *,
    model: str = AUTO,
    device: str = AUTO,
    progress: PageProgress = lambda _done, _pages: None,
    cancel: threading.Event | None = None,
) -> Document:
    """Read a PDF or an image, every page of it: `papertray.read("scan.pdf").markdown`.

    `progress(pages_done, pages)` is called before the first page and after each; setting `cancel` ends the
    reading with `Cancelled`. What is raised and when: see `DocumentReader.read`. For several documents
    `open_reader` loads the model only once.
    """
    with open_reader(model, device) as reader:
        return reader.read(path, progress=progress, cancel=cancel)


def open_reader(
    model: str = AUTO, device: str = AUTO, *, limits: DocumentLimits = DocumentLimits()
) -> DocumentReader:
    """A reader for many documents: `with papertray.open_reader() as reader: reader.read("scan.pdf")`.

    `model` is "auto", "quick" or a name that `papertray models list` shows; `device` is "auto", "cpu",
    "cuda", "mps" or "npu". "auto" takes what `papertray read` takes where no settings say otherwise. The
    model is loaded with the first document. Raises `UnknownModel`, or `ReaderError` where the device cannot
    be had, also where the quick reader reads, which needs no other than the processor.
    """
    if model != AUTO:
        find_entry(model)
    require_device(device)
    if device not in (AUTO, PROCESSOR):
        require_usable(survey_machine((device,)), device)

    def load() -> Reader:
        from papertray.daemon.places import find_places
        from papertray.daemon.reading.readers import EngineReaderSource
        from papertray.daemon.settings import EngineSettings

        return EngineReaderSource(find_places()).open(EngineSettings(model=model, device=device))

    return DocumentReader(Renderer(limits), load)


def export(document: Document, path: str | os.PathLike[str], *formats: str) -> list[OutputFile]:
    """What was read of the file at `path` in other forms: `papertray.export(document, "scan.jpg", "pdf")`.

    `formats` are those of `papertray export`: pdf, json, txt, html, csv, hocr, docx. Nothing is written: each
    answer has its `content`, the `ending` of its name, and a `remark` where something is to be said of it.
    Raises `DocumentError` when the file cannot be opened, `PapertrayError` for a form that cannot be written.
    """
    file = Path(path)
    require_file(file)
    with Renderer(ahead=0) as renderer:
        sheets = renderer.inspect(file).pages
    reading = FinishedReading(
        name=file.name,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        reader=document.reader,
        date=datetime.now(UTC).replace(microsecond=0),
        pages=document.pages,
        figures={
            (number, figure.name): figure.png
            for number, page in enumerate(document.pages, start=1)
            for figure in page.figures
        },
        source=NamedFile(file),
        sheets=sheets,
    )
    return [output for form in parse_formats(formats) for output in write_output(reading, form)]
