"""Several pages are read together: each says what it says alone, and ends, fails and counts for itself."""

import threading
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import Cancelled
from papertray.engine.inference.decode import say_next_tokens
from papertray.engine.inference.decoder.room import MOST_PAGES, pages_together
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.finite import NumbersOverflowed
from papertray.engine.models.catalog import find_entry
from papertray.engine.page_flow import PageList, PageRequest
from papertray.engine.pages import PageImage, PageText, ReadOptions, Watch
from tests.engine.readers import references

PAGES = ("p300x200.png", "rgba641x480.png", "p2000x700.png")


@cache
def open_reader(max_tokens: int = 24) -> Any:
    options = ReadOptions("base", "text", max_tokens, no_repeat_ngram=0)
    folder = references.checkpoint("deepseek-ocr")
    return load_model_reader(find_entry("deepseek-ocr"), folder, CPU_FLOAT32, options)


def pages() -> list[PageImage]:
    return [references.page(name) for name in PAGES]


def said(text: PageText) -> tuple[int, ...]:
    assert text.transcript is not None
    return text.transcript.generated_ids


def test_pages_say_together_what_each_says_alone() -> None:
    reader = open_reader()
    alone = [said(reader.read([page], Watch())[0]) for page in pages()]
    steps: list[int] = []

    class Counting:
        longest_draft = 0
        begin = staticmethod(reader.decoder.begin)
        forget = staticmethod(reader.decoder.forget)
        foresee = staticmethod(reader.decoder.foresee)

        def step(self, contexts: Any, tokens: Any) -> Any:
            steps.append(len(tokens))
            return reader.decoder.step(contexts, tokens)

    counting = open_reader.__wrapped__()
    counting.decoder = Counting()
    counted: dict[int, int] = {}
    each = tuple(
        Watch(progress=lambda tokens, number=number: counted.update({number: tokens})) for number in range(3)
    )
    together = [said(text) for text in counting.read(pages(), Watch(each=each))]
    assert together == alone
    assert max(steps) == 3
    assert [counted[number] for number in range(3)] == [len(tokens) for tokens in alone]


def test_a_blank_page_among_them_is_not_asked() -> None:
    blank = PageImage(references.page(PAGES[0]).image.convert("RGB").point(lambda _: 255))
    first, second = open_reader().read([blank, references.page(PAGES[0])], Watch())
    assert (first.blank, second.blank) == (True, False)


def test_pictures_are_drawn_on_the_callers_thread() -> None:
    drawing: set[int] = set()

    def draw(name: str) -> Any:
        drawing.add(threading.get_ident())
        return references.page(name).image

    open_reader().read([PageImage(partial(draw, name)) for name in PAGES[:2]], Watch())
    assert drawing == {threading.get_ident()}


def test_all_are_given_back_when_cancelled() -> None:
    cancel = threading.Event()

    def progress(tokens: int) -> None:
        if tokens > 2:
            cancel.set()

    watch = Watch(cancel, each=tuple(Watch(cancel, progress) for _ in PAGES))
    with pytest.raises(Cancelled):
        open_reader().read(pages(), watch)


class Faulty:
    """A decoder that fails when it shall say a second token."""

    def __init__(self, decoder: Any, problem: BaseException) -> None:
        self.begin, self.longest_draft = decoder.begin, 0
        self._problem = problem

    def step(self, contexts: Any, tokens: Any) -> Any:
        raise self._problem


@pytest.mark.parametrize("problem", [NumbersOverflowed(), KeyboardInterrupt()], ids=repr)
def test_a_fault_of_the_model_ends_all_of_them(problem: BaseException) -> None:
    """Nobody is left waiting, whatever it is."""
    reader = open_reader.__wrapped__()
    reader.decoder = Faulty(reader.decoder, problem)
    before = threading.active_count()
    with pytest.raises(type(problem)):
        reader.read(pages(), Watch())
    assert threading.active_count() == before


def broken_picture() -> Any:
    raise ValueError("no picture")


def test_a_page_that_cannot_be_looked_at_does_not_stop_the_others() -> None:
    flow = PageList([PageImage(broken_picture), *pages()[:2]], Watch())
    open_reader().read_flow(flow)
    assert flow.take() is None
    with pytest.raises(ValueError, match="no picture"):
        flow.texts()


class Queue(PageList):
    """Notes what happens, and how many pages were in hand when the next was taken."""

    def __init__(self, each: list[PageImage], watch: Watch) -> None:
        super().__init__(each, watch)
        self.ends: list[Any] = []
        self.in_hand: list[int] = []
        self.taken = 0

    def take(self) -> PageRequest | None:
        request = super().take()
        if request is not None:
            self.in_hand.append(self.taken - len(self.ends))
            self.taken += 1
        return request

    def answer(self, request: PageRequest, text: PageText) -> None:
        super().answer(request, text)
        self.ends.append(len(said(text)))

    def fail(self, request: PageRequest, problem: Exception) -> None:
        super().fail(request, problem)
        self.ends.append(problem)


def test_a_page_that_ends_makes_room_for_the_next_at_once() -> None:
    """The second of two is given up soon: the third takes its place beside the first, which goes on."""
    reader = replace(open_reader(96), batch=2)
    given_up = threading.Event()

    def progress(tokens: int) -> None:
        if tokens == 3:
            given_up.set()

    watches = (Watch(), Watch(progress=progress, given_up=given_up), Watch())
    flow = Queue(pages(), Watch(each=watches))
    reader.read_flow(flow)
    assert flow.in_hand == [0, 1, 1]
    assert [type(end) for end in flow.ends] == [Cancelled, int, int]


def test_a_page_that_comes_later_joins_those_in_hand() -> None:
    reader = replace(open_reader(160), batch=2)
    first, second = pages()[:2]
    told: list[int] = []

    class Late(Queue):
        def take(self) -> PageRequest | None:
            return super().take() if not self.taken or told[-1:] > [5] else None

    flow = Late([first, second], Watch(progress=told.append))
    reader.read_flow(flow)
    assert flow.in_hand == [0, 1]


def test_as_many_are_read_together_as_the_memory_holds() -> None:
    reader = open_reader()
    assert reader.batch == MOST_PAGES
    assert pages_together(reader.decoder, max_tokens=10**9) == 1
    options = ReadOptions("base", "text", 4)
    folder = references.checkpoint("deepseek-ocr")
    library = load_model_reader(find_entry("deepseek-ocr"), folder, DeviceRow("cpu", "float32"), options)
    assert library.batch == 1


def test_no_step_without_a_page_that_wants_one() -> None:
    say_next_tokens(Faulty(open_reader().decoder, AssertionError()), [], StepCosts())
