"""`papertray run` as a process of its own: a file dropped, a note found, a signal sent."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.daemon.cli.first_run import describe_page_and_icon
from papertray.daemon.client.client import Client
from papertray.daemon.errors import DaemonRunning
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity
from tests.daemon.cli.conftest import Papertray
from tests.desks import draw, until

MAIN = [sys.executable, "-c", "from papertray.daemon.cli import main; main()"]


@contextmanager
def daemon(main: Sequence[str] = MAIN) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([*main, "run"], stderr=subprocess.PIPE, text=True)
    try:
        with Client(find_places()) as client:
            until(lambda: client.status().activity is not Activity.STOPPED, "the start")
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def inbox(own_home: Path, papertray: Papertray) -> Path:
    papertray()
    return own_home / "OCR" / "inbox"


def test_a_dropped_file_gets_its_note_and_a_line(inbox: Path) -> None:
    inbox.rmdir()  # made by the first run, also where other commands have made settings before
    with daemon() as process:
        until(inbox.is_dir, "the inbox")
        draw(inbox / "scan.png", "hello", size=(400, 200))
        until((inbox / "scan.md").exists, "the note")
        with Client(find_places()) as client:
            until(lambda: [one.note for one in client.documents()] == [inbox / "scan.md"], "the journal")
            until(lambda: client.status().counts.get("done") == 1, "the status")
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    lines = output.splitlines()
    assert lines[0].startswith("Drop scans and PDFs into")
    assert str(inbox) in lines[0]
    assert lines[1:] == ["scan.png -> scan.md", "Stopped."]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals that Python opens")
def test_a_person_at_a_terminal_is_told_how_to_see_the_page_and_the_icon(inbox: Path) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen([*MAIN, "run"], stderr=theirs, env=os.environ | {"COLUMNS": "400"})
    os.close(theirs)
    output = ""
    try:
        while "the icon." not in output:  # reading fails when it ended without having said so
            output += os.read(ours, 4096).decode()
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert output.index("Drop scans and PDFs into") < output.index("papertray open` shows the page and")


@pytest.mark.parametrize(
    ("started_as", "on_the_path", "typed"),
    [
        (".venv/bin/papertray", False, ".venv/bin/papertray"),
        ("/home/ada/.local/bin/papertray", True, "papertray"),
        ("/somewhere/daemon/cli/__main__.py", False, "papertray"),
    ],
)
def test_the_command_is_named_as_it_can_be_typed(
    started_as: str, on_the_path: bool, typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if on_the_path:
        (tmp_path / "papertray").touch(0o755)
    assert f"`{typed} open`" in describe_page_and_icon(started_as)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no way to send Ctrl-C to one process")
def test_ctrl_c_is_a_clean_end(inbox: Path) -> None:
    with daemon() as process:
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert "Traceback" not in output


AS_IT_BEGINS = """
import os, signal, sys
class Begun:
    def find_spec(self, name, *_):
        if name == "typer":
            {what}
sys.meta_path.insert(0, Begun())
from papertray.daemon.cli import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
def test_a_stop_at_any_moment_of_the_first_seconds_is_a_clean_end(own_home: Path) -> None:
    begins = AS_IT_BEGINS.format(what="print('begun', file=sys.stderr, flush=True)")
    ours = re.compile(r"Drop scans|Stopped\.|scan\.png -> scan\.md")

    def stopped_after(seconds: float) -> str:
        home = own_home / str(seconds)
        inbox = home / "OCR" / "inbox"
        inbox.mkdir(parents=True)
        draw(inbox / "scan.png", "hello", size=(400, 200))
        environment = {**os.environ, "HOME": str(home), "PAPERTRAY_HOME": str(home / "papertray")}
        command = [sys.executable, "-c", begins, "run"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        time.sleep(seconds)
        process.terminate()
        lines = process.communicate(timeout=60)[1].splitlines()
        strange = [line for line in lines if not ours.match(line)]
        return f"after {seconds}: {process.returncode} {strange}" if process.returncode or strange else ""

    dice = random.Random(7)
    with ThreadPoolExecutor(3) as several:
        assert not [
            problem
            for problem in several.map(stopped_after, (dice.uniform(0, 2) for _ in range(20)))
            if problem
        ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no way to send Ctrl-C to one process")
@pytest.mark.parametrize(("command", "code"), [("status", -signal.SIGINT), ("run", 0)])
def test_ctrl_c_while_a_command_begins_is_no_traceback(command: str, code: int) -> None:
    interrupted = AS_IT_BEGINS.format(what="os.kill(os.getpid(), signal.SIGINT)")
    ended = subprocess.run([sys.executable, "-c", interrupted, command], capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, b"", b"")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_daemon_begun_with_nohup_outlives_its_terminal(inbox: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with_nohup = [MAIN[0], "-c", f"{ignoring}; {MAIN[2]}"]
    with daemon(with_nohup) as process:
        process.send_signal(signal.SIGHUP)
        draw(inbox / "scan.png", "hello", size=(400, 200))
        until((inbox / "scan.md").exists, "the note")
        assert process.poll() is None


def test_a_second_daemon_is_refused_in_a_sentence(inbox: Path) -> None:
    with daemon():
        second = subprocess.run([*MAIN, "run"], capture_output=True, text=True, timeout=60)
    assert second.returncode == DaemonRunning.exit_code
    assert second.stderr.count("\n") == 1
    assert "is already running" in second.stderr


def test_settings_that_make_no_sense_end_it_with_the_line_named(inbox: Path) -> None:
    find_places().settings_file.write_text("rescann = 3\n", encoding="utf-8")
    ended = subprocess.run([*MAIN, "run"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3
    assert "line 1" in ended.stderr
    assert "rescan" in ended.stderr
