"""Hear what servers write, piece by piece: count it for those who watch, and notice a loop."""

from collections.abc import Callable

from papertray.engine.inference.loops import LoopGuard
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

    `look` is asked on a suspicion, how the page looks.
    """

    def __init__(self, counter: PieceCounter, look: Callable[[], PageLooks]) -> None:
        self._counter = counter
        self._numbers: dict[str, int] = {}
        self._sorts: list[str] = []
        self._guard = LoopGuard(self._sorts.__getitem__, look)
        self.pieces: list[str] = []
        self.kept: int | None = None

    def hear(self, piece: str) -> bool:
        """Whether enough was heard."""
        self._counter.count()
        self.pieces.append(piece)
        if piece not in self._numbers:
            self._numbers[piece] = len(self._sorts)
            self._sorts.append(piece)
        self.kept = self._guard.add(self._numbers[piece])
        return self.kept is not None
