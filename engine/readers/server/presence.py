"""Whether a server is there, before any page is sent to it."""

from enum import Enum

import httpx

from papertray.engine.readers.server.clients import trust_known
from papertray.engine.readers.server.problems import Cause, ServerBusy
from papertray.engine.server_address import ServerAddress

_SECONDS = 5.0


class Presence(Enum):
    """What a server says that is only asked whether it is there."""

    OWN = "started when needed"
    THERE = "answers"
    LOCKED = "refuses the key"
    BUSY = "busy"
    STRANGER = "another certificate"
    AWAY = "does not answer"


def is_there(server: ServerAddress) -> bool:
    """One that papertray starts is there as soon as it is wanted: whether it starts shows then."""
    return look_at_server(server) in (Presence.OWN, Presence.THERE, Presence.LOCKED)


def look_at_server(server: ServerAddress) -> Presence:
    if server.command:
        return Presence.OWN
    head = {"Authorization": f"Bearer {server.key}"} if server.key else {}
    try:
        verify = trust_known(server) if server.fingerprint else True
        proxies = not (server.is_local or server.fingerprint)
        with (
            httpx.Client(verify=verify, timeout=_SECONDS, trust_env=proxies) as client,
            client.stream("GET", f"{server.url}/models", headers=head) as answer,
        ):
            status = answer.status_code  # whatever else it says is not read
    except ServerBusy as problem:
        return Presence.STRANGER if problem.cause is Cause.STRANGER else Presence.AWAY
    except httpx.HTTPError:
        return Presence.AWAY
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Presence.LOCKED
    too_much = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS
    return Presence.BUSY if too_much else Presence.THERE
