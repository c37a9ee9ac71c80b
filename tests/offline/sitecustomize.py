"""Keep a Python process on this machine: what it would reach or look up beyond is refused.

Python imports this by its name before anything else, in every process that a test starts: its folder is on
PYTHONPATH. The tests' own process imports it in `tests/conftest.py`. Sockets that are files are let pass.
"""

import sys
from typing import Any


class NetworkRefused(AssertionError):
    """Not an OSError: code that forgives a failed connection must not forgive this."""


def stay_here(event: str, values: tuple[Any, ...]) -> None:
    place = _PLACES.get(event)
    if place is not None and not (_near(host := place(values)) or _stays_by_its_socket(values[0], host)):
        raise NetworkRefused(f"a test tried to reach {host!r}: {event}")


def _near(host: Any) -> bool:
    if not isinstance(host, str | bytes) or host in ("", b"", "localhost", b"localhost"):
        return True  # no name at all: any free address of this machine, or a socket that knows none
    from ipaddress import ip_address

    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _stays_by_its_socket(socket: Any, host: Any) -> bool:
    """What goes to a group of machines leaves where its socket is set to: by loopback it reaches none."""
    if not isinstance(host, str) or not host.startswith("224.0.0."):
        return False
    from socket import IP_MULTICAST_IF, IPPROTO_IP

    interface: bytes = socket.getsockopt(IPPROTO_IP, IP_MULTICAST_IF, 4)
    return interface == bytes((127, 0, 0, 1))


def _of_socket(values: tuple[Any, ...]) -> Any:
    _socket, address = values
    return address[0] if isinstance(address, tuple) else None


def _of_name(values: tuple[Any, ...]) -> Any:
    return values[0]


_PLACES = {
    "socket.connect": _of_socket,
    "socket.sendto": _of_socket,
    "socket.sendmsg": _of_socket,
    "socket.getaddrinfo": _of_name,
    "socket.gethostbyname": _of_name,
}

sys.addaudithook(stay_here)
