"""Who is let in. First the decision by itself, then over real HTTP."""

import os
import stat
from pathlib import Path

import pytest

from papertray.daemon.api.admission.access import AccessRules, IncomingRequest, check_request
from papertray.daemon.api.admission.sessions import CODE_SECONDS, SESSION_SECONDS, Sessions
from papertray.daemon.api.admission.tokens import token_of
from tests.daemon.api.conftest import Served

TOKEN = "t" * 43
HOST = "127.0.0.1:8763"
HOSTS = frozenset({HOST, "localhost:8763", "[::1]:8763"})


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(TOKEN, clock)


def cookie_of(sessions: Sessions) -> str:
    cookie = sessions.begin(sessions.code())
    assert cookie is not None
    return cookie


def status_for(sessions: Sessions, method: str = "GET", path: str = "/v1/status", **headers: str) -> int:
    """The status of the refusal; 0 when there is none."""
    known = {"host": HOST, "origin": "", "fetch_site": "", "authorization": "", "cookie": ""}
    refused = check_request(
        IncomingRequest(method, path, **(known | headers)), AccessRules(HOSTS, sessions, "papertray")
    )
    return refused.status if refused else 0


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 0),
        (f"bearer {TOKEN}", 0),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer wrong", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer ü", 401),
    ],
)
def test_only_the_right_token_opens(sessions: Sessions, authorization: str, status: int) -> None:
    assert status_for(sessions, authorization=authorization) == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 0),
        ("localhost:8763", 0),
        ("LOCALHOST:8763", 0),
        ("[::1]:8763", 0),
        ("", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1:80", 421),
        ("evil.example:8763", 421),
        ("localhost.evil.example:8763", 421),
    ],
)
def test_only_our_own_names_are_answered_to(sessions: Sessions, host: str, status: int) -> None:
    assert status_for(sessions, host=host, authorization=f"Bearer {TOKEN}") == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("", 0),
        (f"http://{HOST}", 0),
        (f"https://{HOST}", 403),
        ("http://127.0.0.1:3000", 403),
        ("http://evil.example", 403),
        ("null", 403),
    ],
)
def test_a_foreign_page_is_refused_even_with_the_token(sessions: Sessions, origin: str, status: int) -> None:
    assert status_for(sessions, origin=origin, authorization=f"Bearer {TOKEN}") == status


@pytest.mark.parametrize("path", ["/", "/healthz", "/login"])
def test_a_foreign_page_is_refused_where_no_token_is_asked_for(sessions: Sessions, path: str) -> None:
    assert status_for(sessions, path=path) == 0
    assert status_for(sessions, path=path, origin="http://evil.example") == 403


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 0),
        ("POST", {"origin": f"http://{HOST}"}, 0),
        ("POST", {"fetch_site": "same-origin"}, 0),
        ("POST", {}, 403),
        ("DELETE", {}, 403),
        ("POST", {"fetch_site": "same-site"}, 403),
        ("POST", {"fetch_site": "cross-site"}, 403),
        ("POST", {"fetch_site": "none"}, 403),
    ],
)
def test_a_cookie_changes_things_only_from_our_own_page(
    sessions: Sessions, method: str, headers: dict[str, str], status: int
) -> None:
    cookie = cookie_of(sessions)
    assert status_for(sessions, method, "/v1/pause", cookie=cookie, **headers) == status


def test_a_code_is_good_once(sessions: Sessions) -> None:
    code = sessions.code()
    assert sessions.begin(code)
    assert sessions.begin(code) is None


def test_a_code_is_good_for_a_minute(sessions: Sessions, clock: Clock) -> None:
    late, in_time = sessions.code(), sessions.code()
    clock.now += CODE_SECONDS
    assert sessions.begin(in_time)
    clock.now += 1
    assert sessions.begin(late) is None


def test_codes_nobody_asked_for_are_refused(sessions: Sessions) -> None:
    assert sessions.begin("") is None
    assert sessions.begin("guessed") is None


