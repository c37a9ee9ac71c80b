"""Another model, device or rung while pages are read: nothing is lost, nothing read twice, nothing kept."""

import gc
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.reading.readers import read_options
from papertray.daemon.settings import EngineSettings
from papertray.engine.choice import ReaderChoice, load_reader_from
from papertray.engine.devices.rows import DeviceRow
from papertray.engine.errors import Cancelled
from papertray.engine.inference.careful import CarefulReader
from papertray.engine.models.catalog import find_entry
from papertray.engine.page_flow import PageFlow, PageRequest
from papertray.engine.pages import Block, BlockKind, PageImage, PageText, Reader, ReaderIdentity, Watch
from tests.desks import Running, draw, draw_pages, running, settings_for, until
from tests.fakes import InstantReader, text_of
from tests.hub.models import checkpoint

BEFORE = {"model": "deepseek-ocr", "device": "cpu", "dtype": "float32", "max_tokens": 4000}
PATIENCE = 120.0


class ObservedFlow:
    """One page at a time."""

    def __init__(self, observer: "Observed", flow: PageFlow) -> None:
        self.observer, self.flow = observer, flow
        self.taken: dict[PageRequest, PageRequest] = {}

    def take(self) -> PageRequest | None:
        if self.taken or (request := self.flow.take()) is None:
            return None
        watch = Watch(request.watch.cancel, partial(self.observer.tell, request.watch))
        observed = PageRequest(request.page, watch)
        self.taken[observed] = request
        return observed

    def answer(self, request: PageRequest, text: PageText) -> None:
        self.observer.pages.append(request.page.number)
        self.flow.answer(self.taken.pop(request), text)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self.flow.fail(self.taken.pop(request), problem)


class Observed:
    """A reader of which it is known what it told, and what it was asked for afterwards.

    At the token `hold` it waits until it is told to stop.
    """

    def __init__(self, reader: Any, hold: int | None = None) -> None:
        self.reader, self.hold = reader, hold
        self.held = threading.Event()
        self.tokens_when_stopped = 0
        self.tokens = 0
        self.pages: list[int] = []
        self.weights = [weakref.ref(each) for each in reader._reader.model.parameters()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)

    def read_flow(self, flow: PageFlow) -> None:
        self.reader.read_flow(ObservedFlow(self, flow))

    def tell(self, watch: Watch, tokens: int) -> None:
        watch.progress(tokens)
        self.tokens = tokens
        if tokens == self.hold:
            self.held.set()
            assert watch.cancel.wait(PATIENCE)
            self.tokens_when_stopped = tokens

    @property
    def in_memory(self) -> int:
        gc.collect()
        return sum(weight() is not None for weight in self.weights)


@dataclass
class TinyReaders:
    """The tiny checkpoints on this processor. The first reader waits at its third token."""

    opened: list[Observed] = field(default_factory=list)
    left_in_memory: list[int] = field(default_factory=list)

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        self.left_in_memory.append(sum(reader.in_memory for reader in self.opened))
        choice = ReaderChoice(find_entry(engine.model), (DeviceRow("cpu", engine.dtype),))
        reader = load_reader_from(checkpoint(engine.model), choice, read_options(engine))
        self.opened.append(Observed(reader, None if self.opened else 3))
        return self.opened[-1]

    def fallback(self, engine: EngineSettings) -> Reader:
        raise NotImplementedError

    def stock(self) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(
    "change", [{"model": "dots-ocr"}, {"dtype": "bfloat16"}], ids=["another model", "another row"]
)
def test_a_page_in_flight_is_given_back_within_a_token_and_read_by_the_next_reader(
    change: dict[str, str], tmp_path: Path
) -> None:
    readers = TinyReaders()
    with running(tmp_path / "inbox", readers, engine=BEFORE) as desk:
        draw_pages(desk.inbox / "book.pdf", "book", 3)
        until(lambda: readers.opened and readers.opened[0].held.is_set(), "the third token", PATIENCE)
        until(lambda: [page.tokens for page in desk.client.status().reading] == [3], "three tokens in status")

        after = {**BEFORE, "max_tokens": 8, **change}
        desk.settings = settings_for(desk.inbox, engine=after)
        desk.client.reload()
        assert desk.ends("book.pdf", patience=PATIENCE) == {"book.pdf": "done"}

        first, second = readers.opened
        assert first.tokens == first.tokens_when_stopped == 3
        assert (first.pages, sorted(second.pages)) == ([], [1, 2, 3])
        assert (readers.left_in_memory, first.in_memory) == ([0, 0], 0)
        document, pages = desk.client.document(1)
        assert (document.reader, document.device) == (after["model"], f"cpu in {after['dtype']}")
        assert [page.attempts for page in pages] == [1, 1, 1]


@dataclass
class SlowToStop:
    """Two readers, the first of which goes on for a while after it was told to stop: a long first step."""

    began: threading.Event = field(default_factory=threading.Event)
    second_opened: threading.Event = field(default_factory=threading.Event)
    happened: list[str] = field(default_factory=list)

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        if not self.happened:
            self.happened.append("first opened")
            return _Slow(self)
        self.happened.append("second opened")
        self.second_opened.set()
        return InstantReader()

    def fallback(self, engine: EngineSettings) -> Reader:
        raise NotImplementedError

    def stock(self) -> tuple[str, ...]:
        return ()


class _Slow(InstantReader):
    def __init__(self, told: SlowToStop) -> None:
        super().__init__()
        self.told = told

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        self.told.began.set()
        assert watch.cancel.wait(PATIENCE)
        self.told.second_opened.wait(1)
        raise Cancelled

    def close(self) -> None:
        self.told.happened.append("first closed")


