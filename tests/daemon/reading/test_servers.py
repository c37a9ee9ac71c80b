"""A daemon whose pages are read by a server: over real HTTP, from file to note, and while it is away."""

import re
import shlex
import socket
import sys
from pathlib import Path

import psutil
import pytest

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource, read_options
from papertray.daemon.settings.sections import EngineSettings, ServerSettings
from papertray.daemon.status import Activity
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import SERVER
from papertray.engine.readers.server import sending
from tests.desks import draw, running, until
from tests.engine.readers import started_server
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


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as POSIX has them")
def test_a_server_with_a_command_is_started_for_the_first_page_and_ended_when_idle(tmp_path: Path) -> None:
    inbox, diary = tmp_path / "inbox", tmp_path / "diary"
    for folder in (inbox, diary):
        folder.mkdir()
    (diary / "loading").touch()
    command = shlex.join([sys.executable, started_server.__file__, "--port", "{port}", "--diary", str(diary)])
    engine = {"model": SERVER, "servers": [{"command": command, "model": "some-vl"}], "idle_unload": 1.5}
    draw(inbox / "letter.png", "a letter", (300, 200))
    with running(inbox, EngineReaderSource(find_places()), engine=engine) as at_work:
        until(lambda: at_work.statuses[-1].starting == Path(sys.executable).name, "the start in the status")
        assert at_work.statuses[-1].activity is Activity.LOADING
        (diary / "loading").unlink()
        assert at_work.note("letter.md") == "# A letter"
        (pid,) = (int(file.stem) for file in diary.glob("*.started"))
        until(lambda: not psutil.pid_exists(pid), "its end")
        assert not at_work.statuses[-1].troubles
        devices = {status.device for status in at_work.statuses}
        assert any(re.fullmatch(r"this machine, python.* \(\d\.\d GB\)", device) for device in devices)


def test_a_key_comes_from_the_environment_and_its_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ServerSettings(url="https://ocr.example/v1/", model="m", key_env="OCR_KEY")
    engine = EngineSettings(model=SERVER, servers=(server,))
    with pytest.raises(ReaderError, match="OCR_KEY"):
        read_options(engine)
    monkeypatch.setenv("OCR_KEY", "secret")
    (address,) = read_options(engine).servers
    assert (address.url, address.key) == ("https://ocr.example/v1", "secret")


@pytest.mark.parametrize(
    "command", ["serve --port {port} -m 'a b'", ["serve", "--port", "{port}", "-m", "a b"]]
)
def test_a_command_may_be_one_text_or_its_words_and_needs_no_url(command: object) -> None:
    server = ServerSettings(command=command, model="m")  # type: ignore[arg-type, call-arg]
    assert server.command == ("serve", "--port", "{port}", "-m", "a b")
    assert server.url == "http://127.0.0.1:{port}/v1"


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"command": "serve 'it"}, "not closed"),
        ({"command": "serve"}, "command must hold {port}"),
        ({"command": "serve {port}", "url": "http://127.0.0.1:80/v1"}, "url must hold {port}"),
        ({"command": "serve", "url": "http://ocr.example:80/v1"}, "starts it here"),
    ],
)
def test_a_command_that_does_not_fit_its_url_is_refused(given: dict[str, str], rule: str) -> None:
    with pytest.raises(ValueError, match=re.escape(rule)):
        ServerSettings(model="m", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url", ["ocr.example/v1", "ftp://ocr.example", "http://me:secret@ocr.example/v1", "http:///v1"]
)
def test_an_address_that_cannot_be_asked_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="it must"):
        ServerSettings(url=url, model="m")
