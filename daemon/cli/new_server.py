"""Look whether another papertray is there, is the one that is meant, and lets this machine in."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from papertray.daemon.errors import ExitCode, PapertrayError, SettingsError
from papertray.daemon.guests.notices import FoundPapertray
from papertray.daemon.guests.problems import NameNotUnique, NoticesMissing
from papertray.engine.readers.server.certificates import (
    fetch_certificate,
    fingerprint_of,
    same_fingerprint,
    trust_only,
)

_SECONDS = 20.0
_LOOK_SECONDS = 3.0
_PORT = 8764

LookAround = Callable[[float], Sequence[FoundPapertray]]
"""Which papertrays of this network answer within so many seconds."""


class ServerNotThere(PapertrayError):
    exit_code = ExitCode.READER
    retry = True

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"No papertray answers at {url} ({why}).",
            "Look whether `papertray serve` says there that it lets others in, and whether a firewall does.",
        )


class ServerElsewhere(PapertrayError):
    exit_code = ExitCode.READER

    def __init__(self, url: str, fingerprint: str) -> None:
        super().__init__(
            f"What answers at {url} has another fingerprint: {fingerprint}.",
            "Compare it with what `papertray serve` shows there. If it differs, this is another machine."
            " Nothing was sent.",
        )


class ServerNotWelcoming(PapertrayError):
    exit_code = ExitCode.READER

    def __init__(self, name: str, status: int) -> None:
        super().__init__(
            f"{name} does not let this machine in ({status}).",
            "Make a token for it there: `papertray serve add NAME`.",
        )


@dataclass(frozen=True, slots=True)
class NewServer:
    """Where it is asked, and what it is called here."""

    url: str
    host: str
    port: int
    name: str

    @classmethod
    def at(cls, written: str, name: str) -> "NewServer":
        """`desktop`, `desktop:8764` or `https://desktop:8764`. Never plain http: the pages could be read."""
        parts = urlsplit(written if "://" in written else f"https://{written}")
        try:
            host, port = parts.hostname or "", parts.port or _PORT
        except ValueError:
            host, port = "", 0
        if parts.scheme != "https" or not host or parts.username:
            raise SettingsError(
                f"{written} is no address of another papertray.", "It looks like https://desktop:8764."
            )
        shown = f"[{host}]" if ":" in host else host
        return cls(f"https://{shown}:{port}/v1", host, port, name or host.removesuffix(".local"))


def _is_known(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class FoundServer:
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)


def locate_server(
    new: NewServer, fingerprint: str, look_around: LookAround, is_known: Callable[[str], bool] = _is_known
) -> NewServer:
    """At its address, where this system does not know the name but a machine of this network goes by it."""
    if "." in new.host or ":" in new.host or is_known(new.host):
        return new
    try:
        named = [one for one in look_around(_LOOK_SECONDS) if one.name.lower() == new.host.lower()]
    except NoticesMissing:
        return new
    if fingerprint:
        named = [one for one in named if same_fingerprint(one.fingerprint, fingerprint)]
    if not named:
        return new
    if len(named) > 1:
        raise NameNotUnique(new.host)
    return NewServer.at(named[0].url, new.name)


def find_server(new: NewServer, fingerprint: str) -> FoundServer:
    """What answers there. Raises ServerElsewhere where it is not the one with this fingerprint; "" is any."""
    try:
        found = FoundServer(fetch_certificate(new.host, new.port))
    except OSError as problem:
        raise ServerNotThere(new.url, problem.strerror or str(problem)) from problem
    if fingerprint and not same_fingerprint(found.fingerprint, fingerprint):
        raise ServerElsewhere(new.url, found.fingerprint)
    return found


def require_welcome(new: NewServer, found: FoundServer, token: str) -> None:
    """Whether it lets this machine in. The token goes to the holder of that certificate alone."""
    head = {"Authorization": f"Bearer {token}"}
    context = trust_only(found.certificate)
    try:
        with httpx.Client(verify=context, timeout=_SECONDS, trust_env=False) as client:
            answer = client.get(f"{new.url}/models", headers=head)
    except (httpx.HTTPError, UnicodeEncodeError) as problem:
        raise ServerNotThere(new.url, type(problem).__name__) from problem
    if answer.status_code != httpx.codes.OK:
        raise ServerNotWelcoming(new.name, answer.status_code)
