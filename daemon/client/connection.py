"""A connection to a running daemon: HTTP on this machine, through the socket that is its owner's alone.

Where there is none, through its port and with the token of its home.

What goes wrong there comes out here as the same sentence and exit code as if it had gone wrong here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from papertray.daemon.client.address import announced_address
from papertray.daemon.client.running import is_running
from papertray.daemon.places import Places
from papertray.daemon.wire import loads
from papertray.engine.errors import PapertrayError
from papertray.engine.exit_codes import ExitCode

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")
SECONDS = 10.0
QUIET = 40.0  # seconds without a sign of life, after which a stream counts as broken


class DaemonUnreachable(PapertrayError):
    """papertray runs, but its API does not answer."""

    exit_code = ExitCode.NOT_RUNNING
    retry = True

    def __init__(self, why: str) -> None:
        super().__init__(f"papertray runs but does not answer ({why}).", "`papertray logs` may say why.")


class DaemonNotUnderstood(PapertrayError):
    """Its API answers, but not what this version asks for."""

    exit_code = DaemonUnreachable.exit_code

    def __init__(self) -> None:
        super().__init__(
            "papertray answered something that is not understood here.",
            "It may be of another version: restart papertray, and its icon.",
        )


class DaemonRefusal(PapertrayError):
    """A problem that the daemon told."""

    def __init__(self, sentence: str, advice: str, exit_code: ExitCode) -> None:
        super().__init__(sentence, advice)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Connection:
    """`socket` is empty where there is none."""

    url: str
    token: str
    socket: str = ""

    @classmethod
    def to(cls, places: Places) -> "Connection | None":
        """To the daemon of this home; None when it serves no API. Whether it runs is not asked."""
        address = announced_address(places)
        if address is None:
            return None
        through = address.socket if address.socket and Path(address.socket).is_socket() else ""
        try:
            token = places.token.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            if not through:
                return None
            token = ""
        return cls(address.url, token, through)

    def ask(self, kind: type[T], method: str, path: str, **more: Any) -> T:
        """The answer, which is of this kind."""
        with self._http() as http, _our_errors():
            response = http.request(method, path, **more)
            _raise_refusal(response)
            return loads(kind, response.content)

    def events(self, kind: type[T], path: str, name: str) -> Iterator[T]:
        """The events of this name, until the stream ends."""
        from httpx_sse import connect_sse

        with self._http() as http, _our_errors(), connect_sse(http, "GET", path, timeout=QUIET) as source:
            if source.response.is_error:
                source.response.read()
                _raise_refusal(source.response)
            for event in source.iter_sse():
                if event.event == name:
                    yield loads(kind, event.data)

    def _http(self) -> "httpx.Client":
        import httpx

        if self.socket:
            through = httpx.HTTPTransport(uds=self.socket, verify=no_certificates())
            return httpx.Client(base_url=self.url, transport=through, timeout=SECONDS, trust_env=False)
        headers, verify = {"Authorization": f"Bearer {self.token}"}, no_certificates()
        return httpx.Client(
            base_url=self.url, headers=headers, verify=verify, timeout=SECONDS, trust_env=False
        )


@cache
def no_certificates() -> "ssl.SSLContext":
    """What is asked on this machine is asked without TLS: to load whom to trust takes longer than to ask."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def connect(places: Places) -> Connection | None:
    """To the daemon that holds the lock: what a killed one left behind is not called."""
    return Connection.to(places) if is_running(places) else None


def _raise_refusal(response: "httpx.Response") -> None:
    if not response.is_error:
        return
    try:
        problem = response.json()
        refusal = DaemonRefusal(
            problem["problem"], problem["advice"], ExitCode.from_number(problem["exit_code"])
        )
    except (ValueError, KeyError, TypeError):
        refusal = DaemonRefusal(f"papertray answered with HTTP {response.status_code}.", "", ExitCode.FAILED)
    raise refusal


@contextmanager
def _our_errors() -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.HTTPError as problem:
        raise DaemonUnreachable(type(problem).__name__) from problem
    except ValueError as problem:
        raise DaemonNotUnderstood from problem
