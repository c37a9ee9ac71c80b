"""Serve the API in a thread of its own for as long as the daemon runs, through every change of settings.

What it needs is imported in that thread. Reading goes on when it cannot serve; the status says so then.
"""

import errno
import importlib.metadata
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address

from loguru import logger

from papertray.daemon.board import StatusBoard
from papertray.daemon.client.address import Address
from papertray.daemon.downloads import Downloads
from papertray.daemon.files import put_file
from papertray.daemon.places import Places, close_to_others
from papertray.daemon.settings import ApiSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError

_TAKEN = {errno.EADDRINUSE, errno.EACCES}
_BACKLOG = 512  # connections that the system holds for us
_PORTS = 50  # tried one after another from the port of the settings
_END_SECONDS = 0.5  # for open requests, once the daemon stops
_JOIN_SECONDS = 2.0
_MOST_CONNECTIONS = 512  # connections at once, above which more are answered with 503


class ApiServer:
    """Thread-safe towards nobody but its own thread: `follow` and `close` are called by the desk's."""

    def __init__(self, here: Places, board: StatusBoard, downloads: Downloads, stop: threading.Event) -> None:
        self._here = here
        self._board = board
        self._downloads = downloads
        self._stop = stop
        self._settings: ApiSettings | None = None
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._troubles: tuple[Trouble, ...] = ()

    def follow(self, settings: ApiSettings) -> None:
        """Serve as these settings say; nothing happens when they are those in force."""
        if settings == self._settings:
            return
        self.close()
        self._settings, self._troubles = settings, ()
        if not settings.enabled:
            return
        try:
            listening = _listen(settings)
        except OSError as problem:
            self._fail(_cannot_listen(settings, problem))
            return
        self._troubles = tuple(_warnings(settings))
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._serve, args=(listening, settings), name="api", daemon=True
        )
        self._thread.start()

    def troubles(self) -> Iterator[Trouble]:
        yield from self._troubles

    def close(self) -> None:
        """Serve no longer; what is still open a moment later is cut off."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)
            self._thread = None
        self._settings = None

    def _serve(self, listening: socket.socket, settings: ApiSettings) -> None:
        try:
            with listening:
                self._serve_at(listening, settings)
        except PapertrayError as problem:
            self._fail(Trouble.of(problem))
        except Exception as problem:
            logger.exception("the API stopped")
            self._fail(
                Trouble(
                    f"The API stopped ({type(problem).__name__}); reading goes on, tray and page do not.",
                    "`papertray logs` says more. Restart papertray.",
                )
            )

    def _serve_at(self, listening: socket.socket, settings: ApiSettings) -> None:
        import uvicorn

        from papertray.daemon.api.app import create_app
        from papertray.daemon.api.state import open_api_state
        from papertray.daemon.api.tokens import token_of

        address = Address(settings.host, listening.getsockname()[1])
        stops, board = (self._stop, self._ending), self._board

        class Server(uvicorn.Server):
            async def on_tick(self, counter: int) -> bool:
                if not any(stop.is_set() for stop in stops):
                    return await super().on_tick(counter)
                board.notify()  # open event streams end by themselves then
                return True

        with open_api_state(self._here, board, self._downloads, settings, stops) as state:
            app = create_app(state, address, token_of(self._here.token))
            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                log_level="critical",
                server_header=False,
                proxy_headers=False,
                ws="none",
                http="h11",
                loop="asyncio",
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_graceful_shutdown=_END_SECONDS,  # type: ignore[arg-type]  # a part of a second is fine
            )
            _announce(self._here, address)
            try:
                logger.info("the API serves at {}", address.url)
                Server(config).run(sockets=[listening])
            finally:
                self._here.runtime.unlink(missing_ok=True)

    def _fail(self, trouble: Trouble) -> None:
        logger.error("the API does not serve: {}", trouble.sentence)
        self._troubles = (trouble,)


def _listen(settings: ApiSettings) -> socket.socket:
    """A socket at the port of the settings, or the next free one; a port of 0 is any free one."""
    ports = range(settings.port, min(settings.port + _PORTS, 65536)) if settings.port else (0,)
    for port in ports:
        try:
            return _bind(settings.host, port)
        except OSError as problem:
            last = problem
            if problem.errno not in _TAKEN:
                raise
    raise last


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would let two daemons share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _announce(here: Places, address: Address) -> None:
    """Say where, for clients of this home; the start id tells one start from the next."""
    runtime = {
        "pid": os.getpid(),
        "host": address.host,
        "port": address.port,
        "version": importlib.metadata.version("papertray"),
        "start": secrets.token_hex(8),
    }
    put_file(json.dumps(runtime).encode(), here.runtime, over=True)
    close_to_others(here.runtime)


def _warnings(settings: ApiSettings) -> Iterator[Trouble]:
    if not is_loopback(settings.host):
        logger.warning("api.host is {}: other machines can reach papertray", settings.host)
        yield Trouble(
            f"Other machines can reach papertray, because api.host is {settings.host}; nothing is encrypted.",
            'Set api.host to "127.0.0.1" unless you mean it.',
        )


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cannot_listen(settings: ApiSettings, problem: OSError) -> Trouble:
    return Trouble(
        f"The API cannot serve at {settings.host}, port {settings.port}: {problem.strerror or problem}.",
        "Set api.host and api.port, then restart papertray. Reading goes on; tray and page cannot be used.",
    )
