"""Where other machines come in to have pages read, if the settings say so: a port, over TLS alone."""

import socket
import ssl
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from loguru import logger

from papertray.daemon.api.doors.listening import listen_for_guests
from papertray.daemon.guests.certificate import make_certificate, read_fingerprint, serve_with
from papertray.daemon.guests.notices import NetworkNotice
from papertray.daemon.places import Places
from papertray.daemon.settings import ServeSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError


@dataclass(frozen=True, slots=True)
class GuestDoor:
    """The `notice` stands while it is entered: others find this machine by it."""

    listening: socket.socket
    tls: ssl.SSLContext
    notice: AbstractContextManager[object]


def open_guest_door(places: Places, settings: ServeSettings) -> tuple[GuestDoor | None, tuple[Trouble, ...]]:
    """None where it shall not, or cannot, be opened; then why it cannot."""
    if not settings.enabled:
        return None, ()
    try:
        make_certificate(places.certificate, socket.gethostname())
        tls, fingerprint = serve_with(places.certificate), read_fingerprint(places.certificate)
        listening = listen_for_guests(settings)
    except PapertrayError as problem:
        return None, (Trouble.of(problem, "Until then no other machine has pages read here."),)
    except OSError as problem:
        trouble = Trouble(
            f"Other machines cannot come in at {settings.host}, port {settings.port}:"
            f" {problem.strerror or problem}.",
            "Set serve.host and serve.port. Reading goes on, for this machine alone.",
        )
        return None, (trouble,)
    port = listening.getsockname()[1]
    notice = NetworkNotice(settings.host, port, fingerprint) if settings.announce else nullcontext()
    logger.warning("pages of other machines are read: those with a token may send them to port {}", port)
    return GuestDoor(listening, tls, notice), ()
