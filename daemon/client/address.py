"""Where a daemon's API is: a host and a port, what a browser calls them, and a socket of its owner's."""

import json
from dataclasses import dataclass

from papertray.daemon.places import Places

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""What listens at every address of this machine is reached at its own."""


@dataclass(frozen=True, slots=True)
class Address:
    """`socket` is the path of one that asks for no token; empty where the system has none."""

    host: str
    port: int
    socket: str = ""

    @property
    def url(self) -> str:
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def announced_address(places: Places) -> Address | None:
    """What the daemon of this home announced; None when it serves no API. Whether it runs is not asked."""
    try:
        runtime = json.loads(places.runtime.read_text(encoding="utf-8"))
        host = _EVERYWHERE.get(runtime["host"], runtime["host"])
        return Address(host, int(runtime["port"]), str(runtime.get("socket", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
