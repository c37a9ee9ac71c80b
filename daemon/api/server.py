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
from papertray.daemon.places import Places
from papertray.daemon.settings import ApiSettings as Wanted
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError

_TAKEN = {errno.EADDRINUSE, errno.EACCES}
_WAITING = 512  # connections that the system holds for us
_PORTS = 50  # tried one after another from the port of the settings
_END_SECONDS = 0.5  # for open requests, once the daemon stops
_JOIN_SECONDS = 2.0
_TURNED_AWAY = 512  # connections at once, above which more are answered with 503


class ApiServer:
    """Thread-safe towards nobody but its own thread: `follow` and `close` are called by the desk's."""

    def __init__(self, here: Places, board: StatusBoard, downloads: Downloads, stop: threading.Event) -> None:
        self._here = here
        self._board = board
        self._downloads = downloads
        self._stop = stop
        self._wanted: Wanted | None = None
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._troubles: tuple[Trouble, ...] = ()

    def follow(self, wanted: Wanted) -> None:
        """Serve as these settings say; nothing happens when they are those in force."""
        if wanted == self._wanted:
            return
        self.close()
        self._wanted, self._troubles = wanted, ()
        if not wanted.enabled:
            return
        try:
            listening = _listen(wanted)
        except OSError as problem:
            self._fail(_cannot_listen(wanted, problem))
            return
        self._troubles = tuple(_warnings(wanted))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listening, wanted), name="api", daemon=True)
        self._thread.start()

    def troubles(self) -> Iterator[Trouble]:
        yield from self._troubles

    def close(self) -> None:
        """Serve no longer; what is still open a moment later is cut off."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)
            self._thread = None
        self._wanted = None

    def _serve(self, listening: socket.socket, wanted: Wanted) -> None:
        try:
            with listening:
                self._serve_at(listening, wanted)
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

    def _serve_at(self, listening: socket.socket, wanted: Wanted) -> None:
        import uvicorn

        from papertray.daemon.api.app import create_app
        from papertray.daemon.api.state import open_api_state
        from papertray.daemon.api.tokens import token_of

        address = Address(wanted.host, listening.getsockname()[1])
        stops, board = (self._stop, self._ending), self._board

        class Server(uvicorn.Server):
            async def on_tick(self, counter: int) -> bool:
                if not any(stop.is_set() for stop in stops):
                    return await super().on_tick(counter)
                board.notify()  # open event streams end by themselves then
                return True

        with open_api_state(self._here, board, self._downloads, wanted, stops) as office:
            app = create_app(office, address, token_of(self._here.token))
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
                limit_concurrency=_TURNED_AWAY,
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


def _listen(wanted: Wanted) -> socket.socket:
    """A socket at the wanted port, or the next free one; a port of 0 is any free one."""
    ports = range(wanted.port, min(wanted.port + _PORTS, 65536)) if wanted.port else (0,)
    for port in ports:
        try:
            return _bound(wanted.host, port)
        except OSError as problem:
            last = problem
            if problem.errno not in _TAKEN:
                raise
    raise last


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would let two daemons share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_WAITING)
    except BaseException:
        listening.close()
        raise
    return listening


def _announce(here: Places, address: Address) -> None:
    """Say where, for clients of this home; the start id tells one start from the next."""
    said = {
        "pid": os.getpid(),
        "host": address.host,
        "port": address.port,
        "version": importlib.metadata.version("papertray"),
        "start": secrets.token_hex(8),
    }
    put_file(json.dumps(said).encode(), here.runtime, f".{here.runtime.name}.tmp", over=True)


def _warnings(wanted: Wanted) -> Iterator[Trouble]:
    if not is_loopback(wanted.host):
        logger.warning("api.host is {}: other machines can reach papertray", wanted.host)
        yield Trouble(
            f"Other machines can reach papertray, because api.host is {wanted.host}; nothing is encrypted.",
            'Set api.host to "127.0.0.1" unless you mean it.',
        )


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cannot_listen(wanted: Wanted, problem: OSError) -> Trouble:
    return Trouble(
        f"The API cannot serve at {wanted.host}, port {wanted.port}: {problem.strerror or problem}.",
        "Set api.host and api.port, then restart papertray. Reading goes on; tray and page cannot be used.",
    )
