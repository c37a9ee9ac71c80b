"""Take care of the journal while the daemon works: look through it when there is reason to, drop what is old.

Runs in a thread of its own, out of everybody's way. What it finds damaged it says; whoever runs the daemon
sets the file aside then.
"""

import os
import threading
import time
from pathlib import Path

from loguru import logger

from papertray.daemon.errors import JournalDamaged
from papertray.daemon.journal.soundness import SMALL, look_through, problems_of
from papertray.daemon.journal.store import Store
from papertray.daemon.journal.upkeep import Upkeep
from papertray.daemon.settings import JournalSettings
from papertray.daemon.threads import give_way

_DAY = 86400.0
_WEEK = 7 * _DAY
_HOUR = 3600.0


class JournalCare:
    def __init__(self, path: Path, stop: threading.Event) -> None:
        self._path = path
        self._stop = stop
        self._damaged = False
        self._settings = JournalSettings()

    def follow(self, settings: JournalSettings) -> None:
        """Take these from now on."""
        self._settings = settings

    def run(self) -> None:
        """Until it is stopped. Has a connection of its own, so that nobody waits for it.

        All is looked through once a week, and at a start: after a kill, or where it costs little.
        """
        give_way()
        store = Store(self._path)
        try:
            upkeep = Upkeep(store)
            due = not upkeep.begin() or self._path.stat().st_size <= SMALL
            while not self._stop.is_set():
                if due or upkeep.seconds_since_looked_through() > _WEEK:
                    self._look_through(upkeep)
                due = False
                self._drop_texts(upkeep)
                self._stop.wait(_HOUR)
            upkeep.end()
        except JournalDamaged:
            self._damaged = True
            raise
        finally:
            store.close()

    def raise_if_damaged(self) -> None:
        """JournalDamaged, once, after damage was found."""
        if self._damaged:
            self._damaged = False
            raise JournalDamaged(self._path)

    def _look_through(self, upkeep: Upkeep) -> None:
        if problems := problems_of(self._path, look_through):
            logger.error("the journal is damaged: {}", "; ".join(problems[:5]))
            self._damaged = True
            return
        failed = upkeep.mend_rows()
        if failed:
            logger.error("{} entries of the journal were damaged", failed)
        upkeep.mark_looked_through()

    def _drop_texts(self, upkeep: Upkeep) -> None:
        keep = self._settings.keep_texts_of_gone * _DAY
        if dropped := upkeep.drop_texts(time.time() - keep, _is_gone):
            logger.info("dropped what was read of {} documents that are gone", dropped)


def _is_gone(file: Path) -> bool:
    """A folder that is away or empty, as that of a disk which was taken out, says nothing of its files."""
    try:
        return not os.path.lexists(file) and any(file.parent.iterdir())
    except OSError:
        return False
