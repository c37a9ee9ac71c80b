"""Hear what servers write, piece by piece: count it for those who watch, and notice a loop."""

import asyncio
from collections.abc import Callable

from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.page_limits import UNSEEN
from papertray.engine.layout.recurrence import PageLooks
from papertray.engine.pages import Watch


class PieceCounter:
    """How many pieces have come in, for all pages that are read together."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._pieces = 0

    def count(self) -> None:
        self._pieces += 1
        self._watch.progress(self._pieces)


class Listener:
    """Hears one answer. `kept` pieces of it stand before a loop; None while there is none.

    On a suspicion `look` is asked how the page looks, which takes its picture apart: in another thread,
    where what was heard so far is held against the page. Whatever comes meanwhile is heard after that.
    Used on an event loop.
    """

    def __init__(self, counter: PieceCounter, look: Callable[[], PageLooks]) -> None:
        self._counter = counter
        self._look = look
        self._numbers: dict[str, int] = {}
        self._tokens: list[int] = []
        self._sorts: list[str] = []
        self._is_suspicious = False
        self._guard = LoopGuard(self._sorts.__getitem__, self._suspect)
        self._heard = 0
        self._looking: asyncio.Future[tuple[LoopGuard, int | None]] | None = None
        self.pieces: list[str] = []
        self.kept: int | None = None

    def hear(self, piece: str) -> bool:
        """Whether enough was heard."""
        self._counter.count()
        self.pieces.append(piece)
        if piece not in self._numbers:
            self._numbers[piece] = len(self._sorts)
            self._sorts.append(piece)
        self._tokens.append(self._numbers[piece])
        if self._looking is None:
            self._follow()
        elif self._looking.done():
            self._go_on(*self._looking.result())
        return self.kept is not None

    async def finish(self) -> None:
        """Nothing more comes: hear to the end what came while the page was looked at."""
        if self._looking is not None:
            self._go_on(*await self._looking)

    def _follow(self) -> None:
        """Up to what was said last, or to the first suspicion."""
        while self._heard < len(self._tokens) and self.kept is None:
            self.kept = self._guard.add(self._tokens[self._heard])
            self._heard += 1
            if self._is_suspicious and self._looking is None:
                self.kept, loop = None, asyncio.get_running_loop()
                self._looking = loop.run_in_executor(None, self._hear_again, self._heard)
                return

    def _suspect(self) -> PageLooks:
        self._is_suspicious = True
        return UNSEEN

    def _hear_again(self, pieces: int) -> tuple[LoopGuard, int | None]:
        """So many from the beginning, by one who knows how the page looks."""
        looks = self._look()
        guard = LoopGuard(self._sorts.__getitem__, lambda: looks)
        for token in self._tokens[:pieces]:
            if (kept := guard.add(token)) is not None:
                return guard, kept
        return guard, None

    def _go_on(self, guard: LoopGuard, kept: int | None) -> None:
        self._guard, self.kept = guard, self.kept or kept
        self._follow()
