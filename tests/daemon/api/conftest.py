"""A daemon that serves its API over real HTTP on this machine, and somebody who knows its token."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.connection import Connection, no_certificates
from papertray.daemon.reading.slot import ReaderSource
from tests.desks import Running, running, until

PATIENCE = 30.0


@dataclass
class Served:
    at_work: Running
    client: ApiClient
    connection: Connection
    http: httpx.Client

    @property
    def url(self) -> str:
        return self.connection.url

    @property
    def token(self) -> str:
        return self.connection.token

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.http.request(method, path, **more)

    def read(self, file: Path, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        with file.open("rb") as content:
            return self.http.post(
                "/v1/read", files={"file": (file.name, content)}, data=form, headers=headers or {}
            )

    def another(self) -> httpx.Client:
        """Somebody else who knows the token, and may outlive the daemon."""
        return self.stranger(Authorization=f"Bearer {self.token}")

    def stranger(self, **headers: str) -> httpx.Client:
        """Somebody without the token."""
        return _client(self.url, headers)


Serving = Callable[..., AbstractContextManager[Served]]


@contextmanager
def served(inbox: Path, readers: ReaderSource | None = None, **more: Any) -> Iterator[Served]:
    api = {"port": 0, **more.pop("api", {})}
    with running(inbox, readers, api=api, **more) as at_work:
        until(lambda: Connection.to(at_work.places), "the API")
        connection = Connection.to(at_work.places)
        assert connection is not None
        headers = {"Authorization": f"Bearer {connection.token}"}
        with _client(connection.url, headers) as http:
            yield Served(at_work, ApiClient(at_work.places), connection, http)


def _client(url: str, headers: dict[str, str]) -> httpx.Client:
    verify = no_certificates()
    return httpx.Client(base_url=url, headers=headers, verify=verify, timeout=PATIENCE, trust_env=False)


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    """Starts a daemon for the test's own inbox."""

    def start(readers: ReaderSource | None = None, **more: Any) -> AbstractContextManager[Served]:
        return served(tmp_path / "inbox", readers, **more)

    return start


@pytest.fixture
def api(serving: Serving) -> Iterator[Served]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def shared_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One daemon for all tests of a module that leave it as they found it."""
    home = tmp_path_factory.mktemp("shared")
    with ExitStack() as until_the_end:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOME", str(home))
            patch.setenv("PAPERTRAY_HOME", str(home / "papertray"))
            found = until_the_end.enter_context(served(home / "inbox"))
        yield found
