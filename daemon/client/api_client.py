"""What the tray asks, and whoever wants what only a running daemon can do: always over HTTP.

Where no daemon runs, or it serves no API, each question raises DaemonNotRunning.
"""

from collections.abc import Iterator
from typing import Any

from papertray.daemon.client.connection import Connection, connect
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.places import Places
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import DocumentState, Status
from papertray.daemon.wire import document_of

_LOOKING = 300.0  # seconds that a look at the devices may take


class ApiClient:
    def __init__(self, places: Places) -> None:
        self._places = places

    def events(self) -> Iterator[Status]:
        """How it goes, now and at every change, until the daemon ends."""
        for name, data in self._connection().events("/v1/events"):
            if name == "status":
                yield Status.from_json(data)

    def documents(self, states: tuple[DocumentState, ...] = (), limit: int = 50) -> list[DocumentRecord]:
        """The newest first; without `states`, all that were not forgotten."""
        answer = self._connection().ask(
            "GET", "/v1/documents", params={"state": list(states), "limit": limit}
        )
        return [document_of(one) for one in answer["documents"]]

    def devices(self) -> dict[str, Any]:
        """`chosen`, `in_use` and `devices`: each with what it is good for and the row it would get."""
        answer: dict[str, Any] = self._connection().ask("GET", "/v1/devices", timeout=_LOOKING)
        return answer

    def models(self) -> dict[str, Any]:
        """`chosen` and `data`: each model, whether it is here, how large it is."""
        answer: dict[str, Any] = self._connection().ask("GET", "/v1/models")
        return answer

    def pause(self, seconds: float | None = None) -> None:
        """Read nothing for so long; None: until `resume`."""
        self._connection().ask("POST", "/v1/pause", json={"seconds": seconds})

    def resume(self) -> None:
        self._connection().ask("POST", "/v1/resume")

    def retry_failed(self) -> int:
        """How many documents are read again."""
        return int(self._connection().ask("POST", "/v1/retry-failed")["queued"])

    def choose_device(self, name: str) -> None:
        self._connection().ask("POST", "/v1/device", json={"name": name})

    def choose_model(self, name: str) -> None:
        self._connection().ask("POST", "/v1/model", json={"name": name})

    def pull(self, name: str) -> None:
        """Have it fetched; the status tells how far it is."""
        self._connection().ask("POST", f"/v1/models/{name}/pull")

    def cancel_pull(self, name: str) -> bool:
        """Whether there was something to stop. What arrived is kept."""
        return bool(self._connection().ask("POST", f"/v1/models/{name}/cancel")["ok"])

    def login_url(self) -> str:
        """A link that opens the page in a browser: good once, for a minute."""
        connection = self._connection()
        return f"{connection.url}/login?code={connection.ask('POST', '/v1/login-code')['code']}"

    def _connection(self) -> Connection:
        connection = connect(self._places)
        if connection is None:
            raise DaemonNotRunning
        return connection
