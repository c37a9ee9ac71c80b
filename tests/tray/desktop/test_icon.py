"""The real icon on a real bar: seen, opened and clicked, with a real daemon that does what was asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from papertray.daemon.client.client import Client
from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity
from papertray.engine.language import speak
from papertray.tray.adding import first_view
from papertray.tray.face.drawing import AMBER, BLUE, REST, Colour
from papertray.tray.face.drawing import BarShade as LooksOf
from papertray.tray.menu import MenuItem, build_menu
from tests.desks import Running, draw_pages, running, until
from tests.fakes import Gate, InstantReader, OneReader
from tests.tray.screen import TRAYER, XFCE, Bar, Desktop, Place, desktop, missing

PATIENCE = 8.0
AT_REST, AT_WORK, PAUSED = REST[LooksOf.DARK], BLUE, AMBER
API = {"port": 0}
PAUSING = ("Pause", "1 hour")
TRIES = 3  # a menu may be renewed under the hand


def needed(bar: Bar) -> pytest.MarkDecorator:
    absent = missing(bar)
    return pytest.mark.skipif(bool(absent), reason=f"NO TRAY WAS TESTED: this machine lacks {absent}")


@dataclass
class Icon:
    """The icon on a desktop, and the hand that uses its menu."""

    on: Desktop
    process: "subprocess.Popen[bytes]"
    client: Client

    def choose(self, *labels: str, until_true: Callable[[], object]) -> None:
        for _ in range(TRIES - 1):
            self._choose(labels)
            with suppress(AssertionError):
                until(until_true, labels[-1], PATIENCE)
                return
            self.on.press("Escape", "Escape")
        self._choose(labels)
        until(until_true, labels[-1], PATIENCE)

    def _choose(self, labels: tuple[str, ...]) -> None:
        """Opens the menu and goes to a line with the keyboard, which passes over the greyed ones."""
        before = self.on.picture()
        self.on.click(self.place(AT_REST, AT_WORK, PAUSED))
        self.on.until_changed(before, "the menu")
        self.on.press(*_keys(build_menu(replace(first_view(), status=self.client.status())), labels))
        self.on.keep(labels[-1])
        self.on.press("Return")

    def place(self, *colours: Colour) -> Place:
        """Where the icon is, in one of these colours. It is not there for the moment in which it changes."""
        places: list[Place] = []

        def seen() -> bool:
            places.extend(place for colour in colours if (place := self.on.find(colour[:3])))
            return bool(places)

        until(seen, "the icon")
        return places[0]

    def paused(self) -> bool:
        return self.client.status().activity is Activity.PAUSED


def _keys(items: tuple[MenuItem, ...], labels: tuple[str, ...]) -> Iterator[str]:
    """From the nearer end: the lists in between come later. A submenu has its first line chosen."""
    for depth, label in enumerate(labels):
        enabled = [item.label for item in items if item.enabled]
        down = enabled.index(label) + (0 if depth else 1)
        up = len(enabled) - enabled.index(label)
        yield from ["Right"] * min(depth, 1) + (["Down"] * down if down <= up else ["Up"] * up)
        items = next(item.items for item in items if item.label == label)


@contextmanager
def icon(bar: Bar, home: Path) -> Iterator[Icon]:
    """`papertray tray` on a desktop of its own, once its icon can be seen."""
    with desktop(bar, home) as on, Client(find_places()) as client:
        process = subprocess.Popen([sys.executable, "-m", "papertray.daemon.cli", "tray"], env=on.environment)
        try:
            until(lambda: on.find(AT_REST[:3]), "the icon")
            yield Icon(on, process, client)
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def _no_daemon_stays() -> Iterator[None]:
    yield
    with Client(find_places()) as client:
        with suppress(AssertionError):  # after a failure, it may only just begin
            until(lambda: client.status().pid, "the daemon", PATIENCE)
        if pid := client.status().pid:
            os.kill(pid, signal.SIGTERM)
            until(lambda: not client.running(), "the end of the daemon")


@pytest.fixture
def _lithuanian(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PAPERTRAY_LANGUAGE", "lt")
    speak("lt")
    yield
    speak("en")


@needed(TRAYER)
@pytest.mark.usefixtures("_no_daemon_stays", "_lithuanian")
def test_the_tray_starts_a_daemon_pauses_it_from_the_menu_and_leaves_it_running(tmp_path: Path) -> None:
    """In another language than English: the tray is told it by the environment, the test knows its words."""
    with icon(TRAYER, tmp_path) as shown:
        until(lambda: shown.client.status().activity is Activity.IDLE, "the daemon that the tray starts")
        shown.choose("Pristabdyti", "Kol pats pratęsiu", until_true=shown.paused)
        assert shown.client.status().paused_until is None
        shown.choose("Tęsti", until_true=lambda: not shown.paused())
        shown.choose("Išjungti dėklo piktogramą", until_true=lambda: shown.process.poll() is not None)
        assert shown.process.returncode == 0
        assert shown.client.running()


@needed(XFCE)
def test_reading_is_seen_and_paused_from_a_bar_that_speaks_statusnotifier(tmp_path: Path) -> None:
    gate = Gate()
    reader = OneReader(InstantReader(batch=1, before=gate))
    with running(tmp_path / "inbox", reader, api=API) as at_work, icon(XFCE, tmp_path / "desktop") as shown:
        draw_pages(at_work.inbox / "letter.pdf", "letter", pages=4)
        assert gate.reached.wait(30)
        until(lambda: shown.on.find(AT_WORK[:3]), "the icon of a daemon that reads")
        shown.choose("Pause", "15 minutes", until_true=lambda: _asked_to_pause(at_work))
        gate.opened.set()
        until(lambda: shown.on.find(PAUSED[:3]), "the icon of a paused daemon")
        assert shown.paused()
        shown.choose("Resume", until_true=lambda: at_work.states() == {"letter.pdf": "done"})
        assert at_work.note("letter.md")


@needed(XFCE)
def test_the_menu_stays_open_under_the_hand_while_pages_are_read(tmp_path: Path) -> None:
    gate = Gate()
    reader = OneReader(InstantReader(batch=1, before=gate))
    with running(tmp_path / "inbox", reader, api=API) as at_work, icon(XFCE, tmp_path / "desktop") as shown:
        draw_pages(at_work.inbox / "letter.pdf", "letter", pages=4)
        assert gate.reached.wait(30)
        until(lambda: shown.on.find(AT_WORK[:3]), "the icon of a daemon that reads")
        before = shown.on.picture()
        shown.on.click(shown.place(AT_WORK))
        shown.on.until_changed(before, "the menu")
        opened = shown.on.picture()
        gate.opened.set()
        until(lambda: at_work.states() == {"letter.pdf": "done"}, "the end of the document")
        shown.on.until_changed(opened, "another first line, and the list of notes")
        shown.on.keep("still open")
        shown.on.press(*_keys(build_menu(replace(first_view(), status=shown.client.status())), PAUSING))
        shown.on.press("Return")
        until(shown.paused, "the pause that was chosen in the menu", PATIENCE)


@needed(TRAYER)
def test_a_second_icon_for_the_same_home_is_refused(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", api=API), icon(TRAYER, tmp_path / "desktop") as shown:
        second = subprocess.run(
            [sys.executable, "-m", "papertray.daemon.cli", "tray"],
            env=shown.on.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stderr.count("shown already")) == (5, 1)


def _asked_to_pause(at_work: Running) -> bool:
    """The page in hand is still read; the wish is known."""
    with closing(Journal.open(at_work.places.journal)) as journal:
        return journal.requests.paused()[0]
