"""Running out of memory, wherever it happens: what is given up, in which order, and that it ends."""

import gc
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from papertray.engine.devices.ladder import CAPS, Rung, next_rung
from papertray.engine.devices.memory import is_out_of_memory
from papertray.engine.devices.rows import ROWS, DeviceRow
from papertray.engine.errors import ReaderError
from papertray.engine.inference.careful import CarefulReader, MemoryRanOut
from papertray.engine.page_flow import PageFlow, PageList, PageRequest
from papertray.engine.pages import PageImage, PageText, ReaderIdentity, Watch

WHOLE, FOUR_BIT, PROCESSOR = ROWS[0], ROWS[2], ROWS[-3]
LADDER = (WHOLE, FOUR_BIT, PROCESSOR)


class Weights:
    """Something large that must not be held when the next rung is loaded."""


class Hungry:
    """A reader that runs out of memory where `hungry` says so of a row, a number of pages and a point."""

    batch = 4
    why = rung = ""

    def __init__(self, row: DeviceRow, hungry: Callable[[DeviceRow, int, str], bool]) -> None:
        self.row, self.hungry = row, hungry
        self.weights = Weights()
        self.identity = ReaderIdentity("hungry", "", str(row))
        self._take(0, "load", self.weights)

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        for point in ("vision", "decode"):
            self._take(len(pages), point, Weights())
        return [PageText((), blank=True, tokens=page.number) for page in pages]

    def close(self) -> None:
        del self.weights

    def _take(self, pages: int, point: str, held: Weights) -> None:
        alive.add(held)
        if self.hungry(self.row, pages, point):
            raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")


alive: "weakref.WeakSet[Weights]" = weakref.WeakSet()


def page(number: int) -> PageImage:
    return PageImage(Image.new("RGB", (8, 8)), number)


class Bench:
    """A careful reader over hungry ones, and what it did."""

    def __init__(
        self, hungry: Callable[[DeviceRow, int, str], bool], rows: Sequence[DeviceRow] = LADDER
    ) -> None:
        self.loaded: list[DeviceRow] = []
        self.held: list[int] = []
        self.hungry = hungry
        self.rows = rows

    def reader(self) -> CarefulReader:
        return CarefulReader(self._load, self.rows, lambda device: None)

    def _load(self, row: DeviceRow) -> Hungry:
        self.held.append(len(alive))
        self.loaded.append(row)
        return Hungry(row, self.hungry)


@pytest.fixture(autouse=True)
def nothing_is_left_to_the_collector() -> None:
    gc.collect()
    alive.clear()


def test_nothing_is_given_up_while_memory_lasts() -> None:
    bench = Bench(lambda row, pages, point: False)
    reader = bench.reader()
    assert [text.tokens for text in reader.read([page(n) for n in range(6)], Watch())] == list(range(6))
    assert (reader.rung, reader.batch, bench.loaded) == ("", 4, [WHOLE])


@pytest.mark.parametrize("point", ["vision", "decode"])
def test_fewer_pages_come_first_and_keep_the_model(point: str) -> None:
    bench = Bench(lambda row, pages, where: where == point and pages > 1)
    reader = bench.reader()
    assert [text.tokens for text in reader.read([page(n) for n in range(5)], Watch())] == list(range(5))
    assert (reader.rung, reader.batch, bench.loaded) == ("one page at a time", 1, [WHOLE])


@pytest.mark.parametrize("point", ["vision", "decode"])
def test_then_smaller_pages(point: str) -> None:
    bench = Bench(lambda row, pages, where: where == point and row.longest_side is None)
    reader = bench.reader()
    assert len(reader.read([page(1)], Watch())) == 1
    assert reader.row == replace(WHOLE, longest_side=1024)
    assert "1024 pixels" in reader.rung


@pytest.mark.parametrize("point", ["vision", "decode"])
def test_then_4_bit_weights(point: str) -> None:
    bench = Bench(lambda row, pages, where: where == point and row.weights == "plain")
    reader = bench.reader()
    assert len(reader.read([page(1)], Watch())) == 1
    assert (reader.row, reader.rung) == (FOUR_BIT, "4-bit weights")


@pytest.mark.parametrize("point", ["load", "vision", "decode"])
def test_then_the_next_device(point: str) -> None:
    bench = Bench(lambda row, pages, where: where == point and row.device == "cuda")
    reader = bench.reader()
    assert len(reader.read([page(1)], Watch())) == 1
    assert (reader.row, reader.rung) == (PROCESSOR, "moved from cuda to cpu")


def test_a_model_that_cannot_be_loaded_is_not_tried_with_smaller_pages() -> None:
    bench = Bench(lambda row, pages, where: where == "load" and row.weights == "plain")
    assert bench.reader().rung == "4-bit weights"
    assert bench.loaded == [WHOLE, FOUR_BIT]


