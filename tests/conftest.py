"""What holds for every test: no network beyond this machine, nothing of the home of whoever runs it."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # before onnxruntime or torch start threads that would spin


class NetworkRefused(AssertionError):
    """Not an OSError: code that forgives a failed connection must not forgive this."""


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine can be reached; its name resolver is for names of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, _only_near(getattr(socket.socket, method)))
        patch.setattr(socket, "getaddrinfo", _only_near_names(socket.getaddrinfo))
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new home and a new PAPERTRAY_HOME for each test, beside its tmp_path, not in it."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("PAPERTRAY_", "XDG_CONFIG", "XDG_DATA"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("PAPERTRAY_HOME", str(home / "papertray"))
    return home


def _only_near(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _near(address[0]):
            raise NetworkRefused(f"a test tried to reach {address!r}")
        return connect(self, address)

    return guarded


def _only_near_names(resolve: Any) -> Any:
    def guarded(host: Any, *args: Any, **options: Any) -> Any:
        if not _near(host):
            raise NetworkRefused(f"a test tried to resolve {host!r}")
        return resolve(host, *args, **options)

    return guarded


def _near(host: Any) -> bool:
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
