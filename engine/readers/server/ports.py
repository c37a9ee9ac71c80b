"""Ports of this machine that nobody listens at."""

import socket

LOOPBACK = "127.0.0.1"


def find_free_port() -> int:
    with socket.socket() as place:
        place.bind((LOOPBACK, 0))
        port: int = place.getsockname()[1]
        return port


def is_free_port(port: int) -> bool:
    with socket.socket() as place:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what it left half closed is no bar
        try:
            place.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