def test_only_so_many_codes_wait(sessions: Sessions) -> None:
    codes = [sessions.code() for _ in range(100)]
    assert sessions.begin(codes[0]) is None
    assert sessions.begin(codes[-1])


def test_a_session_ends_in_time_and_with_the_token(sessions: Sessions, clock: Clock) -> None:
    cookie = cookie_of(sessions)
    assert sessions.holds(cookie)
    assert Sessions(TOKEN, clock).holds(cookie), "a restart logs nobody out"
    assert not Sessions("another" * 8, clock).holds(cookie)
    clock.now += SESSION_SECONDS + 1
    assert not sessions.holds(cookie)


@pytest.mark.parametrize("forged", ["", ".", "a.b", "a.9999999999.", "a.9999999999.0", "ü.9.ü"])
def test_a_forged_cookie_is_refused(sessions: Sessions, forged: str) -> None:
    assert not sessions.holds(forged)


def test_a_session_cannot_be_made_longer(sessions: Sessions) -> None:
    name, ends, signed = cookie_of(sessions).split(".")
    assert not sessions.holds(f"{name}.{int(ends) + 1}.{signed}")


def test_the_token_is_kept_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "api-token"
    token = token_of(file)
    assert len(token) >= 43
    assert token_of(file) == token
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "\n", "short", "ü" * 50])
def test_a_token_that_is_not_safe_is_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "api-token"
    file.write_text(content, encoding="utf-8")
    assert len(token_of(file)) >= 43


def test_without_the_token_nothing_is_told(shared_api: Served) -> None:
    with shared_api.stranger() as stranger:
        for path in ("/v1/status", "/v1/documents", "/v1/openapi.json", "/index.html", "/nothing"):
            assert stranger.get(path).status_code == 401, path
        assert stranger.get("/healthz").text == "ok\n"
        assert stranger.post("/v1/pause").status_code == 401
    assert not shared_api.at_work.client.status().paused_until


def test_a_foreign_host_and_origin_are_refused_over_http(shared_api: Served) -> None:
    assert shared_api.ask("GET", "/v1/status", headers={"Host": "evil.example"}).status_code == 421
    assert shared_api.ask("GET", "/v1/status", headers={"Origin": "http://evil.example"}).status_code == 403
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = shared_api.ask("OPTIONS", "/v1/pause", headers=preflight)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/v1/status", "/healthz", "/", "/v1/nothing", "/index.html"])
def test_every_answer_carries_the_headers_that_keep_browsers_tame(shared_api: Served, path: str) -> None:
    headers = shared_api.ask("GET", path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_a_browser_logs_in_with_a_link_that_is_good_once(api: Served) -> None:
    link = api.client.login_url()
    with api.stranger() as browser:
        assert "papertray open" in browser.get("/").text
        came_in = browser.get(link)
        assert came_in.status_code == 200
        assert 'content="0; url=/"' in came_in.text
        said = came_in.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=strict" in said
        assert browser.get("/").status_code == 200
        assert browser.get("/v1/status").status_code == 200
        assert browser.get("/style.css").status_code == 200
        assert browser.post("/v1/pause").status_code == 403
        assert browser.post("/v1/pause", headers={"Origin": api.url}).status_code == 200
    with api.stranger() as second:
        assert second.get(link).status_code == 403
        assert second.get("/v1/status").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/....//....//etc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/v1/documents/1/figures/1/..%2f..%2fapi-token",
        "/v1/documents/1/figures/1/%2fetc%2fpasswd",
        "/v1/documents/..%2f..%2fapi-token",
        "/v1/documents/1/pages/..%2f1/image",
        "/%00",
        "/C:%5CWindows%5Cwin.ini",
    ],
)
def test_no_path_leads_out_of_our_own_files(shared_api: Served, path: str) -> None:
    request = shared_api.http.build_request("GET", shared_api.url)
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = shared_api.http.send(request)
    assert answer.status_code in (404, 405, 422), answer.text
    assert shared_api.token not in answer.text
