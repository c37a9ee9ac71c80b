"""Where other machines come in to have pages read, if the settings say so: a port, over TLS alone."""

import socket
import ssl
from dataclasses import dataclass

from loguru import logger

from papertray.daemon.api.listening import listen_for_guests
from papertray.daemon.guests.certificate import make_certificate, serve_with
from papertray.daemon.places import Places
from papertray.daemon.settings import ServeSettings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError


@dataclass(frozen=True, slots=True)
class GuestDoor:
    listening: socket.socket
    tls: ssl.SSLContext


def open_guest_door(places: Places, settings: ServeSettings) -> tuple[GuestDoor | None, tuple[Trouble, ...]]:
    """None where it shall not, or cannot, be opened; then why it cannot."""
    if not settings.enabled:
        return None, ()
    try:
        make_certificate(places.certificate, socket.gethostname())
        door = GuestDoor(listen_for_guests(settings), serve_with(places.certificate))
    except PapertrayError as problem:
        return None, (Trouble.of(problem, "Until then no other machine has pages read here."),)
    except OSError as problem:
        trouble = Trouble(
            f"Other machines cannot come in at {settings.host}, port {settings.port}:"
            f" {problem.strerror or problem}.",
            "Set serve.host and serve.port. Reading goes on, for this machine alone.",
        )
        return None, (trouble,)
    port = door.listening.getsockname()[1]
    logger.warning("pages of other machines are read: those with a token may send them to port {}", port)
    return door, ()
