"""Give the daemon its readers: what the settings wish, said to the engine."""

from daemon.places import Places
from daemon.settings import Engine
from engine.catalog import QUICK
from engine.choice import reader_for
from engine.pages import Reader, ReadOptions
from engine.weights import Weights


class EngineReaders:
    def __init__(self, places: Places) -> None:
        self._weights = Weights(places.models)

    def open(self, engine: Engine) -> Reader:
        return self._open(engine.model, ReadOptions(engine.mode, engine.prompt, engine.max_tokens))

    def fallback(self) -> Reader:
        """The one that needs nothing but what is installed."""
        return self._open(QUICK, ReadOptions())

    def _open(self, model: str, options: ReadOptions) -> Reader:
        return reader_for(model, None, self._weights, options)
