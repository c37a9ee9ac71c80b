"""Pages that flow to servers: no page waits for another, of whichever document it is."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial

import pytest
from PIL.Image import Image

from papertray.engine.errors import Cancelled, ReaderAway, ReaderError
from papertray.engine.page_flow import PageRequest
from papertray.engine.pages import PageText, ReadOptions, Watch
from papertray.engine.readers.server import dispatch, sending
from papertray.engine.readers.server.families import find_family
from papertray.engine.readers.server.reader import ServerReader
from papertray.engine.readers.server.requests import make_body, pack_page
from papertray.engine.server_address import ServerAddress
from tests.desks import until
from tests.engine.readers.openai_server import Body, Reply, inference_server
from tests.engine.readers.test_server import GOOD, NOBODY, draw_page, reading, width_of


class Pages:
    """A flow of pages that are 300, 301 … pixels wide; `outcomes` in the order in which they came."""

    def __init__(self, count: int, watch: Watch | None = None) -> None:
        self._pages = iter([draw_page(number, (300 + number, 200)) for number in range(count)])
        self._places: dict[PageRequest, int] = {}
        self._watch = watch or Watch()
        self.outcomes: dict[int, PageText | Exception] = {}
        self.first_answer = threading.Event()

    def take(self) -> PageRequest | None:
        page = next(self._pages, None)
        if page is None:
            return None
        request = PageRequest(page, self._watch)
        self._places[request] = page.number
        return request

    def answer(self, request: PageRequest, text: PageText) -> None:
        self.outcomes[self._places.pop(request)] = text
        self.first_answer.set()

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self.outcomes[self._places.pop(request)] = problem

    def texts(self) -> dict[int, str]:
        return {n: text.markdown for n, text in self.outcomes.items() if isinstance(text, PageText)}


def flow_through(reader: ServerReader, pages: Pages) -> Pages:
    reader.read_flow(pages)
    return pages


def test_a_page_that_ends_makes_room_for_the_next_while_another_is_still_read() -> None:
    others_read = threading.Event()

    class Counted(Pages):
        def answer(self, request: PageRequest, text: PageText) -> None:
            super().answer(request, text)
            if len(self.outcomes) == 12:
                others_read.set()

    def answer(body: Body) -> Reply:
        if width_of(body) == 300:
            others_read.wait(30)
        return Reply((f"It is {width_of(body)} wide.",))

    with inference_server(answer) as server, reading(server.url, in_flight=3) as reader:
        pages = flow_through(reader, Counted(13))
    assert list(pages.outcomes)[-1] == 0  # the first ended last
    assert pages.texts() == {place: f"It is {300 + place} wide." for place in range(13)}


def test_a_page_that_fails_is_told_beside_the_others() -> None:
    def answer(body: Body) -> Reply:
        return Reply(status=413, raw=b"too large") if width_of(body) == 302 else GOOD

    with inference_server(answer) as server, reading(server.url) as reader:
        pages = flow_through(reader, Pages(5))
    assert isinstance(pages.outcomes[2], ReaderError)
    assert pages.texts() == dict.fromkeys((0, 1, 3, 4), "# Title\n\nWords.")


def test_pages_of_a_server_that_dies_are_read_by_another_and_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.01)
    dead = threading.Event()

    def dies(body: Body) -> Reply:
        if width_of(body) > 310:
            dead.set()
        return Reply(("half an ans",), finish=None, done=False) if dead.is_set() else GOOD

    with (
        inference_server(dies) as first,
        inference_server(lambda _: GOOD) as second,
        reading(first.url, second.url, in_flight=4) as reader,
    ):
        pages = flow_through(reader, Pages(40))
    assert sorted(pages.texts()) == list(range(40))
    assert len(first.bodies) < 30


def test_too_many_at_once_is_no_pages_fault_however_often_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    replies = [Reply(status=429, raw=b"slow down")] * 12
    with (
        inference_server(lambda _: replies.pop() if replies else GOOD) as server,
        reading(server.url) as reader,
    ):
        assert flow_through(reader, Pages(1)).texts()
    assert len(server.bodies) == 13


def test_a_server_that_dies_of_one_page_is_not_given_it_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)

    def answer(body: Body) -> Reply:
        return Reply(status=502, raw=b"") if width_of(body) == 300 else GOOD

    with inference_server(answer) as server, reading(server.url) as reader:
        outcomes = flow_through(reader, Pages(40)).outcomes
    problems = {place for place, outcome in outcomes.items() if isinstance(outcome, Exception)}
    assert (problems, len(outcomes)) == ({0}, 40)
    assert "502" in str(outcomes[0])


def test_a_field_that_only_some_engines_know_is_left_out_where_it_is_refused() -> None:
    def answer(body: Body) -> Reply:
        if "vllm_xargs" in body:
            return Reply(status=422, raw=b'{"detail": "Unexpected fields in the request"}')
        return GOOD

    with inference_server(answer) as server, reading(server.url, model="DeepSeek-OCR") as reader:
        for _ in range(3):
            assert reader.read([draw_page(1)], Watch())[0].markdown
    assert ["vllm_xargs" in body for body in server.bodies] == [True, False, False, False]


def test_a_picture_that_was_packed_is_held_no_longer_however_long_its_page_is_on_its_way() -> None:
    drawn: list[int] = []

    def draw(number: int) -> Image:
        drawn.append(number)
        return draw_page(number).image

    pictures = [cache(partial(draw, number)) for number in range(3)]

    class Drawn(Pages):
        def take(self) -> PageRequest | None:
            if (request := super().take()) is None:
                return None
            later = PageRequest(replace(request.page, picture=pictures[request.page.number]), request.watch)
            self._places[later] = self._places.pop(request)
            return later

    def answer(_body: Body) -> Reply:
        until(lambda: len(drawn) == 3 and not any(one.cache_info().currsize for one in pictures))
        return GOOD

    with inference_server(answer) as server, reading(server.url, in_flight=8) as reader:
        assert len(flow_through(reader, Drawn(3)).texts()) == 3


def test_large_pages_are_fewer_on_their_way_than_the_server_would_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dispatch, "_MOST_BYTES", 1)
    monkeypatch.setattr(dispatch, "count_cores", lambda: 1)
    there, most, changing, two = 0, 0, threading.Lock(), threading.Barrier(2)

    def answer(_body: Body) -> Reply:
        nonlocal there, most
        with changing:
            there += 1
            most = max(most, there)
        two.wait(30)
        with changing:
            there -= 1
        return GOOD

    with inference_server(answer) as server, reading(server.url, in_flight=16) as reader:
        assert len(flow_through(reader, Pages(12)).texts()) == 12
    assert most <= 2


def test_a_request_that_becomes_letters_while_it_is_sent_is_as_long_as_it_says() -> None:
    server = ServerAddress("http://127.0.0.1:1/v1", "some-vl")
    packed = pack_page(draw_page(1).image, find_family("some-vl"), ReadOptions())
    for picture in (packed.png, b"", *(b"x" * length for length in (1, 2, 3, 196_607, 196_608, 400_000))):
        body = make_body(replace(packed, png=picture), server, ReadOptions())

        async def send(body: object = body) -> bytes:
            return b"".join([piece async for piece in body])  # type: ignore[attr-defined]

        with ThreadPoolExecutor(1) as thread:
            sent = thread.submit(asyncio.run, send()).result()
        assert len(sent) == body.size
        assert json.loads(sent)["messages"][0]["role"] == "user"


def test_where_nobody_is_there_what_was_read_is_kept_and_the_rest_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)
    with reading(NOBODY) as reader, pytest.raises(ReaderAway):
        flow_through(reader, Pages(20))


def test_who_cancels_a_flow_gets_no_more_of_it_and_the_streams_end() -> None:
    never, watch = threading.Event(), Watch()

    def answer(body: Body) -> Reply:
        return Reply(("A ",), hang=None if width_of(body) == 300 else never)

    with inference_server(answer) as server, reading(server.url) as reader:
        pages = Pages(3, watch)
        with ThreadPoolExecutor(1) as thread:
            ending = thread.submit(reader.read_flow, pages)
            assert pages.first_answer.wait(30)
            watch.cancel.set()
            ending.result(30)
        assert list(pages.texts()) == [0]
        assert all(isinstance(pages.outcomes[place], Cancelled) for place in (1, 2))
        assert server.dropped.wait(30)
        assert reader._fleet.servers[0].busy == 0
