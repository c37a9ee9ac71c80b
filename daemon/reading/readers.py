"""Give the daemon its readers: what the settings wish, said to the engine."""

from functools import partial
from pathlib import Path

from papertray.daemon.places import Places
from papertray.daemon.settings import Engine
from papertray.engine.choice import Choice, choose, load, load_from
from papertray.engine.devices.machine import survey
from papertray.engine.devices.rows import DEVICES, Row, Wishes, candidates
from papertray.engine.models.catalog import QUICK, Entry, entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import Reader, ReadOptions


class EngineReaders:
    """The readers of one installation. The machine is looked at anew for every choice of a large model."""

    def __init__(self, places: Places) -> None:
        self._weights = Weights(places.models)

    def open(self, engine: Engine) -> Reader:
        rows_for = partial(rows_of, engine, self._weights)
        return load(choose(engine.model, self._weights, rows_for), self._weights, options_of(engine))

    def fallback(self) -> Reader:
        """The one that needs nothing but what is installed."""
        return load(Choice(entry(QUICK)), self._weights, ReadOptions())

    def stock(self) -> tuple[str, ...]:
        return self._weights.installed()


def open_checkpoint(engine: Engine, folder: Path, model: Entry, options: ReadOptions) -> Reader:
    """A large model from any folder, whether or not papertray fetched it."""
    return load_from(folder, Choice(model, rows_in(engine, folder, model)), options)


def rows_of(engine: Engine, weights: Weights, model: Entry) -> tuple[Row, ...]:
    folder = weights.path(model.name)
    assert folder is not None
    return rows_in(engine, folder, model)


def rows_in(engine: Engine, folder: Path, model: Entry) -> tuple[Row, ...]:
    """The device rows that would do for the checkpoint in this folder, best first."""
    assert model.memory is not None
    size = model.memory.scaled(sum(file.stat().st_size for file in folder.glob("*.safetensors")))
    wishes = Wishes(engine.device, engine.dtype, engine.four_bit, engine.longest_side)
    return candidates(survey((engine.device,) if engine.device in DEVICES else DEVICES), size, wishes)


def options_of(engine: Engine) -> ReadOptions:
    return ReadOptions(engine.mode, engine.prompt, engine.max_tokens)
