"""`papertray open`, and where `papertray status` says the page is."""

from pathlib import Path

import pytest

from papertray.daemon.client.connection import Connection
from tests.daemon.api.conftest import served
from tests.daemon.cli.conftest import Papertray


def test_without_a_daemon_there_is_nothing_to_open(papertray: Papertray) -> None:
    result = papertray("open", "--print")
    assert result.code == 6
    assert "papertray run" in result.err


def test_the_printed_link_logs_in(papertray: Papertray, tmp_path: Path) -> None:
    with served(tmp_path / "inbox") as api, api.stranger() as browser:
        assert browser.get(papertray("open", "--print").out.strip()).status_code == 303
        assert browser.get("/v1/status").status_code == 200


def test_the_browser_is_given_the_link(
    papertray: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: urls.append(url) or True)
    with served(tmp_path / "inbox") as api:
        result = papertray("open")
    assert result.out == ""
    assert urls[0].startswith(f"{api.url}/login?code=")


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
