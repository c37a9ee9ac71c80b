"""Hold the one reader: loaded at the first page, unloaded when idle, exchanged when another is wanted.

Only the inference thread calls `get`, `unload` and `unload_if_idle`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from loguru import logger

from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError, ReaderAway
from papertray.engine.pages import LoadProgress, Reader


class ReaderSource(Protocol):
    """Where readers come from."""

    def open(self, engine: EngineSettings, progress: LoadProgress) -> Reader:
        """`progress` hears how far it is, in the same thread, of a reader that can say."""

    def fallback(self, engine: EngineSettings) -> Reader: ...
    def is_back(self, engine: EngineSettings) -> bool:
        """Of readers that were away, whether one is there again. Asked in a thread of its own."""

    def stock(self) -> tuple[str, ...]:
        """What there is to choose from; when it changes, it is chosen anew."""


@dataclass(frozen=True, slots=True)
class SlotState:
    """What is loaded now, as the status tells it."""

    engine: EngineSettings | None = None
    stock: tuple[str, ...] = ()
    reader: Reader | None = None
    loading: bool = False
    share: float | None = None  # of it that is in memory, while a model is loading that can say
    trouble: Trouble | None = None


class ReaderSlot:
    def __init__(self, readers: ReaderSource, clock: Callable[[], float]) -> None:
        self._readers = readers
        self._clock = clock
        self._used = 0.0
        self.now = SlotState()

    def get(self, engine: EngineSettings) -> Reader:
        """The reader these settings ask for, loaded if need be; the quick reader when it cannot be loaded.

        Raises ReaderAway where nobody is there to read, which time may mend.
        """
        self._used = self._clock()
        if not self.serves(engine):
            self.unload()
            self._load(engine, self._readers.stock())
        assert self.now.reader is not None
        return self.now.reader

    def serves(self, engine: EngineSettings) -> bool:
        """Whether `get` would give the reader that is here."""
        is_here = self.now.reader is not None
        return is_here and (self.now.engine, self.now.stock) == (engine, self._readers.stock())

    def is_back(self, engine: EngineSettings) -> bool:
        """Whether one that was away is there again. For other threads, too."""
        return self._readers.is_back(engine)

    def _load(self, engine: EngineSettings, stock: tuple[str, ...]) -> None:
        self.now = SlotState(engine, stock, loading=True)
        try:
            self.now = SlotState(engine, stock, self._readers.open(engine, self._show_progress))
        except ReaderAway:
            self.now = SlotState()
            raise
        except PapertrayError as problem:
            logger.warning("{} cannot be loaded, the quick reader serves: {}", engine.model, problem)
            trouble = Trouble.of(problem, "Until then the quick reader serves.")
            self.now = SlotState(engine, stock, self._readers.fallback(engine), trouble=trouble)
        except BaseException:
            self.now = SlotState()
            raise

    def _show_progress(self, share: float) -> None:
        """Also heard when a reader that is here loads itself again for want of memory: that is its own."""
        if self.now.loading:
            self.now = replace(self.now, share=share)

    def mark_used(self) -> None:
        self._used = self._clock()

    def forget_old_trouble(self) -> None:
        """What could not be loaded may have come since: then it is said no longer, and chosen anew."""
        if self.now.trouble is not None and self.now.stock != self._readers.stock():
            self.unload()

    def unload_if_idle(self, seconds: float) -> None:
        if self.now.reader is not None and self._clock() - self._used >= seconds:
            self.unload()

    def unload(self) -> None:
        reader, self.now = self.now.reader, SlotState()
        if reader is not None:
            reader.close()
