"""`papertray read --into`: many files at once over a real server, and again after it was stopped."""

from pathlib import Path

import pytest

from papertray.daemon.cli.progress_bars import FileCounter
from papertray.daemon.cli.read import into as into_module
from papertray.engine.readers.server import sending
from tests.daemon.cli.conftest import Papertray
from tests.daemon.reading.test_servers import free_port
from tests.desks import draw, draw_pages
from tests.engine.readers.openai_server import Body, Reply, inference_server
from tests.engine.readers.test_server import picture_of


def said(body: Body) -> Reply:
    return Reply((f"# Width {picture_of(body).width}\n",))


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Ten letters of different widths, a book of three pages, and what is no document."""
    scans = tmp_path / "scans"
    (scans / "old").mkdir(parents=True)
    for number in range(10):
        draw(scans / f"letter {number}.png", f"letter {number}", (300 + number, 200))
    draw(scans / "old" / "letter 1.png", "an older letter", (400, 200))
    draw_pages(scans / "old" / "book.pdf", "page", 3)
    (scans / "odd.pdf").write_text("no document")
    (scans / "notes.txt").write_text("not asked for")
    return scans


@pytest.fixture
def ask(papertray: Papertray, monkeypatch: pytest.MonkeyPatch) -> Papertray:
    monkeypatch.setenv("PAPERTRAY_ENGINE__MODEL", "server")

    def run(url: str, *words: object):  # type: ignore[no-untyped-def]
        servers = f'[{{"url": "{url}", "model": "ocr"}}]'
        monkeypatch.setenv("PAPERTRAY_ENGINE__SERVERS", servers)
        return papertray("read", *words)

    return run


def test_a_folder_is_read_many_files_at_once_and_a_second_time_only_what_is_missing(
    scans: Path, ask: Papertray, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    with inference_server(said) as server:
        result = ask(server.url, scans, "--into", notes)
        assert result.code == 11  # one of them is no document
        assert "odd.pdf" in result.err
        assert "13 of 13 files" in result.err
        assert ", 1 could not be read." in result.err
        assert len(server.bodies) == 14
        for number in range(10):
            assert f"# Width {300 + number}" in (notes / f"letter {number}.md").read_text()
        assert "# Width 400" in (notes / "old" / "letter 1.md").read_text()
        assert "page 3 of 3" in (notes / "old" / "book.md").read_text()
        (notes / "letter 3.md").unlink()
        draw(scans / "letter 4.png", "another letter", (350, 200))
        again = ask(server.url, scans, "--into", notes, "--jobs", "1")
        assert len(server.bodies) == 16
        assert "10 were there already" in again.err
        assert (notes / "letter 3.md").exists()
        assert "# Width 304" in (notes / "letter 4.md").read_text()  # nothing is written over
        assert "# Width 350" in (notes / "letter 4.png.md").read_text()
        assert ask(server.url, scans / "letter 4.png", "--into", notes).code == 0
        assert len(server.bodies) == 16


def test_what_cannot_go_with_a_mass_of_files_is_refused(papertray: Papertray, tmp_path: Path) -> None:
    for words, sentence in (
        (("--as", "pdf"), "--output, not of --into"),
        (("-o", tmp_path), "give one of them"),
        (("--json",), "give one of them"),
    ):
        result = papertray("read", tmp_path, "--into", tmp_path / "notes", *words)
        assert result.code == 2
        assert sentence in " ".join(result.err.replace("│", "").split())
    assert "There is no file" in papertray("read", tmp_path / "nothing.pdf", "--into", tmp_path).err


def test_while_no_server_is_there_the_files_wait(
    ask: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, servers = free_port(), []
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)

    def come(_seconds: float) -> None:
        """What would be a wait: meanwhile somebody starts the server."""
        if not servers:
            servers.append(inference_server(said, port))
            servers[0].__enter__()

    monkeypatch.setattr(into_module, "wait", come)
    letter = draw(tmp_path / "letter.png", "a letter", (300, 200))
    try:
        result = ask(f"http://127.0.0.1:{port}/v1", letter, "--into", tmp_path)
    finally:
        for server in servers:
            server.__exit__(None, None, None)
    assert result.code == 0
    assert "No server answers" in result.err
    assert "# Width 300" in (tmp_path / "letter.md").read_text()


def test_the_rest_takes_as_long_as_what_was_read_and_not_what_was_there() -> None:
    now, told = [0.0], []
    counter = FileCounter(100, lambda: now[0], lambda done, words: told.append((done, words)))
    for _ in range(50):
        counter.skip()
    now[0] = 100.0
    for _ in range(10):
        counter.end(2)
    assert told[-1] == (60, "0.2 pages a second, 7 min left, 50 were there already")
