"""Tell systemd how papertray is: ready, alive, what it does, on its way out.

systemd names a socket in NOTIFY_SOCKET (sd_notify(3)); where nobody does, nothing is told. What is told comes
with every status, at least once a minute, so a daemon that hangs falls silent and is started again.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from loguru import logger


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Listens at this address, or does not exist: ""."""

    address: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Supervisor":
        return cls(environment.get("NOTIFY_SOCKET", ""))

    def report_alive(self, doing: str) -> None:
        self._send(f"READY=1\nWATCHDOG=1\nSTATUS={doing}")

    def report_stopping(self) -> None:
        self._send("STOPPING=1\nSTATUS=is stopping")

    def _send(self, message: str) -> None:
        if not self.address:
            return
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outgoing:
                outgoing.settimeout(1)
                outgoing.sendto(message.encode(errors="backslashreplace"), address)
        except OSError as problem:
            logger.warning("the supervisor at {} does not listen: {}", self.address, problem)
