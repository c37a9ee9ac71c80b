"""Those who ask a daemon: the command line of files, the tray over HTTP."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from papertray.daemon.choices import ModelChoices
from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.connection import DaemonNotUnderstood, DaemonRefusal
from papertray.daemon.errors import DaemonNotRunning, NoSuchDocument
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity
from papertray.daemon.wire import DocumentAnswer, PageAnswer, WholeDocument
from tests.daemon.api.conftest import Served, Serving
from tests.desks import draw, draw_pages, until
from tests.fakes import InstantReader, OneReader


def test_events_begin_with_the_status_and_follow_it(api: Served) -> None:
    seen = []
    for status in api.client.events():
        seen.append(status)
        if len(seen) == 1:
            draw(api.at_work.inbox / "scan.png", "hello")
        if status.counts.get("done"):
            break
    assert seen[0].counts == {}
    assert all(before != after for before, after in pairwise(seen))


def test_the_tray_gets_the_same_over_http_as_the_command_line_from_the_journal(api: Served) -> None:
    draw_pages(api.at_work.inbox / "book.pdf", "page", 2)
    api.at_work.ends("book.pdf")
    (document,) = api.at_work.client.documents()
    assert api.client.documents() == (DocumentAnswer.of(document),)
    whole = api.connection.ask(WholeDocument, "GET", "/v1/documents/1")
    _, pages = api.at_work.client.document(1)
    assert whole.each_page == tuple(map(PageAnswer.of, pages))
    assert pages[1].text is not None


def test_a_daemon_that_serves_no_api_is_none_to_the_tray(api: Served) -> None:
    api.at_work.places.runtime.unlink()
    assert api.at_work.client.address() is None
    with pytest.raises(DaemonNotRunning):
        api.client.documents()
    assert api.at_work.client.documents() == []


def test_what_the_command_line_asks_wakes_the_running_daemon(serving: Serving) -> None:
    reader = InstantReader()
    with serving(OneReader(reader)) as api:
        draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.ends("scan.png")
        api.at_work.client.retry(1, "quick")
        until(lambda: reader.read_pages == 2, "another reading")
        api.at_work.client.forget(1)
        assert api.at_work.client.documents() == []


def test_who_asks_on_this_machine_loads_no_certificates(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ssl.create_default_context", lambda *_, **__: pytest.fail("certificates were loaded")
    )
    port = replace(api.connection, socket="")
    for way in (api.connection, port):
        assert way.ask(ModelChoices, "GET", "/v1/models").chosen


def test_a_problem_told_over_http_keeps_its_sentence_and_exit_code(api: Served) -> None:
    with pytest.raises(DaemonRefusal) as told:
        api.connection.ask(WholeDocument, "GET", "/v1/documents/77")
    known = NoSuchDocument(77)
    assert (str(told.value), told.value.exit_code) == (str(known), known.exit_code)
    assert api.ask("GET", "/v1/documents/77").status_code == 404


def test_pause_and_resume_over_http(api: Served) -> None:
    api.client.pause(600)
    until(lambda: api.at_work.client.status().activity is Activity.PAUSED, "the pause")
    assert api.at_work.client.status().paused_until is not None
    api.client.resume()
    until(lambda: api.at_work.client.status().activity is Activity.IDLE, "the end of the pause")


def test_without_a_daemon_the_api_cannot_be_asked_and_says_so() -> None:
    client = ApiClient(find_places())
    for ask in (client.devices, client.models, client.login_url, client.pause, lambda: next(client.events())):
        with pytest.raises(DaemonNotRunning):
            ask()


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("words", [("list",), ("status",), ("resume",)], ids=" ".join)
def test_the_command_line_loads_no_http_library_though_a_daemon_runs(words: tuple[str, ...]) -> None:
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
    run = f"from papertray.daemon.cli import main; sys.argv[1:] = {words!r}; main()"
    done = subprocess.run(
        [sys.executable, "-c", tell + run], capture_output=True, text=True, timeout=60, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert "httpx" not in done.stderr.split()


def test_an_answer_that_is_not_understood_is_a_sentence(api: Served) -> None:
    with pytest.raises(DaemonNotUnderstood, match="another version"):
        api.connection.ask(ModelChoices, "GET", "/v1/status")
