"""What the tray asks, and whoever wants what only a running daemon can do: always over HTTP.

Where no daemon runs, or it serves no API, each question raises DaemonNotRunning.
"""

from collections.abc import Iterator
from pathlib import Path

from papertray.daemon.choices import DeviceChoices, ModelChoices
from papertray.daemon.client.connection import Connection, connect
from papertray.daemon.client.login_page import write_login_page
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.places import Places
from papertray.daemon.status import DocumentState, Status
from papertray.daemon.wire import AddedDocument, Count, DocumentAnswer, DocumentList, Done, LoginCode
from papertray.engine.errors import DocumentGone

_SURVEY_SECONDS = 300.0
_UPLOAD_SECONDS = 120.0


class ApiClient:
    def __init__(self, places: Places) -> None:
        self._places = places

    def events(self) -> Iterator[Status]:
        """How it goes, now and at every change, until the daemon ends."""
        yield from self._connection().events(Status, "/v1/events", "status")

    def documents(
        self, states: tuple[DocumentState, ...] = (), limit: int = 50
    ) -> tuple[DocumentAnswer, ...]:
        """The newest first; without `states`, all that were not forgotten."""
        query = {"state": list(states), "limit": limit}
        return self._connection().ask(DocumentList, "GET", "/v1/documents", params=query).documents

    def devices(self) -> DeviceChoices:
        """The devices, which one is chosen and which in use. The first look takes some seconds."""
        return self._connection().ask(DeviceChoices, "GET", "/v1/devices", timeout=_SURVEY_SECONDS)

    def models(self) -> ModelChoices:
        return self._connection().ask(ModelChoices, "GET", "/v1/models")

    def pause(self, seconds: float | None = None) -> None:
        """Read nothing for so long; None: until `resume`."""
        self._connection().ask(Done, "POST", "/v1/pause", json={"seconds": seconds})

    def resume(self) -> None:
        self._connection().ask(Done, "POST", "/v1/resume")

    def retry_failed(self) -> int:
        """How many documents are read again."""
        return self._connection().ask(Count, "POST", "/v1/retry-failed").queued

    def choose_device(self, name: str) -> None:
        self._connection().ask(Done, "POST", "/v1/device", json={"name": name})

    def choose_model(self, name: str) -> None:
        self._connection().ask(Done, "POST", "/v1/model", json={"name": name})

    def pull(self, name: str) -> None:
        """Have it fetched; the status tells how far it is."""
        self._connection().ask(Done, "POST", f"/v1/models/{name}/pull")

    def cancel_pull(self, name: str) -> bool:
        """Whether there was something to stop. What arrived is kept."""
        return self._connection().ask(Done, "POST", f"/v1/models/{name}/cancel").ok

    def add(self, file: Path) -> AddedDocument:
        """Have a copy of it put into the first watched folder, where it stays and is read."""
        try:
            with file.open("rb") as content:
                sent = {"file": (file.name, content)}
                return self._connection().ask(
                    AddedDocument, "POST", "/v1/documents", files=sent, timeout=_UPLOAD_SECONDS
                )
        except OSError as problem:
            raise DocumentGone(file) from problem

    def login_url(self) -> str:
        """A link that opens the page in a browser: good once, for a minute."""
        return self._login()[0]

    def login_page(self) -> Path:
        """A file, for its owner alone, that leads a browser there: good once, for a minute, then gone."""
        return write_login_page(self._places, *self._login())

    def _login(self) -> tuple[str, str]:
        """The link, and the code in it."""
        connection = self._connection()
        code = connection.ask(LoginCode, "POST", "/v1/login-code").code
        return f"{connection.url}/login?code={code}", code

    def _connection(self) -> Connection:
        connection = connect(self._places)
        if connection is None:
            raise DaemonNotRunning
        return connection