def test_the_old_model_is_gone_before_the_next_is_loaded() -> None:
    bench = Bench(lambda row, pages, where: where == "decode" and row.device == "cuda")
    bench.reader().read([page(1), page(2)], Watch())
    assert len(bench.held) > 4
    assert set(bench.held) == {0}


def test_at_the_end_of_the_ladder_stands_a_sentence_and_every_way_was_tried_once() -> None:
    bench = Bench(lambda row, pages, where: where == "decode")
    reader = bench.reader()
    with pytest.raises(MemoryRanOut, match="nothing left to give up"):
        reader.read([page(1)], Watch())
    assert len(set(bench.loaded)) == len(bench.loaded) == 3 * (1 + len(CAPS))


def test_what_was_given_up_stays_given_up_for_the_pages_after() -> None:
    bench = Bench(lambda row, pages, where: where == "decode" and row.device == "cuda")
    reader = bench.reader()
    for number in range(3):
        reader.read([page(number)], Watch())
    assert bench.loaded.count(PROCESSOR) == 1


def test_who_it_is_can_be_asked_at_any_time_and_loads_nothing() -> None:
    """The status asks from another thread, also while the next rung is loaded or after none could be."""
    bench = Bench(lambda row, pages, where: row != WHOLE or where == "decode")
    reader = bench.reader()
    with pytest.raises(MemoryRanOut):
        reader.read([page(1)], Watch())
    loaded = len(bench.loaded)
    assert (reader.identity.device, reader.rung, reader.why) == (
        str(WHOLE),
        "one page at a time",
        WHOLE.reason,
    )
    assert len(bench.loaded) == loaded


def test_nothing_loads_at_all() -> None:
    with pytest.raises(MemoryRanOut):
        Bench(lambda row, pages, where: where == "load").reader()


def test_other_faults_pass_through() -> None:
    class Broken(Hungry):
        def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
            raise ReaderError("Something else.")

    reader = CarefulReader(lambda row: Broken(row, lambda *_: False), LADDER, lambda device: None)
    with pytest.raises(ReaderError, match="Something else"):
        reader.read([page(1)], Watch())


def test_memory_that_ran_out_below_another_fault_is_noticed() -> None:
    outer = ReaderError("The page could not be read.")
    outer.__cause__ = RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)")
    assert is_out_of_memory(outer)
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
    assert not is_out_of_memory(ReaderError("The paper was out of memory."))


@settings(derandomize=True, deadline=None)
@given(some.lists(some.sampled_from(ROWS), unique=True, min_size=1), some.lists(some.booleans()))
def test_the_ladder_always_ends_and_never_comes_back(rows: list[DeviceRow], could_load: list[bool]) -> None:
    rows.sort(key=ROWS.index)
    rung: Rung | None = Rung(rows[0], pages=4)
    seen: set[tuple[DeviceRow, int]] = set()
    while rung is not None:
        assert (rung.row, rung.pages) not in seen
        seen.add((rung.row, rung.pages))
        rung = next_rung(rung, rows, loaded=could_load[len(seen)] if len(seen) < len(could_load) else True)
        assert rung is None or rung.given_up


class HungryInFlow(Hungry):
    """Takes pages as they come, and says of each what befell it."""

    def read_flow(self, flow: PageFlow) -> None:
        while requests := [request for _ in range(self.batch) if (request := flow.take()) is not None]:
            for request in requests:
                try:
                    text = self.read([each.page for each in requests], request.watch)[0]
                except RuntimeError as problem:
                    flow.fail(request, problem)
                else:
                    flow.answer(request, replace(text, tokens=request.page.number))


class Noted(PageList):
    """Which pages were answered, in this order, and which failed."""

    def __init__(self, pages: Sequence[PageImage]) -> None:
        super().__init__(pages, Watch())
        self.answered: list[int] = []
        self.failed: list[tuple[int, Exception]] = []

    def answer(self, request: PageRequest, text: PageText) -> None:
        self.answered.append(text.tokens)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self.failed.append((request.page.number, problem))


def test_pages_of_a_flow_that_ran_out_of_memory_are_read_again_one_by_one() -> None:
    reader = CarefulReader(
        lambda row: HungryInFlow(row, lambda row, pages, point: pages > 1), LADDER, lambda device: None
    )
    flow = Noted([page(number) for number in range(1, 7)])
    reader.read_flow(flow)
    assert (flow.answered, flow.failed) == ([1, 2, 3, 4, 5, 6], [])
    assert reader.rung == "one page at a time"


def test_a_page_of_a_flow_that_no_rung_can_hold_fails_and_the_others_are_read() -> None:
    class Picky(HungryInFlow):
        def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
            if any(each.number == 2 for each in pages):
                raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")
            return super().read(pages, watch)

    reader = CarefulReader(lambda row: Picky(row, lambda *_: False), LADDER, lambda device: None)
    flow = Noted([page(number) for number in range(1, 5)])
    reader.read_flow(flow)
    assert flow.answered == [1, 3, 4]
    ((number, problem),) = flow.failed
    assert (number, type(problem)) == (2, MemoryRanOut)
