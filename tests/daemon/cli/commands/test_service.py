"""`papertray service` as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.services import SYSTEMS
from papertray.daemon.services.login import current_login
from tests.daemon.cli.conftest import Papertray

HERE = SYSTEMS.get(sys.platform)
on_a_known_system = pytest.mark.skipif(HERE is None, reason=f"{sys.platform} has no services of ours")


@on_a_known_system
@pytest.mark.parametrize("command", ["install", "uninstall", "start", "stop"])
def test_a_dry_run_shows_the_steps_and_does_none(papertray: Papertray, own_home: Path, command: str) -> None:
    before = sorted(own_home.rglob("*"))
    result = papertray("service", command, "--dry-run")
    assert result.code == 0
    assert result.out.startswith(("Run ", "Write "))
    assert sorted(own_home.rglob("*")) == before


@on_a_known_system
def test_a_dry_run_as_json_carries_this_home_and_this_python(papertray: Papertray) -> None:
    steps = json.loads(papertray("service", "install", "--dry-run", "--json").out)
    text = "\n".join(step.get("text", "") for step in steps)
    assert str(find_places().state.parent) in text
    assert str(Path(sys.executable).parent) in text


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_without_systemd_nothing_is_left_behind_and_the_way_out_is_said(
    papertray: Papertray, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no systemctl there
    result = papertray("service", "install")
    assert result.code == 30
    assert "papertray run" in result.err
    assert not (own_home / ".config").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="--as-service is for Windows")
def test_an_option_of_another_system_is_a_usage_error(papertray: Papertray) -> None:
    assert papertray("service", "install", "--as-service", "--dry-run").code == 2


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAPERTRAY_HOME", "scans")
    assert current_login(find_places()).environment["PAPERTRAY_HOME"] == str(tmp_path / "scans")


def test_a_task_without_an_environment_gets_its_home_from_the_words_before_the_command(
    tmp_path: Path,
) -> None:
    home = f"PAPERTRAY_HOME={tmp_path / 'scans'}"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "papertray.daemon.cli", home, "config", "path"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert str(tmp_path / "scans") in done.stdout, done.stderr


def test_a_program_without_a_console_can_still_speak() -> None:
    """As pythonw has it: no streams at all."""
    script = (
        "import sys; sys.stdout = sys.stderr = None; sys.argv = ['papertray', 'status']\n"
        "import runpy; runpy.run_module('papertray.daemon.cli', run_name='__main__', alter_sys=False)"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0