def test_the_next_model_is_not_loaded_before_the_last_one_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.daemon.desk.runner._STOP_SECONDS", 0.0)
    readers = SlowToStop()
    with running(tmp_path / "inbox", readers) as desk:
        draw(desk.inbox / "scan.png", "scan")
        until(readers.began.is_set, "reading")
        desk.settings = settings_for(desk.inbox, engine={"max_tokens": 7})
        desk.client.reload()
        assert desk.ends("scan.png") == {"scan.png": "done"}
        assert readers.happened == ["first opened", "first closed", "second opened"]


class OneThread(InstantReader):
    """Remembers which threads called it; a status asks for its identity only."""

    def __init__(self) -> None:
        super().__init__()
        self.callers = {threading.get_ident()}

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        self.callers.add(threading.get_ident())
        return super().read(pages, watch)

    def close(self) -> None:
        self.callers.add(threading.get_ident())
        super().close()


@dataclass
class Fresh:
    """A new reader for every choice."""

    opened: list[OneThread] = field(default_factory=list)

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        self.opened.append(OneThread())
        return self.opened[-1]

    def fallback(self, engine: EngineSettings) -> Reader:
        raise NotImplementedError

    def stock(self) -> tuple[str, ...]:
        return ()


def test_a_reader_is_loaded_asked_and_closed_by_one_thread(tmp_path: Path) -> None:
    """Metal bears no other."""
    readers = Fresh()
    with running(tmp_path / "inbox", readers) as desk:
        draw(desk.inbox / "one.png", "one")
        desk.ends("one.png")
        desk.settings = settings_for(desk.inbox, engine={"max_tokens": 7})
        desk.client.reload()
        until(lambda: readers.opened[0].closed, "the end of the first reader")
        draw(desk.inbox / "two.png", "two")
        desk.ends("two.png")
    assert [len(reader.callers) for reader in readers.opened] == [1, 1]
    assert all(reader.closed for reader in readers.opened)


class RunsOut:
    """A reader that runs out of memory when `hungry` says so of its row, while it loads or while it reads."""

    batch = 1
    why = rung = ""

    def __init__(self, row: DeviceRow, hungry: Callable[[DeviceRow, str], bool]) -> None:
        self.identity = ReaderIdentity("hungry", "1", str(row))
        self.row, self.hungry = row, hungry
        self._take("load")

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        self._take("read")
        return [PageText((Block(BlockKind.TEXT, text_of(page)),)) for page in pages]

    def close(self) -> None: ...

    def _take(self, point: str) -> None:
        if self.hungry(self.row, point):
            raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")


@dataclass
class Careful:
    """The ladder over readers that run out."""

    hungry: Callable[[DeviceRow, str], bool]

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        rows = DeviceRow("cuda", "float16"), DeviceRow("cuda", "float16", "nf4"), DeviceRow("cpu", "float32")
        return CarefulReader(lambda row: RunsOut(row, self.hungry), rows, lambda _device: None)

    def fallback(self, engine: EngineSettings) -> Reader:
        return InstantReader()

    def stock(self) -> tuple[str, ...]:
        return ()


def front_matter(desk: Running, name: str) -> str:
    return (desk.inbox / name).read_text(encoding="utf-8").split("---\n")[1]


@pytest.mark.parametrize(
    ("hungry", "rung", "device"),
    [
        (
            lambda row, point: point == "read" and row.longest_side is None,
            "pages made smaller, 1024 pixels on the longest side",
            "cuda in float16, pages up to 1024 pixels",
        ),
        (
            lambda row, point: row.weights == "plain",
            "4-bit weights",
            "cuda in float16 with 4-bit weights",
        ),
        (lambda row, point: row.device == "cuda", "moved from cuda to cpu", "cpu in float32"),
    ],
    ids=["while it reads", "while it loads", "on the whole device"],
)
def test_the_rung_is_in_status_and_note(
    hungry: Callable[[DeviceRow, str], bool], rung: str, device: str, tmp_path: Path
) -> None:
    with running(tmp_path / "inbox", Careful(hungry)) as desk:
        draw(desk.inbox / "scan.png", "scan")
        assert desk.ends("scan.png") == {"scan.png": "done"}
        assert f'device: "{device}"\n' in front_matter(desk, "scan.md")
        assert f'memory: "{rung}"\n' in front_matter(desk, "scan.md")
        until(lambda: desk.client.status().rung == rung, "the rung in the status")


def test_the_note_of_a_twin_tells_the_rung_too(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", Careful(lambda row, point: row.weights == "plain")) as desk:
        for name in ("one.png", "other.png"):
            draw(desk.inbox / name, "the same")
        desk.ends("one.png", "other.png")
        assert 'memory: "4-bit weights"' in front_matter(desk, "one.md")
        assert 'memory: "4-bit weights"' in front_matter(desk, "other.md")


def test_nothing_given_up_is_not_spoken_of(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", Careful(lambda row, point: False)) as desk:
        draw(desk.inbox / "scan.png", "scan")
        assert desk.ends("scan.png") == {"scan.png": "done"}
        assert "memory:" not in front_matter(desk, "scan.md")


def test_a_page_that_no_rung_can_hold_is_marked_and_said_to_have_run_out(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", Careful(lambda row, point: point == "read")) as desk:
        draw_pages(desk.inbox / "book.pdf", "book", 2)
        assert desk.ends("book.pdf") == {"book.pdf": "failed"}
        _, pages = desk.client.document(1)
        assert all("The memory ran out" in page.sentence for page in pages)
