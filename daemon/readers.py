"""Give the daemon its readers: what the settings wish, said to the engine."""

from functools import cache

from daemon.places import Places
from daemon.settings import Engine
from engine.catalog import QUICK, Entry, entry
from engine.choice import Choice, choose, load
from engine.devices import Row, Wishes, candidates
from engine.machine import survey
from engine.pages import Reader, ReadOptions
from engine.weights import Weights


class EngineReaders:
    """The readers of one installation. The machine is looked at anew for every choice of a large model."""

    def __init__(self, places: Places) -> None:
        self._weights = Weights(places.models)

    def open(self, engine: Engine) -> Reader:
        return load(self._choice(engine), self._weights, options_of(engine))

    def fallback(self) -> Reader:
        """The one that needs nothing but what is installed."""
        return load(Choice(entry(QUICK)), self._weights, ReadOptions())

    def stock(self) -> tuple[str, ...]:
        return self._weights.installed()

    def _choice(self, engine: Engine) -> Choice:
        look = cache(survey)

        def rows_for(model: Entry) -> tuple[Row, ...]:
            assert model.memory is not None
            return candidates(look(), model.memory, wishes_of(engine))

        return choose(engine.model, self._weights, rows_for)


def wishes_of(engine: Engine) -> Wishes:
    return Wishes(engine.device, engine.dtype, engine.four_bit, engine.longest_side)


def options_of(engine: Engine) -> ReadOptions:
    return ReadOptions(engine.mode, engine.prompt, engine.max_tokens)
