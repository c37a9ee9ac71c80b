"""Two papertrays that have their pages read by each other: two daemons, and no page goes in a circle."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import tomlkit

from papertray.daemon.client.client import Client
from papertray.daemon.guests.certificate import make_certificate, read_fingerprint
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.places import Places, find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.readers.server import reader as server_reader
from papertray.engine.server_address import ServerAddress
from tests.daemon.reading.test_servers import free_port
from tests.desks import draw_pages, running, until
from tests.engine.readers.openai_server import Reply, inference_server
from tests.engine.readers.test_server import draw_page

TOKEN = "OTHERS_TOKEN"


@dataclass
class Neighbour:
    """A papertray with a door for one other."""

    places: Places
    port: int
    token: str

    @classmethod
    def in_home(cls, home: Path, monkeypatch: pytest.MonkeyPatch) -> "Neighbour":
        monkeypatch.setenv("PAPERTRAY_HOME", str(home))
        places = find_places()
        places.make()
        make_certificate(places.certificate, home.name)
        return cls(places, free_port(), GuestList(places.guests).add("other"))

    @property
    def as_server(self) -> dict[str, str]:
        url = f"https://127.0.0.1:{self.port}/v1"
        fingerprint = read_fingerprint(self.places.certificate)
        return {"url": url, "model": "papertray", "key_env": TOKEN, "fingerprint": fingerprint}

    def settings(self, inbox: Path, *servers: dict[str, str]) -> dict[str, object]:
        settings: dict[str, object] = {
            "folders": [{"path": str(inbox), "settle": 0.2}],
            "engine": {"model": "server", "servers": list(servers)},
            "serve": {"enabled": True, "host": "127.0.0.1", "port": self.port, "announce": False},
            "api": {"port": 0},
        }
        self.places.settings_file.write_text(tomlkit.dumps(settings))
        return settings


@contextmanager
def at_work(neighbour: Neighbour, token: str) -> Iterator[None]:
    environment = os.environ | {"PAPERTRAY_HOME": str(neighbour.places.config.parent), TOKEN: token}
    command = [sys.executable, "-m", "papertray.daemon.cli", "run"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as daemon:
        try:
            until(neighbour.places.runtime.exists, "the other papertray")
            yield
        finally:
            daemon.terminate()


def test_pages_of_two_papertrays_that_ask_each_other_wait_and_go_on_by_a_third_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Neighbour.in_home(tmp_path / "there", monkeypatch)
    here = Neighbour.in_home(tmp_path / "here", monkeypatch)
    monkeypatch.setenv(TOKEN, there.token)
    inbox, other_inbox = tmp_path / "inbox", tmp_path / "other inbox"
    inbox.mkdir()
    other_inbox.mkdir()
    there.settings(other_inbox, here.as_server)
    own = here.settings(inbox, there.as_server)
    draw_pages(inbox / "book.pdf", "page", 3)
    with (
        inference_server(lambda _body: Reply(("Words.",))) as third,
        at_work(there, here.token),
        running(
            inbox, EngineReaderSource(here.places), engine=own["engine"], serve=own["serve"], api=own["api"]
        ) as laptop,
    ):
        until(lambda: any("passes none on" in one.sentence for one in laptop.statuses[-1].troubles), "the no")
        assert laptop.states()["book.pdf"] in ("queued", "reading")
        there.settings(other_inbox, here.as_server, {"url": third.url, "model": "some-vl"})
        for places in (there.places, here.places):
            with Client(places) as client:
                client.reload()
        assert laptop.note("book.md").count("Words.") == 3
        assert len(third.bodies) == 3


def test_a_page_of_another_papertray_goes_to_servers_that_are_none() -> None:
    with (
        inference_server(lambda _body: Reply(("From a papertray.",))) as papertray,
        inference_server(lambda _body: Reply(("From a model.",))) as model,
    ):
        servers = (ServerAddress(papertray.url, "papertray"), ServerAddress(model.url, "some-vl"))
        reader = server_reader.load(ReadOptions(servers=servers))
        try:
            pages = [replace(draw_page(number), is_guest=number < 3) for number in range(4)]
            texts = [text.markdown for text in reader.read(pages, Watch())]
        finally:
            reader.close()
    assert texts[:3] == ["From a model."] * 3
