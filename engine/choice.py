"""Which reader the settings and the machine give.

"auto" is the best large model that is here and fits a device, else the quick reader. Looking again is
cheap, a folder's listing and the device table: a caller may do it whenever a model may have come or gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from papertray.engine.devices.environment import prepare_environment
from papertray.engine.devices.rows import Row
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import QUICK, Entry, entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import Reader, ReadOptions

AUTO = "auto"
RowsFor = Callable[[Entry], tuple[Row, ...]]
"""The device rows that would do for a model, best first; raises ReaderError where no device can hold it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`rows` are best first; the quick reader needs none. `passed_over` says why no better model."""

    entry: Entry
    rows: tuple[Row, ...] = ()
    passed_over: tuple[str, ...] = ()


def choose(model: str, weights: Weights, rows_for: RowsFor) -> Choice:
    if model != AUTO:
        return _named(entry(model), weights, rows_for)
    passed_over: list[str] = []
    for name in weights.installed():
        best = entry(name)
        try:
            return Choice(best, rows_for(best), tuple(passed_over))
        except ReaderError as problem:
            passed_over.append(f"{best.title}: {problem}")
    return Choice(entry(QUICK), passed_over=tuple(passed_over))


def load(choice: Choice, weights: Weights, options: ReadOptions) -> Reader:
    """The reader itself, loaded. Only here is a model's module imported."""
    if not choice.entry.has_weights:
        quick: Reader = import_module(choice.entry.module).load()
        return quick
    place = weights.path(choice.entry.name)
    if place is None:
        raise _not_here(choice.entry, weights)
    return load_from(place, choice, options)


def load_from(place: Path, choice: Choice, options: ReadOptions) -> Reader:
    """A large model from any folder that holds its checkpoint; it steps down when memory runs out."""
    from papertray.engine.inference.careful import CarefulReader

    prepare_environment()
    module = import_module(choice.entry.module)
    return CarefulReader(lambda row: module.load(place, row, options), choice.rows)


def _named(asked: Entry, weights: Weights, rows_for: RowsFor) -> Choice:
    if not asked.has_weights:
        return Choice(asked)
    if weights.path(asked.name) is None:
        raise _not_here(asked, weights)
    return Choice(asked, rows_for(asked))


def _not_here(asked: Entry, weights: Weights) -> ReaderError:
    return ReaderError(
        f"{asked.title} is chosen, but its files are not in {weights.folder}.",
        f"Fetch them with `papertray models pull {asked.name}`, or take in a copy with"
        f" `papertray models add {asked.name} FOLDER`.",
    )
