"""Keep the index true while the daemon works, in a thread of its own that gives way to all others."""

import threading
from contextlib import closing

from loguru import logger

from papertray.daemon.errors import SearchUnusable
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.daemon.threads import give_way

_SECONDS = 5.0


class SearchKeeper:
    """Has connections of its own to both files, so that nobody waits for it."""

    def __init__(self, places: Places, stop: threading.Event) -> None:
        self._places = places
        self._stop = stop

    def run(self) -> None:
        """Until it is stopped: look every few seconds whether something was written."""
        give_way()
        with closing(Journal.open(self._places.journal)) as journal:
            changes = -1
            while not self._stop.is_set():
                if (changes_now := journal.store.changes_elsewhere()) != changes:
                    changes = changes_now
                    self._catch_up(journal)
                self._stop.wait(_SECONDS)

    def _catch_up(self, journal: Journal) -> None:
        """What cannot be indexed now is found the next time; reading goes on without."""
        try:
            with closing(SearchIndex(self._places.search_index)) as index:
                catch_up(journal, index, self._stop.is_set)
        except SearchUnusable as problem:
            logger.warning("{}", problem)
