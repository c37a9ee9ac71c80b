"""A daemon at work on this machine, and a real browser that looks at its page."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.client import Client
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import load_settings
from papertray.daemon.start import run_daemon
from tests.daemon.web.samples import KnowingReader
from tests.desks import until
from tests.fakes import OneReader

PATIENCE = 30_000  # ms: a busy machine takes its time
expect.set_options(timeout=PATIENCE)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--force-color-profile=srgb",
]


@dataclass
class Dashboard:
    """The page as somebody sees it who came in through `papertray open`. `complaints` are the browser's."""

    page: Page
    inbox: Path
    client: Client
    reader: KnowingReader
    stop: Callable[[], None]
    complaints: list[str] = field(default_factory=list)

    def go(self, place: str) -> None:
        self.page.evaluate("place => { location.hash = place }", place)

    def says(self, words: str) -> None:
        """Wait until these words are to be seen."""
        self.page.get_by_text(words).filter(visible=True).first.wait_for()

    def is_for_everyone(self, name: str) -> None:
        """No rule of accessibility is broken by what is shown now."""
        found = Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert not found.violations_count, f"{name}: {found.generate_report()}"

    def drop(self, *files: Path) -> list[str]:
        """Put files into the inbox as whole ones, and wait until they are read."""
        for file in files:
            shutil.move(file, self.inbox / file.name)
        names = [file.name for file in files]
        until(
            lambda: all(self.state(name) in ("done", "problems", "failed") for name in names),
            f"the end of {names}",
        )
        until(lambda: self.client.status().batch_total == 0, "the status to say so")
        return names

    def state(self, name: str) -> str:
        return next((one.state.value for one in self.client.documents() if one.path.name == name), "")

    def number(self, name: str) -> int:
        return next(one.id for one in self.client.documents() if one.path.name == name)


Opening = Callable[..., AbstractContextManager[Dashboard]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the page was not tested in a browser. On Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opening(browser: Browser, tmp_path: Path, own_home: Path) -> Opening:
    """Starts a daemon and opens its page; options are those of a browser's context."""

    @contextmanager
    def start(reader: KnowingReader | None = None, **options: Any) -> Iterator[Dashboard]:
        inbox, known = own_home / "OCR" / "inbox", reader or KnowingReader()
        inbox.mkdir(parents=True)
        with keeping(find_places(), inbox, known) as (client, stop):
            url = ApiClient(find_places()).login_url()
            context = browser.new_context(
                permissions=["clipboard-read", "clipboard-write"],
                locale="en-GB",
                timezone_id="Europe/Berlin",
                **options,
            )
            context.set_default_timeout(PATIENCE)
            seen = Dashboard(context.new_page(), inbox, client, known, stop)
            seen.page.on("console", lambda message: complain(seen.complaints, message))
            seen.page.on("pageerror", lambda problem: seen.complaints.append(str(problem)))
            try:
                seen.page.goto(url)
                seen.page.wait_for_url(lambda url: "/login" not in url)
                yield seen
            finally:
                context.close()

    return start


@pytest.fixture
def dashboard(opening: Opening) -> Iterator[Dashboard]:
    with opening() as seen:
        yield seen
        assert not seen.complaints


@contextmanager
def keeping(
    here: Places, inbox: Path, reader: KnowingReader, port: int = 0
) -> Iterator[tuple[Client, Callable[[], None]]]:
    """A daemon that takes its settings from the file, as the real one does."""
    here.make()
    settings = {"rescan": 5, "api": {"port": port}, "folders": [{"path": str(inbox), "settle": 0.2}]}
    here.settings_file.write_text(tomlkit.dumps(settings), encoding="utf-8")
    ended = threading.Event()
    work = (here, OneReader(reader), lambda: load_settings(here), lambda _status: None, ended)
    thread = threading.Thread(target=run_daemon, args=work, daemon=True)
    thread.start()

    def stop() -> None:
        ended.set()
        thread.join(10)
        assert not thread.is_alive(), "the daemon did not stop"

    try:
        with Client(here) as client:
            until(client.address, "the API")
            yield client, stop
    finally:
        stop()


def complain(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        complaints.append(message.text)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that says which note was opened in the editor of this system, which is a pretended one."""
    told, programs = tmp_path / "opened", tmp_path / "bin"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{told}.new"\nmv "{told}.new" "{told}"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return told
