"""The table of all forms in which what was read can be had: one row each, and one module behind it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

from papertray.engine.errors import UnknownFormat
from papertray.engine.outputs.reading import FinishedReading, OutputFile


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """`writer` is a module of this package and the function in it. `several`: as many files as there are."""

    name: str
    writer: str
    media_type: str
    title: str
    several: bool = False


FORMATS = (
    OutputFormat("pdf", "pdf:write_pdf", "application/pdf", "Searchable PDF"),
    OutputFormat("json", "layout:write_layout", "application/json", "Layout as JSON"),
    OutputFormat("txt", "text:write_text_file", "text/plain; charset=utf-8", "Plain text"),
    OutputFormat("html", "html:write_html", "text/html; charset=utf-8", "HTML"),
    OutputFormat("csv", "csv:write_csv", "text/csv; charset=utf-8", "Tables as CSV", several=True),
    OutputFormat("hocr", "hocr:write_hocr", "application/xhtml+xml", "hOCR"),
    OutputFormat(
        "docx",
        "docx:write_docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
    ),
)
FORMAT_NAMES = tuple(row.name for row in FORMATS)


def find_format(name: str) -> OutputFormat:
    for row in FORMATS:
        if row.name == name.strip().lower():
            return row
    raise UnknownFormat(name, FORMAT_NAMES)


def parse_formats(named: Iterable[str]) -> tuple[OutputFormat, ...]:
    """Of names, each of which may be several between commas; in that order, each once."""
    names = (name for several in named for name in several.split(",") if name.strip())
    return tuple(dict.fromkeys(map(find_format, names)))


def write_output(reading: FinishedReading, form: OutputFormat) -> Sequence[OutputFile]:
    """Usually one file; of tables as many as there are."""
    module, _, function = form.writer.partition(":")
    write: Callable[[FinishedReading], list[OutputFile]] = getattr(
        import_module(f"papertray.engine.outputs.{module}"), function
    )
    return write(reading)
