"""Which reader the settings and the machine give.

"auto" is the best large model that is here and fits a device, else the quick reader. Looking again is
cheap, a folder's listing and the device table: a caller may do it whenever a model may have come or gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from papertray.engine.devices.environment import prepare_environment
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import QUICK, CatalogEntry, find_entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import Reader, ReadOptions

AUTO = "auto"
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
        return _named(find_entry(model), weights, rows_for)
    passed_over: list[str] = []
    for name in weights.installed():
        best = find_entry(name)
        try:
            return ReaderChoice(best, rows_for(best), tuple(passed_over))
        except ReaderError as problem:
            passed_over.append(f"{best.title}: {problem}")
    return ReaderChoice(find_entry(QUICK), passed_over=tuple(passed_over))


def load_reader(choice: ReaderChoice, weights: Weights, options: ReadOptions) -> Reader:
    """The reader itself, loaded. Only here is a model's module imported."""
    if not choice.entry.has_weights:
        quick: Reader = import_module(choice.entry.module).load(pdf_text=options.pdf_text)
        return quick
    place = weights.path(choice.entry.name)
    if place is None:
        raise _not_here(choice.entry, weights)
    return load_reader_from(place, choice, options)


def load_reader_from(place: Path, choice: ReaderChoice, options: ReadOptions) -> Reader:
    """A large model from any folder that holds its checkpoint; it steps down when memory runs out."""
    from papertray.engine.inference.careful import CarefulReader

    prepare_environment()
    module = import_module(choice.entry.module)
    return CarefulReader(lambda row: module.load(place, row, options), choice.rows)


def _named(asked: CatalogEntry, weights: Weights, rows_for: RowsFor) -> ReaderChoice:
    if not asked.has_weights:
        return ReaderChoice(asked)
    if weights.path(asked.name) is None:
        raise _not_here(asked, weights)
    return ReaderChoice(asked, rows_for(asked))


def _not_here(asked: CatalogEntry, weights: Weights) -> ReaderError:
    return ReaderError(
        f"{asked.title} is chosen, but its files are not in {weights.folder}.",
        f"Fetch them with `papertray models pull {asked.name}`, or take in a copy with"
        f" `papertray models add {asked.name} FOLDER`.",
    )
