"""Which reader the settings and the machine give.

"auto" is the best large model that is here and fits a device, else the quick reader. Looking again is
cheap, a folder's listing and the device table: a caller may do it whenever a model may have come or gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from engine.catalog import QUICK, Entry, entry
from engine.devices import Row
from engine.errors import ReaderError
from engine.pages import Reader, ReadOptions
from engine.weights import Weights

AUTO = "auto"
RowFor = Callable[[Entry], Row]
"""The device row that a model gets; raises ReaderError where no device can hold it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`row` is None for the quick reader, which needs none. `passed_over` says why no better one."""

    entry: Entry
    row: Row | None = None
    passed_over: tuple[str, ...] = ()


def choose(model: str, weights: Weights, row_for: RowFor) -> Choice:
    if model != AUTO:
        return _named(entry(model), weights, row_for)
    passed_over: list[str] = []
    for name in weights.installed():
        best = entry(name)
        try:
            return Choice(best, row_for(best), tuple(passed_over))
        except ReaderError as problem:
            passed_over.append(f"{best.title}: {problem.sentence}")
    return Choice(entry(QUICK), passed_over=tuple(passed_over))


def load(choice: Choice, weights: Weights, options: ReadOptions) -> Reader:
    """The reader itself, loaded. Only here is a model's module imported."""
    place = weights.path(choice.entry.name)
    if choice.row is not None and place is None:
        raise _not_here(choice.entry, weights)
    module = import_module(choice.entry.module)
    reader: Reader = module.load(place, choice.row, options) if choice.row else module.load()
    return reader


def reader_for(model: str, row: Row | None, weights: Weights, options: ReadOptions) -> Reader:
    """The reader for a row that is settled already; None where no device can hold a large model."""

    def settled(asked: Entry) -> Row:
        if row is None:
            raise ReaderError(f"No device here can run {asked.title}.", "`papertray doctor` says why.")
        return row

    return load(choose(model, weights, settled), weights, options)


def _named(asked: Entry, weights: Weights, row_for: RowFor) -> Choice:
    if not asked.has_weights:
        return Choice(asked)
    if weights.path(asked.name) is None:
        raise _not_here(asked, weights)
    return Choice(asked, row_for(asked))


def _not_here(asked: Entry, weights: Weights) -> ReaderError:
    return ReaderError(
        f"{asked.title} is chosen, but its files are not in {weights.folder}.",
        f"Fetch them with `papertray models pull {asked.name}`, or take in a copy with"
        f" `papertray models add {asked.name} FOLDER`.",
    )
