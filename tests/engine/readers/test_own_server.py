"""A server that papertray starts: a real program over real HTTP, slow to start, dying, broken."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from papertray.engine.errors import Cancelled, ReaderAway
from papertray.engine.page_flow import PageList, read_flow
from papertray.engine.pages import Reader, ReadOptions, StartsPrograms, Watch
from papertray.engine.readers.server import fleet, own_reader, own_server, sending
from papertray.engine.readers.server.own_reader import DeadlyPage
from papertray.engine.server_address import PORT, ServerAddress
from tests.desks import until
from tests.engine.readers import started_server
from tests.engine.readers.test_server import draw_page

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_server, "PAUSES", (0.0,))
    for pause in ("FIRST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(fleet, pause, 0.1)


def command(diary: Path) -> tuple[str, ...]:
    return (sys.executable, started_server.__file__, "--port", PORT, "--diary", str(diary))


@contextmanager
def reading(command: tuple[str, ...]) -> Iterator[Reader]:
    server = ServerAddress(f"http://127.0.0.1:{PORT}/v1", "some-vl", command=command)
    reader = own_reader.load(ReadOptions(servers=(server,)))
    try:
        yield reader
    finally:
        reader.close()


def starting(reader: Reader) -> str:
    assert isinstance(reader, StartsPrograms)
    return reader.starting


def started(diary: Path) -> list[int]:
    return [int(file.stem) for file in diary.glob("*.started")]


def reads(reader: Reader) -> bool:
    """Its end may not be known yet: then a page is not read, and is tried again."""
    with suppress(ReaderAway):
        return reader.read([draw_page(1)], Watch())[0].markdown == "# A letter"
    return False


def problem_of(reader: Reader) -> ReaderAway:
    with pytest.raises(ReaderAway) as problem:
        reader.read([draw_page(1)], Watch())
    return problem.value


def test_it_is_started_waited_for_asked_and_ended(tmp_path: Path) -> None:
    (tmp_path / "loading").touch()
    with reading(command(tmp_path)) as reader:
        until(lambda: started(tmp_path), "its start")
        program = Path(sys.executable).name
        assert starting(reader) == program
        cancelled = Watch()
        threading.Timer(0.1, cancelled.cancel.set).start()
        with pytest.raises(Cancelled):
            read_flow(reader, PageList([draw_page(1)], cancelled))
        (tmp_path / "loading").unlink()
        (text,) = reader.read([draw_page(1)], Watch())
        assert text.markdown == "# A letter"
        assert (starting(reader), reader.identity.device) == ("", f"this machine, {program}")
        assert isinstance(reader, StartsPrograms)
        until(lambda: reader.memory, "its memory")
        assert 1e6 < reader.memory < 1e9
    (pid,) = started(tmp_path)
    assert not psutil.pid_exists(pid)


def test_a_server_without_a_place_for_its_health_is_asked_for_its_models(tmp_path: Path) -> None:
    (tmp_path / "without health").touch()
    with reading(command(tmp_path)) as reader:
        assert reader.read([draw_page(1)], Watch())[0].markdown == "# A letter"


def test_it_is_started_again_when_it_dies_and_the_page_it_had_is_read(tmp_path: Path) -> None:
    (tmp_path / "slow").touch()

    def kill() -> None:
        until((tmp_path / "asked").exists, "the page")
        (pid,) = started(tmp_path)
        os.kill(pid, signal.SIGKILL)
        (tmp_path / "slow").unlink()

    with reading(command(tmp_path)) as reader:
        killer = threading.Thread(target=kill)
        killer.start()
        (text,) = reader.read([draw_page(1)], Watch())
        killer.join()
        assert text.markdown == "# A letter"
    assert len(started(tmp_path)) == 2


def test_one_that_cannot_start_is_shown_with_its_last_words_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with reading(command(tmp_path)) as reader:
        problem = problem_of(reader)
        assert "does not run: it ended with status 3." in problem.sentence
        assert "Its last words: loading the model / no such file: model.gguf" in problem.sentence
        (tmp_path / "broken").unlink()
        until(lambda: not starting(reader), "its start")
        assert reader.read([draw_page(1)], Watch())[0].markdown == "# A letter"


def test_what_it_writes_once_documents_are_with_it_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_server, "PAUSES", (600.0,))
    with reading(command(tmp_path)) as reader:
        reader.read([draw_page(1)], Watch())
        assert isinstance(reader, own_reader.OwnServersReader)
        (server,) = reader._own
        os.kill(started(tmp_path)[0], signal.SIGKILL)
        until(lambda: server.problem, "its end")
        assert server.problem is not None
        assert "it was ended by signal 9." in server.problem.sentence
        assert "last words" not in server.problem.sentence


def test_a_program_that_is_not_there_is_named() -> None:
    with reading(("llama-server-of-nobody", "--port", PORT)) as reader:
        assert "llama-server-of-nobody does not run: there is no such program" in str(problem_of(reader))


def test_a_page_that_ends_the_server_again_and_again_is_to_blame_once_others_were_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 4.0)
    monkeypatch.setattr(fleet, "FIRST_PAUSE", 0.5)  # it is known to be ready before it is asked
    monkeypatch.setattr(fleet, "LONGEST_PAUSE", 0.5)
    with reading(command(tmp_path)) as reader:
        (tmp_path / "deadly").touch()
        problem = problem_of(reader)  # of the server: it has read nothing yet, and perhaps never can
        assert "the words of a document" not in problem.sentence  # sent before it was known to be ready
        (tmp_path / "deadly").unlink()
        until(lambda: reads(reader), "a server that reads")
        (tmp_path / "deadly").touch()
        pages = PageList([draw_page(2)], Watch())
        read_flow(reader, pages)
        with pytest.raises(DeadlyPage, match="again and again while it had this page"):
            pages.texts()
        (tmp_path / "deadly").unlink()
        until(lambda: reads(reader), "a server that reads")
