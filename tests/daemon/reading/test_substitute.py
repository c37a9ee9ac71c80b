"""While no server answers the quick reader goes on, if the settings say so; the note says who read what."""

from pathlib import Path

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.reading import substitute
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.daemon.settings import EngineSettings
from papertray.engine.models.catalog import QUICK, SERVER
from papertray.engine.pages import LoadProgress, Reader
from papertray.engine.readers.server import sending
from papertray.engine.readers.server.presence import is_there
from papertray.engine.server_address import ServerAddress
from tests.desks import Running, draw, draw_pages, running, until
from tests.engine.readers.openai_server import Body, Reply, inference_server
from tests.fakes import InstantReader

READ = Reply(("# Read there",))
_ONE_PAGE_THERE = (
    'readers: "page 1 server, pages 2-3 instant"',
    'readers: "page 1 instant, page 2 server, page 3 instant"',
    'readers: "pages 1-2 instant, page 3 server"',
)


class ReadersHere(EngineReaderSource):
    """The real ones, but for the quick reader, which is loaded at once."""

    def open(self, engine: EngineSettings, progress: LoadProgress) -> Reader:
        return InstantReader() if engine.model == QUICK else super().open(engine, progress)


def test_the_quick_reader_goes_on_until_a_server_answers_and_the_note_says_which_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)
    inbox, replies = tmp_path / "inbox", [READ]
    inbox.mkdir()

    def answer(_body: Body) -> Reply:
        return replies.pop() if replies else Reply(status=503)

    with inference_server(answer) as server:
        servers = [{"url": server.url, "model": "some-vl", "name": "desktop", "in_flight": 1}]
        engine = {"model": SERVER, "fallback": QUICK, "servers": servers}
        draw_pages(inbox / "book.pdf", "page", 3)
        with running(
            inbox, ReadersHere(find_places()), engine=engine, documents={"dots_per_inch": 50}
        ) as desk:
            assert desk.note("book.md").count("# Read there") == 1
            head = (inbox / "book.md").read_text().split("---")[1]
            (readers,) = (line for line in head.splitlines() if line.startswith("readers: "))
            assert readers in _ONE_PAGE_THERE, "whichever is packed first goes first"
            until(lambda: desk.statuses[-1].troubles, "the sentence")
            assert "the quick reader reads" in desk.statuses[-1].troubles[0].advice
            replies += [READ] * 9
            monkeypatch.setattr(substitute, "LOOK_EVERY", 0.0)
            _wake(desk)
            until(lambda: not desk.statuses[-1].troubles, "the look that finds the server back")
            draw(inbox / "letter.png", "a letter", (300, 200))
            assert desk.note("letter.md") == "# Read there"
            assert "readers:" not in (inbox / "letter.md").read_text()


def test_pages_wait_for_a_key_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    draw(inbox / "letter.png", "a letter", (300, 200))
    with inference_server(lambda _: READ) as server:
        table = {"url": server.url, "model": "some-vl", "key_env": "OCR_KEY"}
        engine = {"model": SERVER, "servers": [table]}
        with running(inbox, EngineReaderSource(find_places()), engine=engine) as desk:
            until(lambda: desk.statuses[-1].troubles, "the sentence")
            assert "OCR_KEY" in desk.statuses[-1].troubles[0].sentence
            assert desk.states() == {"letter.png": "queued"}
            monkeypatch.setenv("OCR_KEY", "secret")
            _wake(desk)
            assert desk.note("letter.md") == "# Read there"


def _wake(desk: Running) -> None:
    """Sooner than it would look again by itself."""
    desk.client.pause()
    desk.client.resume()


def test_whether_a_server_is_there_is_seen_before_a_page_is_sent() -> None:
    with inference_server(lambda _: READ) as server:
        there = ServerAddress(server.url, "m")
        assert is_there(there)
        assert not server.bodies
    assert not is_there(there)
    assert is_there(ServerAddress("http://127.0.0.1:{port}/v1", "m", command=("llama-server",)))
