"""A daemon started and stopped by the tray, where no service is installed."""

import json
import sys
from pathlib import Path

import pytest

from papertray.daemon.cli.program import app, run_guarded
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.services.stopping import stop_daemon
from papertray.daemon.status import Activity
from papertray.tray import starting
from tests.desks import until


@pytest.fixture(autouse=True)
def _no_service_of_whoever_runs_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # that is the point
def test_a_daemon_is_started_once_outlives_the_call_and_ends_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = find_places()
    with Client(here) as client:
        starting.start_where_none_runs(here)
        until(lambda: client.status().activity is Activity.IDLE, "the daemon")
        first = client.status().pid
        starting.start_where_none_runs(here)
        assert client.status().pid == first
        assert run_guarded(lambda: app(["stop", "--json"])) == 0
        assert json.loads(capsys.readouterr().out) == {"stopped": True}
        assert not client.running()


def test_stopping_what_does_not_run_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert not stop_daemon(find_places())
    assert run_guarded(lambda: app(["stop"])) == 0
    assert capsys.readouterr().out == "papertray is not running.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a login starts things in other ways")
def test_without_systemd_the_login_starts_the_tray_which_starts_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "config" / "autostart" / "papertray-tray.desktop"
    here = find_places()
    assert starting.at_login(here) is False
    starting.set_at_login(here, True)
    assert starting.at_login(here) is True
    assert "tray\n" in entry.read_text(encoding="utf-8")
    starting.set_at_login(here, False)
    assert starting.at_login(here) is False
    assert not entry.exists()
    with Client(here) as client:
        assert not client.running()
