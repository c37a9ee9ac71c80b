"""What each line of the menu does, on a real journal and settings file; no daemon needed for these."""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import load_settings
from papertray.tray.errands import ASKED, DONE_HERE, Errands, until_morning
from papertray.tray.errors import FileGone
from papertray.tray.menu import MenuAction, MenuVerb
from tests.desks import until


@pytest.fixture
def here() -> Places:
    return find_places()


@pytest.fixture
def errands(here: Places) -> Errands:
    return Errands(here, partial(Client, here), lambda: datetime(2026, 1, 5, 22, 0))


def test_every_line_of_the_menu_does_something() -> None:
    assert {*ASKED, *DONE_HERE, MenuVerb.QUIT} == set(MenuVerb)


def test_a_pause_reaches_the_journal_and_so_does_its_end(errands: Errands, here: Places) -> None:
    errands.run(MenuAction(MenuVerb.PAUSE))
    with_journal = Journal.open(here.journal)
    assert with_journal.requests.paused() == (True, None)
    errands.run(MenuAction(MenuVerb.RESUME))
    assert with_journal.requests.paused() == (False, None)
    with_journal.close()


def test_a_choice_reaches_the_settings_file(errands: Errands, here: Places) -> None:
    errands.run(MenuAction(MenuVerb.DEVICE, "cpu"))
    errands.run(MenuAction(MenuVerb.MODEL, "quick"))
    assert (load_settings(here).engine.device, load_settings(here).engine.model) == ("cpu", "quick")


def test_the_dashboard_of_a_daemon_that_is_not_there_is_a_sentence(errands: Errands) -> None:
    with pytest.raises(DaemonNotRunning):
        errands.run(MenuAction(MenuVerb.DASHBOARD))


def test_a_note_that_is_gone_is_a_sentence(errands: Errands, tmp_path: Path) -> None:
    with pytest.raises(FileGone, match="letter"):
        errands.run(MenuAction(MenuVerb.NOTE, str(tmp_path / "letter.md")))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no xdg-open there")
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # it outlives us
def test_a_note_opens_in_the_program_for_it_whatever_its_name(
    errands: Errands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener, said = tmp_path / "xdg-open", tmp_path / "said"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{said}.part" && mv "{said}.part" "{said}"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    note = tmp_path / "$(touch x); `y` 'z\".md"
    note.touch()
    errands.run(MenuAction(MenuVerb.NOTE, str(note)))
    until(said.exists, "the opener")
    assert said.read_text() == str(note)


def test_until_tomorrow_means_seven_in_the_morning() -> None:
    assert until_morning(datetime(2026, 1, 5, 22, 0)) == 9 * 3600
    assert until_morning(datetime(2026, 1, 5, 0, 30)) == 30.5 * 3600


def test_until_tomorrow_counts_the_hour_that_a_clock_is_put_forward() -> None:
    evening = datetime(2026, 3, 28, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert until_morning(evening) == 8 * 3600
