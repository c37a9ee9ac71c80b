"""Where the API listens: a port for browsers and programs, and a socket that only this home's user can reach.

Gives sockets that listen. Which of them was announced to clients, and when they are closed, others say.
"""

import errno
import hashlib
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from loguru import logger

from papertray.daemon.places import Places
from papertray.daemon.settings import ApiSettings, ServeSettings

_TAKEN = {errno.EADDRINUSE, errno.EACCES}
_BACKLOG = 512  # connections that the system holds for us
_PORTS = 50  # tried one after another from the port of the settings
_CREDENTIALS = struct.Struct("3i")  # of Linux: process, user, group


def listen_for_guests(settings: ServeSettings) -> socket.socket:
    """At that port and no other: machines elsewhere have written it down."""
    return _bind(settings.host, settings.port)


def listen_at_port(settings: ApiSettings) -> socket.socket:
    """At the port of the settings, or the next free one; a port of 0 is any free one."""
    ports = range(settings.port, min(settings.port + _PORTS, 65536)) if settings.port else (0,)
    for port in ports:
        try:
            return _bind(settings.host, port)
        except OSError as problem:
            last = problem
            if problem.errno not in _TAKEN:
                raise
    raise last


def listen_for_owner(places: Places) -> socket.socket | None:
    """At a socket in the file system, readable and writable by this user alone; None where there can be none.

    What a killed daemon left there is taken away: whoever calls this holds the lock of the home.
    """
    if not hasattr(socket, "AF_UNIX"):
        return None
    for path in _socket_paths(places):
        try:
            return _bind_path(path)
        except OSError as problem:  # too long a path, a share, a disk without sockets
            logger.info("no socket at {}: {}", path, problem.strerror or problem)
    return None


def comes_from(connection: socket.socket, users: frozenset[int]) -> bool:
    """Whether one of these users is at the other end. Where the system does not say, the file's mode does."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    with suppress(OSError):
        known = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        return _CREDENTIALS.unpack(known)[1] in users
    return False


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _socket_paths(places: Places) -> Iterator[Path]:
    """Beside the journal; or, where that path is too long for a socket, in the session's own folder."""
    yield places.state / "api.sock"
    session = os.environ.get("XDG_RUNTIME_DIR")
    if session and _is_ours_alone(Path(session)):
        home = hashlib.sha256(os.fsencode(places.state)).hexdigest()[:16]
        yield Path(session) / f"papertray-{home}.sock"


def _is_ours_alone(folder: Path) -> bool:
    with suppress(OSError):
        found = folder.stat()
        return found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return False


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


def _bind_path(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen(_BACKLOG)  # nobody can connect before this, so never under a wider mode
    except BaseException:
        listening.close()
        raise
    return listening
