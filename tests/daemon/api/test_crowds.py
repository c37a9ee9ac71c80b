"""Who only connects keeps nobody out: neither the owner's programs, nor a browser, nor the work."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from loguru import logger

from papertray.daemon.api.doors.descriptors import (
    FEWEST_CONNECTIONS,
    FOR_THE_WORK,
    MOST_CONNECTIONS,
    most_connections,
)
from papertray.daemon.api.doors.listening import comes_from
from papertray.daemon.api.doors.rare_warning import EVERY, RareWarning
from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.client.client import Client
from papertray.daemon.client.connection import Connection, connect
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.places import find_places
from papertray.daemon.status import Activity
from tests.daemon.api.conftest import Served, Serving
from tests.desks import draw, until

FILES = 256  # that the crowded daemon may open
IDLE = 600  # connections, more than it may open
posix = pytest.mark.skipif(os.name != "posix", reason="no such sockets, nor limits of open files, there")
LOG_LINES = 60


def connect_to(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 0), 30)


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


@contextmanager
def crowded_daemon(inbox: Path) -> Iterator[Connection]:
    inbox.mkdir()
    command = [sys.executable, "-m", "tests.daemon.api.crowded_daemon", str(inbox), str(FILES)]
    with subprocess.Popen(command, env=os.environ) as daemon:
        try:
            until(lambda: connect(find_places()), "the API")
            connection = connect(find_places())
            assert connection is not None
            yield connection
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(30) == 0
        finally:
            daemon.kill()


@posix
def test_idle_connections_silence_nobody(tmp_path: Path) -> None:
    here, inbox = find_places(), tmp_path / "inbox"
    with crowded_daemon(inbox) as daemon, ExitStack() as crowd, Client(here) as client:
        for _ in range(IDLE):
            crowd.enter_context(connect_to(daemon.url))
        draw(inbox / "scan.png", "hello")
        until((inbox / "scan.md").exists, "the note")
        until(lambda: client.status().activity is Activity.IDLE, "the status to say so")
        assert [one.path.name for one in client.documents()] == ["scan.png"]
        until(lambda: next(ApiClient(here).events()).counts == {"done": 1}, "the count")
        headers = {"Authorization": f"Bearer {daemon.token}"}
        answer = httpx.get(f"{daemon.url}/v1/status", headers=headers, timeout=30, trust_env=False)
        assert answer.status_code == 200
    assert len(here.log_file.read_text().splitlines()) < LOG_LINES
    assert not here.runtime.exists()
    assert not Path(daemon.socket).exists()


def test_a_connection_that_brings_no_whole_head_is_closed(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.connections.IDLE_SECONDS", 0.2)
    with serving() as api, connect_to(api.url) as silent, connect_to(api.url) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: ")
        assert is_closed(silent)
        assert is_closed(slow)
        assert api.ask("GET", "/healthz").status_code == 200


def test_a_stream_that_says_little_is_not_idle(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.connections.IDLE_SECONDS", 0.2)
    with serving() as api, connect_to(api.url) as silent:
        statuses = api.client.events()
        assert next(statuses).counts == {}
        assert is_closed(silent)
        draw(api.at_work.inbox / "scan.png", "hello")
        until(lambda: next(statuses).counts.get("done"), "the end, told by the same stream")


def test_whoever_takes_no_answers_is_closed(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.connections.STALLED_SECONDS", 0.2)
    with serving() as api, connect_to(api.url) as greedy:
        head = f"GET /v1/openapi.json HTTP/1.1\r\nHost: {urlsplit(api.url).netloc}\r\n"
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            _ask_for_ever(greedy, f"{head}Authorization: Bearer {api.token}\r\n\r\n".encode())


def test_one_above_the_number_takes_the_place_of_the_longest_idle(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.entrances.most_connections", lambda _descriptors: 4)
    with serving() as api, ExitStack() as crowd:
        browser = crowd.enter_context(api.another())
        lines = crowd.enter_context(browser.stream("GET", "/v1/events")).iter_lines()
        next(lines)
        idle = [crowd.enter_context(connect_to(api.url)) for _ in range(8)]
        assert all(is_closed(one) for one in idle[:4])
        honest = crowd.enter_context(api.another())
        assert honest.get("/v1/status").status_code == 200
        draw(api.at_work.inbox / "scan.png", "hello")
        until(lambda: '"done": 1' in next(lines), "the stream, which worked, to go on")


@posix
def test_the_owners_socket_is_for_the_owner_alone(api: Served) -> None:
    path = Path(api.connection.socket)
    assert path.stat().st_mode & 0o777 == 0o600
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://papertray") as owner:
        assert owner.get("/v1/status").status_code == 200
        assert owner.get("/v1/status", headers={"Origin": "http://evil.example"}).status_code == 403
    with api.stranger() as stranger:
        assert stranger.get("/v1/status").status_code == 401


@posix
def test_the_owners_programs_need_no_token(api: Served) -> None:
    api.at_work.places.token.unlink()
    assert api.client.documents() == ()


@posix
def test_without_the_socket_clients_use_the_port(api: Served) -> None:
    Path(api.connection.socket).unlink()
    assert Connection.to(api.at_work.places) == Connection(api.url, api.token)
    assert api.client.documents() == ()


@posix
def test_a_home_too_deep_for_a_socket_is_served_all_the_same(
    serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTRAY_HOME", str(tmp_path / ("deep" * 30)))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with serving() as api:
        assert api.connection.socket == ""
        assert api.client.documents() == ()
    with tempfile.TemporaryDirectory() as name:  # tmp_path can be too deep itself
        session = Path(name)
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        with serving() as api:
            assert Path(api.connection.socket).parent == session
            assert api.client.documents() == ()
        assert list(session.iterdir()) == []


def test_nothing_tells_of_an_api_that_has_stopped_though_a_request_holds_it_up(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def survey() -> object:
        entered.set()
        go_on.wait(60)
        raise OSError

    monkeypatch.setattr("papertray.daemon.api.state.survey_machine", survey)
    with serving() as api, api.another() as one:
        here, owners = api.at_work.places, api.connection.socket

        def ask() -> None:
            with pytest.raises(httpx.HTTPError):
                one.get("/v1/devices")

        asking = threading.Thread(target=ask)
        asking.start()
        assert entered.wait(30)
    assert not here.runtime.exists()
    assert not owners or not Path(owners).exists()
    go_on.set()
    asking.join(30)


def test_nothing_tells_of_an_api_that_has_crashed(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.connections.AcceptLoop.close_idle", lambda _loop: 1 // 0)
    until(lambda: api.at_work.client.status().troubles, "the status to say so")
    assert "ZeroDivisionError" in api.at_work.client.status().troubles[0].sentence
    assert not api.at_work.places.runtime.exists()
    with pytest.raises(DaemonNotRunning):
        api.client.documents()


def test_a_late_end_of_one_start_does_not_take_the_next_ones_address(api: Served) -> None:
    api.at_work.settings = api.at_work.settings.model_copy(
        update={"api": api.at_work.settings.api.model_copy(update={"upload_megabytes": 7})}
    )
    before = api.at_work.places.runtime.read_text()
    api.at_work.client.reload()
    until(lambda: api.at_work.places.runtime.exists() and _differs(api, before), "another start")
    assert api.client.documents() == ()


def _ask_for_ever(connection: socket.socket, request: bytes) -> None:
    while True:
        connection.sendall(request * 1000)


def _differs(api: Served, before: str) -> bool:
    try:
        return api.at_work.places.runtime.read_text() != before
    except FileNotFoundError:
        return False


@posix
def test_another_user_is_turned_away_from_the_owners_socket() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert comes_from(one, frozenset({os.geteuid()}))
        if hasattr(socket, "SO_PEERCRED"):
            assert not comes_from(one, frozenset({os.geteuid() + 1}))


@pytest.mark.parametrize(
    ("descriptors", "most"),
    [(64, FEWEST_CONNECTIONS), (256, 64), (1024, 448), (20_000, MOST_CONNECTIONS)],
)
def test_descriptors_are_kept_for_the_work(descriptors: int, most: int) -> None:
    assert most_connections(descriptors) == most
    assert descriptors < FOR_THE_WORK or descriptors - 2 * most >= FOR_THE_WORK


def test_a_warning_that_comes_thousands_of_times_is_a_line_a_minute() -> None:
    now, lines = [0.0], []
    log = logger.add(lines.append, format="{message}")
    warning = RareWarning("refused {}", lambda: now[0])
    for second in range(180):
        now[0] = float(second)
        for _ in range(1000):
            warning.count()
        warning.report()
    logger.remove(log)
    assert len(lines) == 180 / EVERY
    assert lines[1].strip() == "refused 60000"
