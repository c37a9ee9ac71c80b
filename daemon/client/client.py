"""What the command line asks: always of this home's own files, so it works whether or not a daemon runs.

How it goes comes from the file that the daemon keeps; documents are read from the journal, and what a person
wants is written into it. A daemon that runs sees that at its next tick, one that does not at its start.
What only a running daemon can answer is asked by `ApiClient`.
"""

import time
from typing import TYPE_CHECKING

from papertray.daemon.client.address import announced_address
from papertray.daemon.client.running import is_running, read_status
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import DocumentState, Status

if TYPE_CHECKING:
    from papertray.daemon.journal import Journal
    from papertray.daemon.journal.errands import Errand
    from papertray.daemon.journal.lists import DocumentQuery


class Client:
    """Use as a context manager, or call `close`. Not for several threads at once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._opened: Journal | None = None

    def running(self) -> bool:
        """Whether a daemon runs for this home."""
        return is_running(self._places)

    def address(self) -> str | None:
        """Where the running daemon's API is; None when none runs, or it serves none."""
        address = announced_address(self._places) if self.running() else None
        return None if address is None else address.url

    def status(self) -> Status:
        """How it goes."""
        return read_status(self._places)

    def counts(self) -> dict[str, int]:
        """How many documents are in each state, also while no daemon runs."""
        return self._journal.listing.counts() if self._places.journal.exists() else {}

    def seconds_a_page(self) -> dict[str, float]:
        """How long each reader took for a page, lately and on this machine."""
        return self._journal.lists.seconds_a_page() if self._places.journal.exists() else {}

    def documents(
        self,
        states: tuple[DocumentState, ...] = (),
        limit: int = 50,
        search: str = "",
        before: int | None = None,
        *,
        doubtful: bool = False,
    ) -> list[DocumentRecord]:
        """The newest first; without `states`, all that were not forgotten."""
        return self._journal.listing.documents(states, limit, search, before, doubtful=doubtful)

    def select(self, query: "DocumentQuery", limit: int) -> list[DocumentRecord]:
        """Those that the query names, in its order."""
        return self._journal.lists.documents(query, limit)

    def finished_since(self, moment: float) -> list[DocumentRecord]:
        """Those that ended later, in the order they did."""
        return self._journal.listing.finished_since(moment)

    def document(self, number: int) -> tuple[DocumentRecord, list[PageRecord]]:
        return self._journal.listing.document(number), self._journal.listing.pages(number)

    def errands(self, number: int) -> "list[Errand]":
        """What rules have to do for this document, or did when it was read last."""
        return self._journal.errands.of(number)

    def unfinished_errands(self) -> "list[Errand]":
        """What failed once a document was read, or is tried again, the newest first."""
        return self._journal.errands.unfinished() if self._places.journal.exists() else []

    def retry_errand(self, errand: int) -> int:
        """Whether there was something to be done now, as 1 or 0."""
        return self._journal.errands.retry_one(errand)

    def give_up_errand(self, errand: int) -> int:
        return self._journal.errands.give_up(errand)

    def retry(self, number: int, reader: str = "") -> None:
        self._journal.requests.retry(number, reader)

    def retry_failed(self) -> int:
        return self._journal.requests.retry_failed()

    def forget(self, number: int) -> None:
        self._journal.requests.forget(number)

    def pause(self, seconds: float | None = None) -> None:
        """Read nothing for so long; None: until `resume`."""
        self._journal.requests.pause(None if seconds is None else time.time() + seconds)

    def resume(self) -> None:
        self._journal.requests.resume()

    def reload(self) -> None:
        """Have the daemon read its settings again."""
        self._journal.requests.reload()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _journal(self) -> "Journal":
        if self._opened is None:
            from papertray.daemon.journal import Journal

            self._places.make()
            self._opened = Journal.open(self._places.journal)
        return self._opened
