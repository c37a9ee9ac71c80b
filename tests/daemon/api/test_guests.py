"""Other machines have pages read here: over TLS, each with its token; nothing else is behind that door."""

import base64
import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import pytest

from papertray.daemon.api import guest_app
from papertray.daemon.guests.certificate import make_certificate, read_fingerprint
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.places import find_places
from papertray.engine.errors import ReaderError
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.readers.server import reader as server_reader
from papertray.engine.readers.server.certificates import fetch_certificate, trust_only
from papertray.engine.readers.server.problems import OtherServer
from papertray.engine.readers.server.reader import ServerReader
from papertray.engine.server_address import ServerAddress
from tests.daemon.api.conftest import Served, Serving
from tests.daemon.reading.test_servers import free_port
from tests.desks import until
from tests.engine.readers.test_server import draw_page
from tests.fakes import Gate, InstantReader, OneReader, text_of


@dataclass
class Door:
    """A daemon that lets one other machine in."""

    api: Served
    url: str
    fingerprint: str
    token: str

    @contextmanager
    def reading(self, *, fingerprint: str = "", token: str = "") -> Iterator[ServerReader]:
        server = ServerAddress(
            f"{self.url}/v1",
            "papertray",
            token or self.token,
            fingerprint=fingerprint or self.fingerprint,
            name="desktop",
        )
        reader = server_reader.load(ReadOptions(servers=(server,)))
        try:
            yield reader
        finally:
            reader.close()

    def knock(self, token: str = "") -> httpx.Client:
        place = httpx.URL(self.url)
        context = trust_only(fetch_certificate(place.host, place.port or 0))
        head = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, verify=context, headers=head, timeout=30, trust_env=False)


@contextmanager
def open_door(
    serving: Serving, readers: OneReader | None = None, *, announce: bool = False
) -> Iterator[Door]:
    here, port = find_places(), free_port()
    here.make()
    make_certificate(here.certificate, "desktop")
    token = GuestList(here.guests).add("laptop")
    serve = {"enabled": True, "host": "127.0.0.1", "port": port, "announce": announce}
    with serving(readers, serve=serve) as api:
        yield Door(api, f"https://127.0.0.1:{port}", read_fingerprint(here.certificate), token)


