"""A machine is found by its name: by mDNS on loopback, with the library that does it everywhere."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from zeroconf import ServiceInfo, Zeroconf

from papertray.daemon.api.doors.guest_door import open_guest_door
from papertray.daemon.cli.new_server import NewServer, locate_server
from papertray.daemon.guests.notices import FoundPapertray, NetworkNotice
from papertray.daemon.guests.problems import NameNotUnique
from papertray.daemon.places import find_places
from papertray.daemon.settings import ServeSettings
from tests.daemon.api.conftest import Serving, serving  # noqa: F401  # a fixture
from tests.daemon.api.test_guests import open_door
from tests.daemon.cli.conftest import Papertray, papertray  # noqa: F401  # a fixture
from tests.desks import until

LOOPBACK = "127.0.0.1"


def _notices() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "notice"]


@contextmanager
def _strangers() -> Iterator[None]:
    """Who says strange things of itself to everybody."""
    kind, strange = "_papertray._tcp.local.", {"fingerprint": b"\xff" * 200, "version": b"9" * 100}
    network = Zeroconf(interfaces=[LOOPBACK])
    try:
        for name in (f"evil\u202e.{kind}", f"no fingerprint.{kind}"):
            packed = [socket.inet_aton("127.0.0.2")]
            info = ServiceInfo(kind, name, addresses=packed, port=1, properties=strange, server="evil.local.")
            network.register_service(info, cooperating_responders=True)
        yield
    finally:
        network.close()


def test_a_machine_that_reads_for_others_is_found_with_its_fingerprint_until_it_ends(
    serving: Serving,  # noqa: F811
    papertray: Papertray,  # noqa: F811
) -> None:
    lines: list[str] = []

    def find() -> bool:
        out = papertray("servers", "find", "--seconds", "1.3", "--interface", LOOPBACK).out
        lines[:] = out.splitlines()
        return door.fingerprint in out and "no fingerprint" in out

    with open_door(serving, announce=True) as door, _strangers():
        until(find, "the notice")
    (ours,) = (line.split() for line in lines if door.fingerprint in line)
    assert ours[0].startswith(socket.gethostname().partition(".")[0])
    assert ours[1] == door.url
    assert any(line.split() == ["no", "fingerprint", "https://127.0.0.2:1"] for line in lines)
    assert not any("\u202e" in line for line in lines)
    assert not _notices()
    silent = ServeSettings(enabled=True, host=LOOPBACK, port=0, announce=False)
    opened, _ = open_guest_door(find_places(), silent)
    assert opened is not None
    with opened.listening, opened.notice:
        assert not _notices()


def test_a_network_without_the_address_ends_the_notice_and_nothing_else() -> None:
    with NetworkNotice("203.0.113.7", 1, "AB") as notice:
        until(lambda: not notice._thread.is_alive(), "its end")


@pytest.mark.parametrize(
    ("written", "fingerprint", "url"),
    [
        ("desktop", "", "https://192.0.2.7:8764/v1"),
        ("desktop", "ab" * 32, "https://192.0.2.7:8764/v1"),
        ("office", "", NameNotUnique),
        ("office", "cd" * 32, "https://192.0.2.9:8764/v1"),
        ("nobody", "", "https://nobody:8764/v1"),
        ("desktop.local", "", "https://desktop.local:8764/v1"),
        ("known", "", "https://known:8764/v1"),
    ],
)
def test_a_name_that_the_system_does_not_know_is_looked_for(
    written: str, fingerprint: str, url: str | type[Exception]
) -> None:
    around = (
        FoundPapertray("Desktop", "https://192.0.2.7:8764", "AB:" * 31 + "AB"),
        FoundPapertray("known", "https://192.0.2.6:8764", ""),
        FoundPapertray("office", "https://192.0.2.8:8764", ""),
        FoundPapertray("office", "https://192.0.2.9:8764", "CD:" * 31 + "CD"),
    )
    is_known: Callable[[str], bool] = lambda host: host == "known"  # noqa: E731

    def locate() -> NewServer:
        return locate_server(NewServer.at(written, ""), fingerprint, lambda _seconds: around, is_known)

    if isinstance(url, str):
        assert (locate().url, locate().name) == (url, written.removesuffix(".local"))
    else:
        with pytest.raises(url):
            locate()
