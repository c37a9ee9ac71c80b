"""A notice on the network that a papertray reads for others here, and a look at who else has put one up.

By mDNS and DNS-SD, as printers do it: a name, addresses, a port and the certificate's fingerprint. Goes to
the networks that this machine is in and no further. What a notice says is no proof of anything: who adds a
machine compares its fingerprint as always. Whoever looks, listens for as long as that takes and no longer.
"""

import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, Any

from loguru import logger

from papertray.daemon.guests.addresses import addresses_of
from papertray.daemon.guests.problems import NoticesMissing
from papertray.engine.printing import replace_unprintable

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

_KIND = "_papertray._tcp.local."
_LOOK_EVERY = 30.0  # seconds between two looks whether this machine has other addresses now
_MOST = 50  # whoever puts up more is no office
_ANSWER = 1000  # milliseconds that one of them has to say where it is
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_LABEL = re.compile(r"[^\w-]+")
_JOIN = 1.0


@dataclass(frozen=True, slots=True)
class FoundPapertray:
    """Another machine, as it says of itself. `fingerprint` is written as people compare it."""

    name: str
    url: str
    fingerprint: str


def notice_name() -> str:
    """What this machine is called on the network; a second one of that name gets a number behind it."""
    return _LABEL.sub("-", socket.gethostname().partition(".")[0])[:60].strip("-") or "papertray"


class NetworkNotice:
    """Stands for as long as the block lasts, in a thread of its own."""

    def __init__(self, host: str, port: int, fingerprint: str) -> None:
        self._host = host
        self._port = port
        self._fingerprint = fingerprint.replace(":", "").lower()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._stand, name="notice", daemon=True)

    def __enter__(self) -> "NetworkNotice":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join(_JOIN)

    def _stand(self) -> None:
        try:
            while not self._end.is_set():
                self._stand_at(addresses_of(self._host))
        except ImportError:
            logger.info("no machine finds this one by name: zeroconf is not installed")
        except Exception as problem:  # a network without multicast, mostly: the address still works
            logger.warning("no machine finds this one by name: {}: {}", type(problem).__name__, problem)

    def _stand_at(self, addresses: tuple[str, ...]) -> None:
        """Until this machine has other ones, or it shall end."""
        if not addresses:
            self._end.wait(_LOOK_EVERY)
            return
        network = _open_network(addresses)
        try:
            network.register_service(self._service(addresses), allow_name_change=True)
            while not self._end.wait(_LOOK_EVERY) and addresses_of(self._host) == addresses:
                pass
            network.unregister_all_services()
        finally:
            network.close()

    def _service(self, addresses: tuple[str, ...]) -> "ServiceInfo":
        from zeroconf import ServiceInfo

        name = notice_name()
        packed = [socket.inet_aton(address) for address in addresses]
        told = {"version": "1", "fingerprint": self._fingerprint}
        return ServiceInfo(
            _KIND,
            f"{name}.{_KIND}",
            addresses=packed,
            port=self._port,
            properties=told,
            server=f"{name}.local.",
        )


def look_around(seconds: float, interface: str = "") -> tuple[FoundPapertray, ...]:
    """Who is there, by name. `interface` is an address of this machine: asks in that network alone."""
    try:
        from zeroconf import ServiceBrowser
    except ImportError:
        raise NoticesMissing from None
    network = _open_network((interface,) if interface else ())
    gathering = _Gathering()
    try:
        ServiceBrowser(network, _KIND, [gathering.hear])
        time.sleep(seconds)
    finally:
        network.close()
    return tuple(sorted(gathering.found.values(), key=lambda one: (one.name.lower(), one.url)))


class _Gathering:
    """Called by zeroconf, in a thread of its own."""

    def __init__(self) -> None:
        self.found: dict[str, FoundPapertray] = {}

    def hear(self, zeroconf: Any, service_type: str, name: str, state_change: Any) -> None:
        """The names are zeroconf's. What it cannot understand of a stranger's name is not there."""
        self.found.pop(name, None)
        with suppress(Exception):
            info = zeroconf.get_service_info(service_type, name, _ANSWER)
            found = _understand(name, info) if info and state_change.name != "Removed" else None
            self.found |= {name: found} if found and len(self.found) < _MOST else {}


def _understand(name: str, info: "ServiceInfo") -> FoundPapertray | None:
    """None for one that does not say where it is; whoever is there could have said anything."""
    addresses = [address for address in info.parsed_addresses() if ip_address(address).version == 4]
    if not addresses or not info.port:
        return None
    told = (info.properties.get(b"fingerprint") or b"").decode("ascii", "replace").lower()
    fingerprint = bytes.fromhex(told).hex(":").upper() if _FINGERPRINT.fullmatch(told) else ""
    shown = replace_unprintable(name.removesuffix(f".{_KIND}"))
    return FoundPapertray(shown, f"https://{addresses[0]}:{info.port}", fingerprint)


def _open_network(addresses: tuple[str, ...]) -> Any:
    from zeroconf import InterfaceChoice, IPVersion, Zeroconf

    return Zeroconf(interfaces=list(addresses) or InterfaceChoice.All, ip_version=IPVersion.V4Only)
