"""What each line of the menu does, on a real journal and settings file; no daemon needed for these."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from zoneinfo import ZoneInfo

import pytest

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.connection import connect
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import load_settings
from papertray.tray.actions import ASK_DAEMON, DO_HERE, run_action, until_morning
from papertray.tray.errors import FileGone
from papertray.tray.menu import MenuAction, MenuVerb
from tests.desks import running, until

Run = Callable[[MenuAction], None]


@pytest.fixture
def here() -> Places:
    return find_places()


@pytest.fixture
def run(here: Places) -> Run:
    """Does what is chosen on an evening in January."""
    return lambda action: run_action(action, here, ApiClient(here), datetime(2026, 1, 5, 22, 0))


@pytest.fixture
def _a_daemon_runs(tmp_path: Path, here: Places) -> Iterator[None]:
    with running(tmp_path / "inbox", api={"port": 0}):
        until(lambda: connect(here), "the API")
        yield


def test_every_line_of_the_menu_does_something() -> None:
    assert {*ASK_DAEMON, *DO_HERE, MenuVerb.QUIT} == set(MenuVerb)


@pytest.mark.usefixtures("_a_daemon_runs")
def test_a_pause_reaches_the_daemon_and_so_does_its_end(run: Run, here: Places) -> None:
    with closing(Journal.open(here.journal)) as journal:
        run(MenuAction(MenuVerb.PAUSE))
        assert journal.requests.paused() == (True, None)
        run(MenuAction(MenuVerb.RESUME))
        assert journal.requests.paused() == (False, None)
        run(MenuAction(MenuVerb.PAUSE_UNTIL_MORNING))
        assert journal.requests.paused() == (True, pytest.approx(time.time() + 9 * 3600, abs=60))


@pytest.mark.usefixtures("_a_daemon_runs")
def test_a_choice_reaches_the_settings_file(run: Run, here: Places) -> None:
    run(MenuAction(MenuVerb.DEVICE, "cpu"))
    run(MenuAction(MenuVerb.MODEL, "quick"))
    assert (load_settings(here).engine.device, load_settings(here).engine.model) == ("cpu", "quick")


@pytest.mark.usefixtures("_a_daemon_runs")
def test_the_browser_is_given_a_file_and_no_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    run(MenuAction(MenuVerb.DASHBOARD))
    page = Path(url2pathname(urlsplit(opened[0]).path))
    code = page.read_text(encoding="utf-8").partition("/login?code=")[2].partition('"')[0]
    assert code
    assert code not in opened[0]


@pytest.mark.parametrize("verb", [MenuVerb.DASHBOARD, MenuVerb.PAUSE, MenuVerb.RETRY_FAILED])
def test_what_is_asked_of_a_daemon_that_is_not_there_is_a_sentence(run: Run, verb: MenuVerb) -> None:
    with pytest.raises(DaemonNotRunning):
        run(MenuAction(verb))


def test_a_note_that_is_gone_is_a_sentence(run: Run, tmp_path: Path) -> None:
    with pytest.raises(FileGone, match="letter"):
        run(MenuAction(MenuVerb.NOTE, str(tmp_path / "letter.md")))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no xdg-open there")
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # it outlives us
def test_a_note_opens_in_the_program_for_it_whatever_its_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener, said = tmp_path / "xdg-open", tmp_path / "said"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{said}.part" && mv "{said}.part" "{said}"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    note = tmp_path / "$(touch x); `y` 'z\".md"
    note.touch()
    run(MenuAction(MenuVerb.NOTE, str(note)))
    until(said.exists, "the opener")
    assert said.read_text() == str(note)


def test_until_tomorrow_means_seven_in_the_morning() -> None:
    assert until_morning(datetime(2026, 1, 5, 22, 0)) == 9 * 3600
    assert until_morning(datetime(2026, 1, 5, 0, 30)) == 30.5 * 3600


def test_until_tomorrow_counts_the_hour_that_a_clock_is_put_forward() -> None:
    evening = datetime(2026, 3, 28, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert until_morning(evening) == 8 * 3600
