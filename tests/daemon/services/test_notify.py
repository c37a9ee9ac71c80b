"""What systemd hears, on a socket like its own."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.daemon.services.notify import Supervisor

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="there is no systemd without these sockets"
)


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        ear.settimeout(5)
        yield ear


def test_a_status_says_ready_alive_and_what_is_done(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with listening(address) as ear:
        supervisor = Supervisor.from_environment({"NOTIFY_SOCKET": address})
        supervisor.report_alive("is reading scan.pdf page 2 of 5")
        assert ear.recv(4096).split(b"\n") == [
            b"READY=1",
            b"WATCHDOG=1",
            b"STATUS=is reading scan.pdf page 2 of 5",
        ]
        supervisor.report_stopping()
        assert ear.recv(4096).startswith(b"STOPPING=1\n")


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's own")
def test_an_abstract_socket_is_found(tmp_path: Path) -> None:
    name = f"papertray-{tmp_path.name}"
    with listening(f"\0{name}") as ear:
        Supervisor(f"@{name}").report_alive("is idle")
        assert b"READY=1" in ear.recv(4096)


def test_a_name_that_is_no_text_is_told_all_the_same(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with listening(address) as ear:
        Supervisor(address).report_alive("is reading \udcff.pdf")
        assert b"\\udcff.pdf" in ear.recv(4096)


def test_nobody_is_told_where_nobody_listens(tmp_path: Path) -> None:
    Supervisor.from_environment({}).report_alive("is idle")
    Supervisor(str(tmp_path / "gone")).report_alive("is idle")
