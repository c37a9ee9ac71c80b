"""The only way in for the command line, the tray and whoever else asks the daemon.

Where a daemon serves its API, everything goes through that. Where none runs, documents and requests are read
from and written to the journal, and choices to the settings file, for the next one.
"""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import filelock

from papertray.daemon.client.connection import Connection
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.status import STOPPED, DocumentState, Status
from papertray.daemon.wire import document_of, page_of

if TYPE_CHECKING:
    from papertray.daemon.journal import Journal

_PAGE = 1000  # documents that the API lists at once
_LOOKING = 300.0  # seconds that a look at the devices may take


class Client:
    """Use as a context manager, or call `close`. Not for several threads at once."""

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

    def address(self) -> str | None:
        """Where the running daemon's API is; None when none runs, or it serves none."""
        line = self._line()
        return None if line is None else line.url

    def status(self) -> Status:
        """How it goes. Read from the file that the daemon keeps: cheaper than a question, and the same."""
        if self.running():
            try:
                return Status.from_json(self._places.status.read_text(encoding="utf-8"))
            except (OSError, ValueError, KeyError, TypeError):
                return STOPPED  # it has only just begun
        return STOPPED

    def counts(self) -> dict[str, int]:
        """How many documents are in each state, also while no daemon runs."""
        return self._journal.listing.counts() if self._places.journal.exists() else {}

    def events(self) -> Iterator[Status]:
        """How it goes, now and at every change, until the daemon ends."""
        for name, data in self._needed().events("/v1/events"):
            if name == "status":
                yield Status.from_json(data)

    def documents(
        self,
        states: tuple[DocumentState, ...] = (),
        limit: int = 50,
        search: str = "",
        before: int | None = None,
    ) -> list[DocumentRecord]:
        """The newest first; without `states`, all that were not forgotten."""
        line = self._line()
        if line is None or limit > _PAGE:
            return self._journal.listing.documents(states, limit, search, before)
        asked: dict[str, Any] = {"state": list(states), "limit": limit, "search": search}
        asked |= {} if before is None else {"before": before}
        answer = line.ask("GET", "/v1/documents", params=asked)
        return [document_of(one) for one in answer["documents"]]

    def finished_since(self, moment: float) -> list[DocumentRecord]:
        """Those that ended later, in the order they did. Always from the journal: the daemon itself asks."""
        return self._journal.listing.finished_since(moment)

    def document(self, number: int) -> tuple[DocumentRecord, list[PageRecord]]:
        line = self._line()
        if line is None:
            return self._journal.listing.document(number), self._journal.listing.pages(number)
        answer = line.ask("GET", f"/v1/documents/{number}")
        return document_of(answer), [page_of(number, page) for page in answer["each_page"]]

    def retry(self, number: int, reader: str = "") -> None:
        if (line := self._line()) is None:
            self._journal.requests.retry(number, reader)
        else:
            line.ask("POST", f"/v1/documents/{number}/retry", json={"reader": reader})

    def retry_failed(self) -> int:
        if (line := self._line()) is None:
            return self._journal.requests.retry_failed()
        return int(line.ask("POST", "/v1/retry-failed")["queued"])

    def forget(self, number: int) -> None:
        if (line := self._line()) is None:
            self._journal.requests.forget(number)
        else:
            line.ask("POST", f"/v1/documents/{number}/forget")

    def pause(self, seconds: float | None = None) -> None:
        """Read nothing for so long; None: until `resume`."""
        if (line := self._line()) is None:
            self._journal.requests.pause(None if seconds is None else time.time() + seconds)
        else:
            line.ask("POST", "/v1/pause", json={"seconds": seconds})

    def resume(self) -> None:
        if (line := self._line()) is None:
            self._journal.requests.resume()
        else:
            line.ask("POST", "/v1/resume")

    def reload(self) -> None:
        """Have the daemon read its settings again."""
        if (line := self._line()) is None:
            self._journal.requests.reload()
        else:
            line.ask("POST", "/v1/reload")

    def devices(self) -> dict[str, Any]:
        """`chosen`, `in_use` and `devices`: each with what it is good for and the row it would get."""
        answer: dict[str, Any] = self._needed().ask("GET", "/v1/devices", timeout=_LOOKING)
        return answer

    def models(self) -> dict[str, Any]:
        """`chosen` and `data`: each model, whether it is here, how large it is."""
        answer: dict[str, Any] = self._needed().ask("GET", "/v1/models")
        return answer

    def choose_device(self, name: str) -> None:
        self._choose("device", name)

    def choose_model(self, name: str) -> None:
        self._choose("model", name)

    def pull(self, name: str) -> None:
        """Have it fetched; the status tells how far it is."""
        self._needed().ask("POST", f"/v1/models/{name}/pull")

    def cancel_pull(self, name: str) -> bool:
        """Whether there was something to stop. What arrived is kept."""
        return bool(self._needed().ask("POST", f"/v1/models/{name}/cancel")["ok"])

    def login_url(self) -> str:
        """A link that opens the page in a browser: good once, for a minute."""
        line = self._needed()
        return f"{line.url}/login?code={line.ask('POST', '/v1/login-code')['code']}"

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _choose(self, what: str, name: str) -> None:
        if (line := self._line()) is None:
            from papertray.daemon.settings.steering import save_choice

            save_choice(self._places, what, name)
        else:
            line.ask("POST", f"/v1/{what}", json={"name": name})

    def _line(self) -> Connection | None:
        """To the daemon that holds the lock: what a killed one left behind is not called."""
        return Connection.to(self._places) if self.running() else None

    def _needed(self) -> Connection:
        line = self._line()
        if line is None:
            raise DaemonNotRunning
        return line

    @property
    def _journal(self) -> "Journal":
        if self._opened is None:
            from papertray.daemon.journal import Journal

            self._places.make()
            self._opened = Journal.open(self._places.journal)
        return self._opened
