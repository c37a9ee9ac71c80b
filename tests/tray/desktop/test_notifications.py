"""Notifications as a desktop gets them: the real icon, a real bus, a server that writes them down."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from papertray.tray.desktop.backend import PLACES
from tests.desks import draw, running, until
from tests.fakes import Gate, InstantReader, OneReader
from tests.tray.desktop.test_icon import API, AT_WORK, icon
from tests.tray.screen import TRAYER, Desktop, missing

SERVER = Path(__file__).with_name("notification_server.py")


def python_with_gio() -> str:
    """The first Python here that has PyGObject; empty where none has."""
    for python in (sys.executable, "/usr/bin/python3"):
        asked = [python, "-c", "from gi.repository import Gio"]
        if Path(python).exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return python
    return ""


def absent() -> str:
    return missing(TRAYER) or ("" if python_with_gio() else f"a Python with PyGObject, as in {PLACES[0]}")


ABSENT = absent()


@contextmanager
def server(on: Desktop, file: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Gives what it was told until now."""

    def lines() -> list[str]:
        return file.read_text(encoding="utf-8").splitlines()

    with file.open("w") as out:
        process = subprocess.Popen([python_with_gio(), str(SERVER)], env=on.environment, stdout=out)
    try:
        until(lambda: lines() == ["ready"], "the server of notifications")
        yield lambda: [json.loads(line) for line in lines()[1:]]
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.skipif(bool(ABSENT), reason=f"NO NOTIFICATION WAS TESTED: this machine lacks {ABSENT}")
def test_a_note_and_a_problem_are_told_on_the_desktop(tmp_path: Path) -> None:
    gate = Gate()
    reader = OneReader(InstantReader(before=gate))
    with (
        running(tmp_path / "inbox", reader, api=API) as at_work,
        icon(TRAYER, tmp_path / "desktop") as shown,
        server(shown.on, tmp_path / "told") as told,
    ):
        draw(at_work.inbox / "letter.png", "letter")
        until(lambda: shown.on.find(AT_WORK[:3]), "the icon of a daemon that reads")
        gate.opened.set()
        until(told, "the notification of a note")
        assert (told()[0]["head"], told()[0]["message"]) == ("A note is ready", "letter.md")

        (at_work.inbox / "torn.pdf").write_bytes(b"%PDF-1.4 and nothing more")
        until(lambda: len(told()) > 1, "the notification of a problem")
        assert told()[1]["head"] == "A document has a problem"
        assert told()[1]["message"].startswith("torn.pdf ")
        assert Path(told()[1]["icon"]).suffix == ".png"
        assert len(told()) == 2
