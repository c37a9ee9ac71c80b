"""The quick reader in place of servers that are away, where the settings want that, until one answers again.

Used by the inference thread; whether a server is back is looked at in a thread of its own.
"""

import threading
from collections.abc import Callable

from loguru import logger

from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import ReaderAway
from papertray.engine.models.catalog import QUICK, SERVER

LOOK_EVERY = 30.0  # seconds


class Substitute:
    """`trouble` says why it serves, None while it does not."""

    def __init__(
        self, engine: EngineSettings, is_back: Callable[[EngineSettings], bool], clock: Callable[[], float]
    ) -> None:
        self._engine = engine
        self._is_back = is_back
        self._clock = clock
        self._looked = 0.0
        self._look_out: threading.Thread | None = None
        self.trouble: Trouble | None = None

    def begin(self, problem: ReaderAway) -> bool:
        """Whether it serves from now on; else the pages wait."""
        if self._engine.fallback != QUICK:
            return False
        logger.warning("the quick reader reads, until a server answers: {}", problem)
        self._looked = self._clock()
        self.trouble = Trouble.of(problem, "Until then the quick reader reads; each note says which pages.")
        return True

    def engine_for(self, engine: EngineSettings) -> EngineSettings:
        """How a page is read now that would be read so."""
        if engine.model != SERVER:
            return engine
        self.look()
        return engine if self.trouble is None else engine.model_copy(update={"model": QUICK, "mode": None})

    def look(self) -> None:
        """Every now and then, whether a server is back."""
        is_due = self._clock() - self._looked >= LOOK_EVERY
        is_out = self._look_out is not None and self._look_out.is_alive()
        if self.trouble is not None and is_due and not is_out:
            self._looked = self._clock()
            self._look_out = threading.Thread(target=self._end_if_back, name="servers back", daemon=True)
            self._look_out.start()

    def _end_if_back(self) -> None:
        if self._is_back(self._engine):
            self.trouble = None
