"""Pages that flow to servers: no page waits for another, of whichever document it is."""

import threading
from collections.abc import Callable, Iterator

import pytest

from papertray.engine.errors import Cancelled, ReaderAway, ReaderError
from papertray.engine.pages import PageImage, PageText, Watch
from papertray.engine.readers.server import sending
from tests.engine.readers.openai_server import Body, Reply, inference_server
from tests.engine.readers.test_server import GOOD, NOBODY, draw_page, reading, width_of


def supply(count: int) -> Callable[[], PageImage | None]:
    """Pages that are 300, 301 … wide."""
    pages: Iterator[PageImage] = (draw_page(number, (300 + number, 200)) for number in range(count))
    return lambda: next(pages, None)


def test_a_page_that_ends_makes_room_for_the_next_while_another_is_still_read() -> None:
    others_read, left = threading.Event(), [12]

    def answer(body: Body) -> Reply:
        if width_of(body) == 300:
            others_read.wait(30)
        elif (left.append(left.pop() - 1), left[0])[1] == 0:
            others_read.set()
        return Reply((f"It is {width_of(body)} wide.",))

    with inference_server(answer) as server, reading(server.url, in_flight=3) as reader:
        outcomes = list(reader.read_continuously(supply(13), Watch()))
    assert outcomes[-1][0] == 0  # the first ended last
    texts = {place: outcome.markdown for place, outcome in outcomes if isinstance(outcome, PageText)}
    assert texts == {place: f"It is {300 + place} wide." for place in range(13)}


def test_a_page_that_fails_is_told_beside_the_others() -> None:
    def answer(body: Body) -> Reply:
        return Reply(status=413, raw=b"too large") if width_of(body) == 302 else GOOD

    with inference_server(answer) as server, reading(server.url) as reader:
        outcomes = dict(reader.read_continuously(supply(5), Watch()))
    assert isinstance(outcomes.pop(2), ReaderError)
    assert [outcomes[place].markdown for place in (0, 1, 3, 4)] == ["# Title\n\nWords."] * 4  # type: ignore[union-attr]


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
        outcomes = list(reader.read_continuously(supply(40), Watch()))
    assert sorted(place for place, _ in outcomes) == list(range(40))
    assert all(isinstance(outcome, PageText) for _, outcome in outcomes)
    assert len(first.bodies) < 30


def test_too_many_at_once_is_no_pages_fault_however_often_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    replies = [Reply(status=429, raw=b"slow down")] * 12
    with (
        inference_server(lambda _: replies.pop() if replies else GOOD) as server,
        reading(server.url) as reader,
    ):
        ((place, text),) = reader.read_continuously(supply(1), Watch())
    assert (place, isinstance(text, PageText)) == (0, True)
    assert len(server.bodies) == 13


def test_a_server_that_dies_of_one_page_is_not_given_it_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)

    def answer(body: Body) -> Reply:
        return Reply(status=502, raw=b"") if width_of(body) == 300 else GOOD

    with inference_server(answer) as server, reading(server.url) as reader:
        outcomes = dict(reader.read_continuously(supply(40), Watch()))
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


def test_where_nobody_is_there_what_was_read_is_kept_and_the_rest_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)
    with reading(NOBODY) as reader, pytest.raises(ReaderAway):
        list(reader.read_continuously(supply(20), Watch()))


def test_who_cancels_a_flow_gets_no_more_of_it_and_the_streams_end() -> None:
    never, watch = threading.Event(), Watch()

    def answer(body: Body) -> Reply:
        return Reply(("A ",), hang=None if width_of(body) == 300 else never)

    with inference_server(answer) as server, reading(server.url) as reader:
        flow = reader.read_continuously(supply(3), watch)
        assert next(flow)[0] == 0
        watch.cancel.set()
        with pytest.raises(Cancelled):
            next(flow)
        assert server.dropped.wait(30)
        assert reader._fleet.servers[0].busy == 0
