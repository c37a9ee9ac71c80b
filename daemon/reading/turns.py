"""Choose which of the waiting pages come next: readers take turns, so that they are exchanged seldom.

What the loaded reader can read goes first, until others have waited for `TURN`; then the reader has its turn
that had none for longest. What somebody waits for goes before all, and a folder's pause hours hold.
"""

import math
import time
from collections.abc import Callable, Sequence

from papertray.daemon.journal.queue import Queue, WaitingGroup
from papertray.daemon.reading.folder_choices import FolderChoices
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.reading.substitute import Substitute
from papertray.daemon.records import PageJob
from papertray.daemon.settings import EngineSettings

TURN = 600.0
"""Seconds for which others wait at most while the loaded reader has something to read."""


class ReaderTurns:
    """`waits_until`: when reading goes on, while all that waits does so because of its folder's hours."""

    def __init__(
        self,
        queue: Queue,
        slot: ReaderSlot,
        choices: FolderChoices,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.choices = choices
        self.substitute = Substitute(choices.for_all, slot.is_back, clock)
        self.waits_until: float | None = None
        self._queue = queue
        self._slot = slot
        self._clock = clock
        self._wall_clock = wall_clock
        self._groups: tuple[WaitingGroup, ...] | None = None  # None: all that wait
        self._loaded: EngineSettings | None = None
        self._others_since = math.inf
        self._served: dict[EngineSettings, float] = {}

    def next_pages(self, limit: int) -> list[PageJob]:
        """At most so many, of which the first is next."""
        waiting = self._queue.waiting_groups()
        chosen = self._choose(self._open_groups(waiting))
        self._groups = None if len(chosen) == len(waiting) else tuple(chosen)
        return self._queue.ready_pages(limit, self._groups)

    def upcoming_pages(self, limit: int) -> list[PageJob]:
        """What is likely to come after those that were given last."""
        return self._queue.upcoming_pages(limit, self._groups)

    def give_up_turn(self) -> None:
        """The loaded reader cannot read just now: let others go ahead."""
        self._others_since = -math.inf

    def engine_for(self, job: PageJob | WaitingGroup) -> EngineSettings:
        wanted = self.choices.engine_for(job.folder, job.wanted_reader, job.wanted_mode)
        return self.substitute.engine_for(wanted)

    def goes_ahead(self, job: PageJob) -> bool:
        """Whether somebody waits for it, and another reader has to read it."""
        return job.is_waited_for and not self._slot.serves(self.engine_for(job))

    def _open_groups(self, waiting: Sequence[WaitingGroup]) -> list[WaitingGroup]:
        now, waits, open_groups = self._wall_clock(), list[float](), list[WaitingGroup]()
        for group in waiting:
            until = self.choices.paused_until(group.folder, now)
            if until is None:
                open_groups.append(group)
            else:
                waits.append(until)
        self.waits_until = min(waits) if waits and not open_groups else None
        return open_groups

    def _choose(self, groups: Sequence[WaitingGroup]) -> list[WaitingGroup]:
        now, loaded = self._clock(), self._slot.now.engine
        if loaded != self._loaded:
            self._loaded, self._others_since = loaded, math.inf
        mine = [group for group in groups if self._slot.serves(self.engine_for(group))]
        others = [group for group in groups if group not in mine]
        if not others:
            self._others_since = math.inf
            return mine
        if mine and loaded is not None:
            self._served[loaded] = now
            self._others_since = min(self._others_since, now)
            if now - self._others_since < TURN:
                return mine
        return self._longest_without(others)

    def _longest_without(self, groups: Sequence[WaitingGroup]) -> list[WaitingGroup]:
        """All that the reader can read whose turn it is."""
        first = min(groups, key=lambda each: (self._served.get(self.engine_for(each), 0.0), each.oldest))
        engine = self.engine_for(first)
        return [group for group in groups if self.engine_for(group) == engine]
