"""Which reader the settings and the machine give.

"auto" is the best large model that is here and fits a device, else the quick reader. Looking again is
cheap, a folder's listing and the device table: a caller may do it whenever a model may have come or gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertray.engine.checking.checked_reader import CheckedReader
from papertray.engine.devices.cores import use_cores
from papertray.engine.devices.environment import prepare_environment
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import QUICK, SERVER, CatalogEntry, find_entry, find_part
from papertray.engine.models.weights import Weights
from papertray.engine.pages import PdfText, Reader, ReadOptions

if TYPE_CHECKING:  # torch costs seconds, and is nothing for an idle daemon
    from papertray.engine.inference.model_reader import ModelReader

AUTO = "auto"
WHOLE_PAGE = frozenset({"document", "text"})
"""What a model is asked to do when it shall write all that stands on a page."""

RowsFor = Callable[[CatalogEntry], tuple[DeviceRow, ...]]
"""The device rows that would do for a model, best first; raises ReaderError where no device can hold it."""


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """`rows` are best first; the quick reader needs none. `passed_over` says why no better model."""

    entry: CatalogEntry
    rows: tuple[DeviceRow, ...] = ()
    passed_over: tuple[str, ...] = ()


def choose_reader(model: str, weights: Weights, rows_for: RowsFor) -> ReaderChoice:
    if model != AUTO:
        return _choose_by_name(find_entry(model), weights, rows_for)
    passed_over: list[str] = []
    for entry in weights.installed():
        try:
            return ReaderChoice(entry, rows_for(entry), tuple(passed_over))
        except ReaderError as problem:
            passed_over.append(f"{entry.title}: {problem}")
    return ReaderChoice(find_entry(QUICK), passed_over=tuple(passed_over))


def load_reader(choice: ReaderChoice, weights: Weights, options: ReadOptions) -> Reader:
    """The reader itself, loaded. What a large model makes of a document the quick reader checks.

    A server's is checked by what the file says: to recognise all pages here, too, would be the slowest part.
    """
    reader = load_single_reader(choice, weights, options)
    if options.prompt not in WHOLE_PAGE:
        return reader
    if choice.entry.has_weights:
        return CheckedReader(reader, lambda: _load_quick(options, weights, threads=1))
    if choice.entry.name == SERVER and options.pdf_text is not PdfText.NEVER:
        from papertray.engine.readers.server.written_first import WrittenFirstReader

        return WrittenFirstReader(reader, trusting=options.pdf_text is PdfText.ALWAYS)
    return reader


def load_single_reader(choice: ReaderChoice, weights: Weights, options: ReadOptions) -> Reader:
    """The reader alone: nobody checks it."""
    if not choice.entry.has_weights:
        if choice.entry.name == QUICK:
            return _load_quick(options, weights)
        elsewhere: Reader = import_module(choice.entry.module).load(options)
        return elsewhere
    folder = weights.path(choice.entry)
    if folder is None:
        raise _not_here(choice.entry, weights)
    layout = weights.path(find_part(choice.entry.finder)) if choice.entry.finder else None
    return load_reader_from(folder, choice, replace(options, layout=layout))


def load_reader_from(folder: Path, choice: ReaderChoice, options: ReadOptions) -> Reader:
    """A large model from any folder that holds its checkpoint; it steps down when memory runs out."""
    from papertray.engine.inference.careful import CarefulReader

    return CarefulReader(lambda row: _load_large(choice.entry, folder, row, options), choice.rows)


def load_model_reader(
    entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions
) -> "ModelReader":
    """A large model as this row has it, asked for whole pages. Nothing is given up for it to fit."""
    reader: ModelReader = _load_large(entry, folder, row, replace(options, layout=None))
    return reader


def _load_large(entry: CatalogEntry, folder: Path, row: DeviceRow, options: ReadOptions) -> Any:
    prepare_environment()
    if options.threads is not None:
        use_cores(options.threads)
    return import_module(entry.module).load(entry, folder, row, options)


def _load_quick(options: ReadOptions, weights: Weights, threads: int | None = None) -> Reader:
    load = import_module(find_entry(QUICK).module).load
    quick: Reader = load(
        threads or options.threads,
        pdf_text=options.pdf_text,
        languages=options.languages,
        cut_figures=options.cut_figures,
        recognisers=weights.recognisers(),
    )
    return quick


def _choose_by_name(entry: CatalogEntry, weights: Weights, rows_for: RowsFor) -> ReaderChoice:
    if not entry.has_weights:
        return ReaderChoice(entry)
    if weights.path(entry) is None:
        raise _not_here(entry, weights)
    return ReaderChoice(entry, rows_for(entry))


def _not_here(entry: CatalogEntry, weights: Weights) -> ReaderError:
    return ReaderError(
        f"{entry.title} is chosen, but its files are not in {weights.folder}.",
        f"Fetch them with `papertray models pull {entry.name}`, or take in a copy with"
        f" `papertray models add {entry.name} FOLDER`.",
    )
