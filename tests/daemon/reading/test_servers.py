"""A daemon whose pages are read by a server: over real HTTP, from file to note, and while it is away."""

import socket
from pathlib import Path

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource, read_options
from papertray.daemon.settings.sections import EngineSettings, ServerSettings
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import SERVER
from papertray.engine.readers.server import sending
from tests.desks import draw, running, until
from tests.engine.readers.openai_server import Reply, inference_server


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_pages_wait_while_no_server_answers_and_are_read_once_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)
    inbox, port = tmp_path / "inbox", free_port()
    inbox.mkdir()
    server = {"url": f"http://127.0.0.1:{port}/v1", "model": "some-vl"}
    engine = {"model": SERVER, "servers": [server]}
    draw(inbox / "letter.png", "a letter", (300, 200))
    with running(inbox, EngineReaderSource(find_places()), engine=engine) as at_work:

        def problems() -> list[str]:
            return [trouble.sentence for status in at_work.statuses[-1:] for trouble in status.troubles]

        until(lambda: any("No server answers" in sentence for sentence in problems()), "the sentence")
        assert not list(inbox.glob("*.md"))
        with inference_server(lambda _: Reply(("# A letter\n\nDear Sir",)), port):
            until(lambda: list(inbox.glob("*.md")), "the note")
            until(lambda: not problems(), "the end of the trouble")
        (note,) = inbox.glob("*.md")
        assert "# A letter\n\nDear Sir" in note.read_text()
        assert 'reader: "server"' in note.read_text()


def test_a_key_comes_from_the_environment_and_its_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ServerSettings(url="https://ocr.example/v1/", model="m", key_env="OCR_KEY")
    engine = EngineSettings(model=SERVER, servers=(server,))
    with pytest.raises(ReaderError, match="OCR_KEY"):
        read_options(engine)
    monkeypatch.setenv("OCR_KEY", "secret")
    (address,) = read_options(engine).servers
    assert (address.url, address.key) == ("https://ocr.example/v1", "secret")


@pytest.mark.parametrize(
    "url", ["ocr.example/v1", "ftp://ocr.example", "http://me:secret@ocr.example/v1", "http:///v1"]
)
def test_an_address_that_cannot_be_asked_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="it must"):
        ServerSettings(url=url, model="m")
