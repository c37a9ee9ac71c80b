"""A daemon started and stopped by the tray, where no service is installed."""

from pathlib import Path

import pytest

from daemon.client import Client
from daemon.places import places
from daemon.status import Activity
from tests.desks import until
from tray import starting


@pytest.fixture(autouse=True)
def _no_service_of_whoever_runs_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # that is the point
def test_a_daemon_is_started_once_outlives_the_call_and_ends_when_asked() -> None:
    here = places()
    with Client(here) as client:
        starting.start_where_none_runs(here)
        until(lambda: client.status().activity is Activity.IDLE, "the daemon")
        first = client.status().pid
        starting.start_where_none_runs(here)
        assert client.status().pid == first
        starting.stop(here)
        assert not client.running()


def test_stopping_what_does_not_run_is_no_fault() -> None:
    starting.stop(places())
