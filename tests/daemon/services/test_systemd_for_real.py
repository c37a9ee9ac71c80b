"""A real `systemd --user` in a mount namespace of its own: installed, killed, stopped, taken away again.

The whole life is one test: each step stands on the one before, and a manager takes seconds to start.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.desks import until

SYSTEMD = Path("/lib/systemd/systemd")
NEEDED = ("systemctl", "systemd-analyze", "dbus-daemon", "unshare", "nsenter")

NAMESPACE = """
mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/systemd/system
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork --print-pid > "$XDG_RUNTIME_DIR/bus.pid"
exec "$SYSTEMD" --user
"""


def why_not() -> str:
    if sys.platform != "linux":
        return "systemd is Linux's"
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or not SYSTEMD.exists():
        return f"NOT TESTED: {', '.join(missing) or SYSTEMD} is not installed (.ci/run installs it)"
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True)
    return f"NOT TESTED: no mount namespace here: {tried.stderr.strip()}" if tried.returncode else ""


pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@dataclass(frozen=True)
class Manager:
    """A running `systemd --user`, with a home of its own."""

    process: int
    home: Path
    environment: dict[str, str]

    def run(self, *command: object) -> "subprocess.CompletedProcess[str]":
        """A command as the person of this login types it."""
        inside = ["nsenter", f"--mount=/proc/{self.process}/ns/mnt", *map(str, command)]
        return subprocess.run(inside, env=self.environment, capture_output=True, text=True, timeout=60)

    def papertray(self, *words: object) -> "subprocess.CompletedProcess[str]":
        return self.run(sys.executable, "-m", "papertray.daemon.cli", *words)

    def shows(self, *names: str) -> list[str]:
        wanted = f"--property={','.join(names)}"
        lines = self.run("systemctl", "--user", "show", "papertray", wanted).stdout.splitlines()
        properties = dict(line.split("=", 1) for line in lines)
        return [properties[name] for name in names]


@pytest.fixture
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manager]:
    home, runtime = tmp_path_factory.mktemp("login"), tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "XDG_RUNTIME_DIR": str(runtime),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
        "PAPERTRAY_HOME": str(home / "own place"),
        "SYSTEMD": str(SYSTEMD),
    }
    log = (home / "systemd.log").open("wb")
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", NAMESPACE]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    here = Manager(process.pid, home, environment)
    try:
        until(
            lambda: (
                here.run("systemctl", "--user", "is-system-running").stdout.strip() in ("running", "degraded")
            ),
            "a systemd of this login",
        )
        yield here
    finally:
        process.terminate()  # its services end first
        process.wait(30)
        log.close()
        os.kill(int((runtime / "bus.pid").read_text()), signal.SIGTERM)


def draw_words(path: Path, words: str) -> None:
    """Moved into the folder when whole, as a scanner's program does."""
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.load_default(60)
    ImageDraw.Draw(image).text((50, 60), words, fill="black", font=font)
    image.save(path)


def left_behind(home: Path) -> list[str]:
    return [str(path) for path in (home / ".config").rglob("*") if "papertray" in path.name]


def test_a_service_lives_as_a_person_expects(manager: Manager) -> None:
    inbox = manager.home / "inbox"
    inbox.mkdir()
    added = manager.papertray("folders", "add", inbox)
    assert added.returncode == 0, added.stderr

    installed = manager.papertray("service", "install", "--json")
    assert installed.returncode == 0, installed.stderr
    state = json.loads(installed.stdout)
    assert (state["installed"], state["enabled"], state["running"]) == (True, True, True)
    verified = manager.run("systemd-analyze", "verify", "--user", state["path"])
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")

    draw_words(inbox / "first.png", "Invoice 4711")
    until((inbox / "first.md").exists, "the first note")
    assert "Invoice 4711" in (inbox / "first.md").read_text(encoding="utf-8")
    until(lambda: "1 done" in manager.shows("StatusText")[0], "the status text")
    assert manager.shows("ActiveState", "SubState") == ["active", "running"]

    draw_words(inbox / "second.png", "Receipt 815")
    os.kill(state["pid"], signal.SIGKILL)
    until(lambda: manager.shows("NRestarts", "ActiveState") == ["1", "active"], "the restart")
    until((inbox / "second.md").exists, "the second note")
    assert "Receipt 815" in (inbox / "second.md").read_text(encoding="utf-8")

    assert manager.papertray("service", "stop").returncode == 0
    assert manager.shows("ActiveState", "Result", "ExecMainStatus") == ["inactive", "success", "0"]
    assert manager.papertray("service", "start").returncode == 0
    assert manager.shows("ActiveState") == ["active"]

    assert left_behind(manager.home)
    assert manager.papertray("service", "uninstall").returncode == 0
    assert left_behind(manager.home) == []
    assert json.loads(manager.papertray("service", "status", "--json").stdout)["installed"] is False
    assert (manager.home / "own place").is_dir(), "notes and journal are not the service's to remove"
