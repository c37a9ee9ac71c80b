"""The only way in for the command line, the tray and the page.

Today it reads and writes the journal, which the daemon notices within half a second. When no daemon runs,
what is asked here waits in the journal for the next one.
"""

import time

import filelock

from daemon.journal import Journal
from daemon.places import Places
from daemon.records import Document, Page
from daemon.status import STOPPED, State, Status


class Client:
    """Use as a context manager, or call `close`."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._opened: Journal | None = None

    def running(self) -> bool:
        """Whether a daemon runs for this home."""
        if not self._places.lock.exists():
            return False
        lock = filelock.FileLock(self._places.lock, timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout:
            return True
        lock.release()
        return False

    def status(self) -> Status:
        if self.running():
            try:
                return Status.from_json(self._places.status.read_text(encoding="utf-8"))
            except (OSError, ValueError, KeyError, TypeError):
                return STOPPED  # it has only just begun
        return STOPPED

    def documents(self, states: tuple[State, ...] = (), limit: int = 50) -> list[Document]:
        """The newest first; without `states`, all that were not forgotten."""
        return self._journal.listing.documents(states, limit)

    def finished_since(self, moment: float) -> list[Document]:
        """Those that ended later than this moment, in the order they did."""
        return self._journal.listing.finished_since(moment)

    def document(self, number: int) -> tuple[Document, list[Page]]:
        return self._journal.listing.document(number), self._journal.listing.pages(number)

    def retry(self, number: int, reader: str = "") -> None:
        self._journal.wishes.retry(number, reader)

    def retry_failed(self) -> int:
        return self._journal.wishes.retry_failed()

    def forget(self, number: int) -> None:
        self._journal.wishes.forget(number)

    def pause(self, seconds: float | None = None) -> None:
        """Read nothing for so long; None: until `resume`."""
        self._journal.wishes.pause(None if seconds is None else time.time() + seconds)

    def resume(self) -> None:
        self._journal.wishes.resume()

    def reload(self) -> None:
        """Have the daemon read its settings again."""
        self._journal.wishes.reload()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _journal(self) -> Journal:
        if self._opened is None:
            self._places.make()
            self._opened = Journal.open(self._places.journal)
        return self._opened
