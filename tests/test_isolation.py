"""The walls around the tests themselves."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.places import places
from tests.conftest import NetworkRefused


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "example.com"])
def test_a_connection_beyond_this_machine_is_refused(address: str) -> None:
    with socket.socket() as caller, pytest.raises(NetworkRefused):
        caller.connect((address, 80))


def test_a_foreign_name_is_not_resolved() -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(("example.com", 443), timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_the_home_of_whoever_runs_the_tests_is_out_of_reach(own_home: Path, tmp_path: Path) -> None:
    assert Path.home() == own_home
    assert places().config.is_relative_to(own_home)
    assert not list(tmp_path.iterdir())


@given(st.integers())
def test_property_tests_live_with_these_walls(number: int) -> None:
    assert Path(os.environ["PAPERTRAY_HOME"]) == Path.home() / "papertray"
