"""A connection to a running daemon: HTTP on this machine, with the token of its home.

What goes wrong there comes out here as the same sentence and exit code as if it had gone wrong here.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.daemon.client.address import Address
from papertray.daemon.client.running import is_running
from papertray.daemon.places import Places
from papertray.engine.errors import PapertrayError

if TYPE_CHECKING:
    import httpx

SECONDS = 10.0
QUIET = 40.0  # seconds without a sign of life, after which a stream counts as broken


class DaemonUnreachable(PapertrayError):
    """papertray runs, but its API does not answer."""

    exit_code = 6
    retry = True

    def __init__(self, why: str) -> None:
        super().__init__(f"papertray runs but does not answer ({why}).", "`papertray logs` may say why.")


class DaemonRefusal(PapertrayError):
    """A problem that the daemon told."""

    def __init__(self, sentence: str, advice: str, exit_code: int) -> None:
        super().__init__(sentence, advice)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Connection:
    url: str
    token: str

    @classmethod
    def to(cls, here: Places) -> "Connection | None":
        """To the daemon of this home; None when it serves no API. Whether it runs is not asked."""
        try:
            said = json.loads(here.runtime.read_text(encoding="utf-8"))
            token = here.token.read_text(encoding="ascii").strip()
            return cls(_url(said["host"], int(said["port"])), token)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON."""
        with self._client() as client, _as_ours():
            answer = client.request(method, path, **more)
        _check(answer)
        return answer.json()

    def events(self, path: str) -> Iterator[tuple[str, str]]:
        """Names and data of a stream of events, until it ends."""
        with self._client() as client, _as_ours(), client.stream("GET", path, timeout=QUIET) as answer:
            if answer.is_error:
                answer.read()
                _check(answer)
            name = ""
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, value

    def _client(self) -> "httpx.Client":
        import httpx

        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=SECONDS, trust_env=False)


def connect(places: Places) -> Connection | None:
    """To the daemon that holds the lock: what a killed one left behind is not called."""
    return Connection.to(places) if is_running(places) else None


def _url(host: str, port: int) -> str:
    """What listens at every address of this machine is reached at its own."""
    return Address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port).url


def _check(answer: "httpx.Response") -> None:
    if not answer.is_error:
        return
    try:
        said = answer.json()
        problem = DaemonRefusal(said["problem"], said["advice"], said["exit_code"])
    except (ValueError, KeyError, TypeError):
        problem = DaemonRefusal(f"papertray answered with HTTP {answer.status_code}.", "", 1)
    raise problem


@contextmanager
def _as_ours() -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.HTTPError as problem:
        raise DaemonUnreachable(type(problem).__name__) from problem
