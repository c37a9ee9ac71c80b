"""`papertray open`, and where `papertray status` says the page is."""

import os
import re
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from papertray.daemon.api.admission.sessions import CODE_SECONDS
from papertray.daemon.client.connection import Connection
from papertray.daemon.client.login_page import LoginPageError, write_login_page
from papertray.daemon.places import find_places
from tests.daemon.api.conftest import served
from tests.daemon.cli.conftest import Papertray
from tests.desks import until

posix = pytest.mark.skipif(os.name != "posix", reason="no modes of files there, and no shell")


def test_without_a_daemon_there_is_nothing_to_open(papertray: Papertray) -> None:
    result = papertray("open", "--print")
    assert result.code == 6
    assert "papertray run" in result.err


def test_the_printed_link_logs_in(papertray: Papertray, tmp_path: Path) -> None:
    with served(tmp_path / "inbox") as api, api.stranger() as browser:
        assert browser.get(papertray("open", "--print").out.strip()).status_code == 200
        assert browser.get("/v1/status").status_code == 200


@pytest.fixture
def handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What the browser was given, which is one that only writes it down."""
    note, browser = tmp_path / "handed-over", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{note}"\n')
    browser.chmod(0o755)
    known = webbrowser.GenericBrowser(str(browser))
    monkeypatch.setattr("webbrowser._tryorder", ["known"])
    monkeypatch.setattr("webbrowser._browsers", {"known": [None, known]})
    return note.read_text


def page_in(url: str) -> Path:
    return Path(url2pathname(urlsplit(url).path))


@posix
def test_the_code_is_handed_over_in_a_file_and_not_on_a_command_line(
    papertray: Papertray, tmp_path: Path, handed_over: Callable[[], str]
) -> None:
    with served(tmp_path / "inbox") as api, api.stranger() as browser, api.stranger() as second:
        result = papertray("open")
        page = page_in(handed_over())
        (link,) = set(re.findall(r'http://[^"]*', page.read_text(encoding="utf-8")))
        code = link.partition("/login?code=")[2]
        assert result.out == ""
        assert code
        assert code not in handed_over()
        assert page.stat().st_mode & 0o777 == 0o600
        assert browser.get(link).status_code == 200
        assert not page.exists()
        assert browser.get("/v1/status").status_code == 200
        assert second.get(link).status_code == 403


@posix
def test_a_page_that_nobody_used_is_gone_after_a_minute_and_with_the_daemon(tmp_path: Path) -> None:
    with served(tmp_path / "inbox") as api:
        used_by_nobody, fresh = api.client.login_page(), api.client.login_page()
        a_minute_ago = time.time() - CODE_SECONDS - 1
        os.utime(used_by_nobody, (a_minute_ago, a_minute_ago))
        until(lambda: not used_by_nobody.exists(), "the end of the old page")
        assert fresh.exists()
    assert not fresh.exists()


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    here = find_places()
    here.state.parent.mkdir(parents=True)
    here.state.touch()
    with pytest.raises(LoginPageError, match="cannot be written to") as refusal:
        write_login_page(here, "http://127.0.0.1:1/login?code=x", "x")
    assert "--print" in refusal.value.advice


def test_a_page_that_a_killed_daemon_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    here = find_places()
    here.make()
    left = write_login_page(here, "http://127.0.0.1:1/login?code=x", "x")
    with served(tmp_path / "inbox"):
        assert not left.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="no snaps there")
def test_a_browser_that_is_a_snap_is_given_a_page_where_it_can_read(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common = own_home / "snap" / "firefox" / "common"
    common.mkdir(parents=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "xdg-settings").write_text("#!/bin/sh\necho firefox_firefox.desktop\n")
    (programs / "xdg-settings").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    with served(tmp_path / "inbox") as api, api.stranger() as browser:
        page = api.client.login_page()
        assert page.parent == common
        assert page.stat().st_mode & 0o777 == 0o600
        browser.get(re.findall(r'http://[^"]*', page.read_text(encoding="utf-8"))[0])
        assert not page.exists()


def test_where_there_is_no_browser_the_link_is_printed(
    papertray: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _url: False)
    with served(tmp_path / "inbox"):
        result = papertray("open")
    assert "/login?code=" in result.out
    assert "within a minute" in result.err


def test_the_status_says_where_the_page_is(papertray: Papertray, tmp_path: Path) -> None:
    with served(tmp_path / "inbox") as api:
        assert api.url in papertray("status").out


def test_a_killed_daemon_is_not_called(papertray: Papertray, tmp_path: Path) -> None:
    with served(tmp_path / "inbox") as api:
        left = api.at_work.places.runtime.read_text()
        here = api.at_work.places
    here.runtime.write_text(left)
    assert Connection.to(here) is not None
    assert "not running" in papertray("status").out
    assert papertray("pause").code == 0
