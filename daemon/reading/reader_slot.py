"""Hold the one reader: loaded at the first page, unloaded when idle, exchanged when another is wanted.

Only the inference thread calls `get`, `unload` and `unload_if_idle`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from papertray.daemon.settings import Engine
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError
from papertray.engine.pages import Reader


class Readers(Protocol):
    """Where readers come from."""

    def open(self, engine: Engine) -> Reader: ...
    def fallback(self) -> Reader: ...
    def stock(self) -> tuple[str, ...]:
        """What there is to choose from; when it changes, it is chosen anew."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What is loaded now, as the status tells it."""

    engine: Engine | None = None
    stock: tuple[str, ...] = ()
    reader: Reader | None = None
    loading: bool = False
    trouble: Trouble | None = None


class ReaderSlot:
    def __init__(self, readers: Readers, clock: Callable[[], float]) -> None:
        self._readers = readers
        self._clock = clock
        self._used = 0.0
        self.now = Slot()

    def get(self, engine: Engine) -> Reader:
        """The reader these settings ask for, loaded if need be; the quick reader when it cannot be loaded."""
        self._used = self._clock()
        stock = self._readers.stock()
        if self.now.reader is None or (self.now.engine, self.now.stock) != (engine, stock):
            self.unload()
            self._load(engine, stock)
        assert self.now.reader is not None
        return self.now.reader

    def _load(self, engine: Engine, stock: tuple[str, ...]) -> None:
        self.now = Slot(engine, stock, loading=True)
        try:
            self.now = Slot(engine, stock, self._readers.open(engine))
        except PapertrayError as problem:
            logger.warning("{} cannot be loaded, the quick reader serves: {}", engine.model, problem)
            advice = f"{problem.advice} Until then the quick reader serves.".strip()
            self.now = Slot(
                engine, stock, self._readers.fallback(), trouble=Trouble(problem.sentence, advice)
            )
        except BaseException:
            self.now = Slot()
            raise

    def used(self) -> None:
        self._used = self._clock()

    def unload_if_idle(self, seconds: float) -> None:
        if self.now.reader is not None and self._clock() - self._used >= seconds:
            self.unload()

    def unload(self) -> None:
        reader, self.now = self.now.reader, Slot()
        if reader is not None:
            reader.close()