def test_a_machine_with_a_token_has_pages_read_and_reaches_nothing_else(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [draw_page(number) for number in range(3)]
    with open_door(serving) as door:
        with door.reading() as reader:
            assert [text.markdown for text in reader.read(pages, Watch())] == [
                text_of(page) for page in pages
            ]
            assert reader.identity.device == "desktop"
        with door.knock(door.token) as guest:
            assert guest.get("/v1/models").json()["data"][0]["id"] == "papertray"
            others = (
                "/",
                "/v1/status",
                "/v1/documents",
                "/v1/events",
                "/v1/metrics",
                "/login",
                "/v1/folders",
            )
            for path in (*others, "/v1/read", "/v1/openapi.json", "/v1/search?q=a", "/v1/devices"):
                assert guest.get(path).status_code == 404, path
            assert guest.post("/v1/pause").status_code == 404
            for path in (
                b"/v1/../v1/status",
                b"//v1/status",
                b"/v1/chat/%2e%2e/status",
                b"/v1/models/..%2fstatus",
            ):
                assert _answer_to(guest, path) == 404, path
            assert _answer_to(guest, b"http://127.0.0.1:8763/v1/status") == 404
            assert guest.get("/v1/models", headers={"Origin": "https://evil.example"}).status_code == 403
            asked = guest.post("/v1/chat/completions", json=_question("quick"))
            assert asked.status_code == 404
            assert "Ask for the model `papertray`" in asked.text
        with door.knock() as stranger, door.knock(door.api.token) as owner:
            assert stranger.get("/healthz").status_code == 200
            for somebody in (stranger, owner):
                assert somebody.get("/v1/models").status_code == 401
                assert somebody.post("/v1/chat/completions", json=_question()).status_code == 401
            for _ in range(50):
                assert stranger.get("/v1/models", headers={"Authorization": "Bearer x"}).status_code == 401
        with httpx.Client(trust_env=False) as plain, pytest.raises(httpx.HTTPError):
            plain.get(door.url.replace("https:", "http:") + "/healthz")
        monkeypatch.setattr(guest_app, "MOST_AT_ONCE", 0)
        with door.knock(door.token) as guest:
            assert guest.post("/v1/chat/completions", json=_question()).status_code == 429


def test_nothing_is_sent_to_a_machine_with_another_certificate_and_a_revoked_one_is_turned_away(
    serving: Serving,
) -> None:
    reader_there = InstantReader()
    with open_door(serving, OneReader(reader_there)) as door:
        wrong = "AB" * 32
        with door.reading(fingerprint=wrong) as reader, pytest.raises(OtherServer, match=door.fingerprint):
            reader.read([draw_page(1)], Watch())
        GuestList(find_places().guests).remove("laptop")
        with door.reading() as reader, pytest.raises(ReaderError, match=r"401.*no longer"):
            reader.read([draw_page(1)], Watch())
    assert reader_there.read_pages == 0


def test_who_is_slow_in_greeting_keeps_no_other_machine_out(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.daemon.api.doors.entrances.MOST_OF_GUESTS", 4)
    with open_door(serving) as door, ExitStack() as crowd:
        place = httpx.URL(door.url)
        silent = [
            crowd.enter_context(socket.create_connection((place.host, place.port), 30)) for _ in range(8)
        ]
        with door.knock(door.token) as guest:
            assert guest.get("/v1/models").status_code == 200
        assert sum(_is_closed(one) for one in silent[:4]) == 4
        rude = crowd.enter_context(socket.create_connection((place.host, place.port), 30))
        rude.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"200" not in _received(rude)


def test_a_port_that_is_taken_and_an_api_that_is_off_are_said_and_reading_goes_on(
    serving: Serving,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        serve = {"enabled": True, "host": "127.0.0.1", "port": taken.getsockname()[1]}
        with serving(serve=serve) as api:
            (trouble,) = api.at_work.statuses[-1].troubles
            assert "Other machines cannot come in at 127.0.0.1" in trouble.sentence
            settings = api.at_work.settings
            off = settings.api.model_copy(update={"enabled": False})
            api.at_work.settings = settings.model_copy(update={"api": off})
            api.at_work.client.reload()
            until(lambda: "is off" in api.at_work.statuses[-1].troubles[0].sentence, "the sentence")


def test_more_than_may_wait_is_sent_back_and_the_page_of_a_guest_that_hangs_up_is_read_no_further(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    with open_door(serving, OneReader(InstantReader(before=gate))) as door:
        with (
            door.knock(door.token) as guest,
            guest.stream("POST", "/v1/chat/completions", json=_question() | {"stream": True}),
        ):
            assert gate.reached.wait(30)
            until(lambda: door.api.at_work.statuses[-1].reading, "the page in the status")
            (page,) = door.api.at_work.statuses[-1].reading
            assert page.name == "laptop image 1.png"
            monkeypatch.setattr(guest_app, "MOST_BYTES", 1500)
            with door.knock(door.token) as other:
                assert other.get("/v1/models").status_code == 200
                assert other.post("/v1/chat/completions", json=_question()).status_code == 429
                assert other.post("/v1/chat/completions", content=iter([b"{}"])).status_code == 429
        until(lambda: not list(find_places().uploads.iterdir()), "the end of the upload")
        gate.opened.set()
        until(lambda: not door.api.at_work.statuses[-1].counts, "the end of the reading")


def _question(model: str = "papertray") -> dict[str, object]:
    content = io.BytesIO()
    draw_page(1).image.save(content, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
    image = {"type": "image_url", "image_url": {"url": url}}
    return {"model": model, "messages": [{"role": "user", "content": [image]}]}


def _answer_to(guest: httpx.Client, target: bytes) -> int:
    """As it is written, which a browser would not send."""
    return guest.request("GET", "/", extensions={"target": target}).status_code


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(4096)
    except (ConnectionResetError, ssl.SSLError):
        return b""
