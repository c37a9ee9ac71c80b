"""A laptop's pages, read by a desktop: two daemons, from the commands of both to the note."""

import io
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest

from papertray.daemon.cli.status_text import describe_activity
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.settings import load_settings
from papertray.engine.exit_codes import ExitCode
from papertray.tray.words import icon_title
from tests.daemon.cli.conftest import Papertray, papertray  # noqa: F401  # a fixture
from tests.daemon.reading.test_servers import free_port
from tests.desks import draw, running, until
from tests.keyrings import FileKeyring


@contextmanager
def desktop_daemon(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.daemon.guests.desktop_daemon", str(folder), str(port)]
    environment = os.environ | {"PAPERTRAY_HOME": str(folder / "home")}
    with subprocess.Popen(command, env=environment) as daemon:
        try:
            until(lambda: _listens(port), "the desktop")
            yield daemon
        finally:
            daemon.kill()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    before, file = keyring.get_keyring(), tmp_path / "keys"
    keyring.set_keyring(FileKeyring(file))
    yield file
    keyring.set_keyring(before)


def test_a_laptop_has_its_pages_read_by_a_desktop_that_is_killed_midway(
    papertray: Papertray,  # noqa: F811
    tmp_path: Path,
    keys: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desktop, inbox, port = tmp_path / "desktop", tmp_path / "inbox", free_port()
    desktop.mkdir()
    inbox.mkdir()
    here = os.environ["PAPERTRAY_HOME"]

    monkeypatch.setenv("PAPERTRAY_HOME", str(desktop / "home"))
    assert papertray("serve", "on").code == 0
    command, token = papertray("serve", "add", "laptop").out.split("\n")[:2]
    fingerprint = command.rpartition(" ")[2]
    assert fingerprint in papertray("serve").out
    monkeypatch.setenv("PAPERTRAY_HOME", here)

    def add(fingerprint: str, token: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{token}\n"))
        place = f"127.0.0.1:{port}"
        result = papertray("servers", "add", place, "--fingerprint", fingerprint, "--name", "desktop")
        return result.code, result.err

    assert "No papertray answers" in add(fingerprint, token)[1]
    with desktop_daemon(desktop, port) as first:
        assert add("AB" * 32, token)[0] == ExitCode.READER
        assert "does not let this machine in (401)" in add(fingerprint, "wrong")[1]
        assert not find_places().settings_file.exists()
        assert add(fingerprint, token)[0] == 0
        written = find_places().settings_file.read_text()
        assert token in keys.read_text()
        assert token not in written
        assert 'key = "keyring:desktop"' in written

        engine = load_settings(find_places()).engine
        draw(inbox / "letter.png", "a letter", (300, 200))
        with running(inbox, EngineReaderSource(find_places()), engine=engine) as laptop:
            until((desktop / "diary").exists, "the page to be there")
            until(lambda: laptop.statuses[-1].reading, "the page in the status")
            assert describe_activity(laptop.statuses[-1]) == "is reading letter.png on desktop"
            assert icon_title(laptop.statuses[-1]) == "letter.png · reading on desktop"
            first.kill()
            first.wait()
            (desktop / "go").touch()
            with desktop_daemon(desktop, port):
                assert re.fullmatch(r"page \w{16}", laptop.note("letter.md"))
                assert 'device: "desktop"' in (inbox / "letter.md").read_text()
                lines = (desktop / "diary").read_text().split("\n")
                assert sum(line.startswith("page") for line in lines) == 1

                monkeypatch.setenv("PAPERTRAY_HOME", str(desktop / "home"))
                assert papertray("serve", "revoke", "laptop").code == 0
                monkeypatch.setenv("PAPERTRAY_HOME", here)
                draw(inbox / "second.png", "another letter", (300, 200))
                assert laptop.ends("second.png") == {"second.png": "failed"}
                (failed,) = laptop.client.documents(search="second")
                assert "or no longer" in failed.sentence
            for file in (find_places().log_file, find_places().journal):
                assert not file.exists() or token.encode() not in file.read_bytes()


def _listens(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
