"""Serve the API in a thread of its own for as long as the daemon runs, through every change of settings.

What it needs is imported in that thread. Reading goes on when it cannot serve; the status says so then.
"""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial

from loguru import logger

from papertray.daemon.api.admission.sessions import CODE_SECONDS
from papertray.daemon.api.announcement import Announcement
from papertray.daemon.api.doors.guest_door import GuestDoor, open_guest_door
from papertray.daemon.api.doors.listening import is_loopback, listen_at_port, listen_for_owner
from papertray.daemon.api.doors.rare_warning import RareWarning
from papertray.daemon.board import StatusBoard
from papertray.daemon.client.address import Address
from papertray.daemon.client.login_page import remove_old_login_pages
from papertray.daemon.downloads import Downloads
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.places import Places
from papertray.daemon.settings import ApiSettings, ServeSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError

_JOIN_SECONDS = 2.0
_CROWDED = "the API closed or refused {} connections to make room for others; some program opens too many"

_CLOSED = Trouble(
    "Other machines cannot have pages read here: the API, which lets them in, is off.",
    "Set api.enabled to true, or serve.enabled to false.",
)


class ApiServer:
    """Thread-safe towards nobody but its own thread: `follow` and `close` are called by the desk's."""

    def __init__(self, here: Places, board: StatusBoard, downloads: Downloads, stop: threading.Event) -> None:
        self._here = here
        self._board = board
        self._downloads = downloads
        self._stop = stop
        self._settings: tuple[ApiSettings, ServeSettings] | None = None
        self._begun: _ServerStart | None = None
        self._thread: threading.Thread | None = None
        self._troubles: tuple[Trouble, ...] = ()

    def follow(self, settings: ApiSettings, serve: ServeSettings) -> None:
        """Serve as these settings say; nothing happens when they are those in force."""
        if (settings, serve) == self._settings:
            return
        self.close()
        self._settings, self._troubles = (settings, serve), ()
        if not settings.enabled:
            self._troubles = (_CLOSED,) if serve.enabled else ()
            return
        guests, troubles = open_guest_door(self._here, serve)
        try:
            begun = _begin(self._here, settings, guests)
        except OSError as problem:
            if guests is not None:
                guests.listening.close()
            self._fail(_cannot_listen(settings, problem))
            return
        self._troubles = (*_warnings(settings), *troubles)
        self._begun = begun
        self._thread = threading.Thread(target=self._serve, args=(begun,), name="api", daemon=True)
        self._thread.start()

    def troubles(self) -> Iterator[Trouble]:
        yield from self._troubles

    def close(self) -> None:
        """Serve no longer; what is still open a moment later is cut off. Nobody is sent here from now on."""
        if self._begun is not None:
            self._begun.ending.set()
            self._begun.announcement.withdraw()
            self._begun = None
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)
            self._thread = None
        self._settings = None

    def _serve(self, begun: "_ServerStart") -> None:
        try:
            with ExitStack() as stack:
                for listening in begun.listening:
                    stack.enter_context(listening)
                stack.callback(begun.announcement.withdraw)
                stack.callback(remove_old_login_pages, self._here, math.inf)
                remove_old_login_pages(self._here, math.inf)  # of a daemon that was killed
                self._serve_there(begun)
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

    def _serve_there(self, begun: "_ServerStart") -> None:
        from papertray.daemon.api.admission.tokens import token_of
        from papertray.daemon.api.app import create_app
        from papertray.daemon.api.doors.entrances import open_entrances
        from papertray.daemon.api.doors.http_server import HttpServer
        from papertray.daemon.api.guest_app import create_guest_app, split_by_door
        from papertray.daemon.api.state import open_api_state

        stops = (self._stop, begun.ending)
        with open_api_state(self._here, self._board, self._downloads, begun.settings, stops) as state:

            def must_stop() -> bool:
                if state.stopping():
                    self._board.notify()  # open event streams end by themselves then
                return state.stopping()

            crowded = RareWarning(_CROWDED, time.monotonic)
            app = create_app(state, begun.address, token_of(self._here.token))
            if begun.guests is not None:
                app = split_by_door(app, create_guest_app(state, GuestList(self._here.guests).find))
            entrances = open_entrances(begun.port, begun.owner, begun.guests, crowded)
            server = HttpServer(app, entrances, must_stop, partial(self._do_chores, crowded))
            begun.announcement.publish()
            logger.info("the API serves at {}", begun.address.url)
            with begun.guests.notice if begun.guests else nullcontext():
                server.run()

    def _do_chores(self, crowded: RareWarning) -> None:
        crowded.report()
        remove_old_login_pages(self._here, time.time() - CODE_SECONDS)

    def _fail(self, trouble: Trouble) -> None:
        logger.error("the API does not serve: {}", trouble.sentence)
        self._troubles = (trouble,)


@dataclass(frozen=True, slots=True)
class _ServerStart:
    """One start of the server, up to its end."""

    settings: ApiSettings
    port: socket.socket
    owner: socket.socket | None
    guests: GuestDoor | None
    address: Address
    announcement: Announcement
    ending: threading.Event

    @property
    def listening(self) -> tuple[socket.socket, ...]:
        guests = None if self.guests is None else self.guests.listening
        return tuple(one for one in (self.port, self.owner, guests) if one is not None)


def _begin(here: Places, settings: ApiSettings, guests: GuestDoor | None) -> _ServerStart:
    port = listen_at_port(settings)
    owner = listen_for_owner(here)
    path = "" if owner is None else owner.getsockname()
    address = Address(settings.host, port.getsockname()[1], path)
    return _ServerStart(
        settings, port, owner, guests, address, Announcement(here.runtime, address), threading.Event()
    )


def _warnings(settings: ApiSettings) -> Iterator[Trouble]:
    if not is_loopback(settings.host):
        logger.warning("api.host is {}: other machines can reach papertray", settings.host)
        yield Trouble(
            f"Other machines can reach papertray, because api.host is {settings.host}; nothing is encrypted.",
            'Set api.host to "127.0.0.1" unless you mean it.',
        )


def _cannot_listen(settings: ApiSettings, problem: OSError) -> Trouble:
    return Trouble(
        f"The API cannot serve at {settings.host}, port {settings.port}: {problem.strerror or problem}.",
        "Set api.host and api.port, then restart papertray. Reading goes on; tray and page cannot be used.",
    )
