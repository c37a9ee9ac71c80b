"""HTTP clients to ask servers with: one for all, and one for each that is known by its certificate.

Used on one event loop. A server that shows another certificate than the one it is known by is sent nothing.
"""

import asyncio
import ssl
from collections.abc import Sequence

import httpx

from papertray.engine.readers.server.certificates import (
    fetch_certificate,
    fingerprint_of,
    same_fingerprint,
    trust_only,
)
from papertray.engine.readers.server.families import SILENCE
from papertray.engine.readers.server.problems import Cause, ServerBusy
from papertray.engine.server_address import ServerAddress

_CONNECT = 10.0


class ServerClients:
    def __init__(self, servers: Sequence[ServerAddress]) -> None:
        self._asks_proxies = not all(server.is_local for server in servers)
        self._common: httpx.AsyncClient | None = None
        self._known: dict[ServerAddress, asyncio.Task[httpx.AsyncClient]] = {}
        self._retired: list[asyncio.Task[httpx.AsyncClient]] = []

    async def client_for(self, server: ServerAddress) -> httpx.AsyncClient:
        """Raises ServerBusy where it is not there, or is not the one that it should be."""
        if not server.fingerprint:
            self._common = self._common or _make_client(True, proxies=self._asks_proxies)
            return self._common
        if server not in self._known:
            self._known[server] = asyncio.ensure_future(_open_known(server))
        opening = self._known[server]
        try:
            return await asyncio.shield(opening)  # others wait for the same
        except ServerBusy:
            if self._known.get(server) is opening:
                del self._known[server]
            raise

    def forget(self, server: ServerAddress) -> None:
        """It was not there: the next one that answers at its address may be another."""
        if server in self._known:
            self._retired.append(self._known.pop(server))  # pages may still be on their way

    async def close(self) -> None:
        opening = [*self._known.values(), *self._retired]
        self._known, self._retired = {}, []
        clients = await asyncio.gather(*opening, return_exceptions=True)
        for client in (*clients, self._common):
            if isinstance(client, httpx.AsyncClient):
                await client.aclose()
        self._common = None


async def _open_known(server: ServerAddress) -> httpx.AsyncClient:
    return _make_client(await asyncio.to_thread(trust_known, server), proxies=False)


def trust_known(server: ServerAddress) -> ssl.SSLContext:
    try:
        certificate = fetch_certificate(server.host, server.port)
    except OSError as problem:
        raise ServerBusy(str(problem) or type(problem).__name__, cause=Cause.AWAY) from problem
    if not same_fingerprint(fingerprint_of(certificate), server.fingerprint):
        raise ServerBusy(
            f"it shows another certificate than the one it is known by: {fingerprint_of(certificate)}",
            cause=Cause.STRANGER,
        )
    return trust_only(certificate)


def _make_client(verify: ssl.SSLContext | bool, *, proxies: bool) -> httpx.AsyncClient:
    timeout = httpx.Timeout(SILENCE, connect=_CONNECT, pool=None)
    limits = httpx.Limits(max_connections=None, keepalive_expiry=30.0)
    return httpx.AsyncClient(verify=verify, timeout=timeout, limits=limits, trust_env=proxies)
