"""The walls around the tests themselves."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.daemon.places import find_places
from tests.offline.sitecustomize import NetworkRefused


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8"])
def test_a_connection_beyond_this_machine_is_refused(address: str) -> None:
    with socket.socket() as caller, pytest.raises(NetworkRefused):
        caller.connect((address, 80))


def test_a_foreign_name_is_not_resolved() -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(("example.com", 443), timeout=1)


def test_no_packet_is_sent_beyond_this_machine() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(NetworkRefused):
        sender.sendto(b"", ("192.0.2.1", 9))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_what_a_test_starts_is_held_to_the_same(host: str) -> None:
    assert "NetworkRefused" in connected(host, 9).stderr


def test_what_a_test_starts_can_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert connected("localhost", server.getsockname()[1]).returncode == 0


def connected(host: str, port: int) -> subprocess.CompletedProcess[str]:
    """How another Python fares that connects to this address."""
    program = f"import socket; socket.create_connection(({host!r}, {port}), timeout=5).close()"
    asked = [sys.executable, "-P", "-c", program]
    return subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)


def test_the_home_of_whoever_runs_the_tests_is_out_of_reach(own_home: Path, tmp_path: Path) -> None:
    assert Path.home() == own_home
    assert find_places().config.is_relative_to(own_home)
    assert not list(tmp_path.iterdir())


@given(st.integers())
def test_property_tests_live_with_these_walls(number: int) -> None:
    assert Path(os.environ["PAPERTRAY_HOME"]) == Path.home() / "papertray"
