"""The HTTP server: uvicorn, with our own way of taking connections in, until it is asked to stop."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from papertray.daemon.api.doors.connections import IDLE_SECONDS, AcceptLoop, ApiConnection

_END_SECONDS = 0.5  # for open requests, once the daemon stops
_CHORES_EVERY = 1.0


class HttpServer(uvicorn.Server):
    """`must_stop` is asked ten times a second; `chores` are done once a second, in the server's thread."""

    def __init__(
        self,
        app: ASGIApp,
        entrances: Sequence[AcceptLoop],
        must_stop: Callable[[], bool],
        chores: Callable[[], None],
    ) -> None:
        super().__init__(_config(app))
        self._entrances = entrances
        self._must_stop = must_stop
        self._chores = chores
        self._next_chores = 0.0

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets=sockets or [])  # none, not None: we take connections in ourselves
        self.servers.extend(self._entrances)  # type: ignore[arg-type]  # closed as its own ones are
        for entrance in self._entrances:
            entrance.start(partial(self._new_connection, entrance.app_state))

    async def on_tick(self, counter: int) -> bool:
        if self._must_stop():
            return True
        if (now := time.monotonic()) >= self._next_chores:
            self._next_chores = now + _CHORES_EVERY
            for entrance in self._entrances:
                entrance.close_idle()
            self._chores()
        return await super().on_tick(counter)

    def _new_connection(self, app_state: dict[str, Any]) -> ApiConnection:
        return ApiConnection(self.config, self.server_state, app_state)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        ws="none",
        http="h11",
        loop="asyncio",
        timeout_keep_alive=int(IDLE_SECONDS),
        timeout_graceful_shutdown=_END_SECONDS,  # type: ignore[arg-type]  # a part of a second is fine
    )
