"""Whether a server is there, before any page is sent to it."""

import httpx

from papertray.engine.readers.server.clients import trust_known
from papertray.engine.readers.server.problems import ServerBusy
from papertray.engine.server_address import ServerAddress

_SECONDS = 5.0


def is_there(server: ServerAddress) -> bool:
    """One that papertray starts is there as soon as it is wanted: whether it starts shows then."""
    if server.command:
        return True
    head = {"Authorization": f"Bearer {server.key}"} if server.key else {}
    try:
        verify = trust_known(server) if server.fingerprint else True
        proxies = not (server.is_local or server.fingerprint)
        with (
            httpx.Client(verify=verify, timeout=_SECONDS, trust_env=proxies) as client,
            client.stream("GET", f"{server.url}/models", headers=head) as answer,
        ):
            status = answer.status_code  # whatever else it says is not read
    except (httpx.HTTPError, ServerBusy):
        return False
    return status < httpx.codes.INTERNAL_SERVER_ERROR and status != httpx.codes.TOO_MANY_REQUESTS
