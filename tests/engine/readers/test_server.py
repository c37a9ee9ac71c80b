"""Pages read by a server: over real HTTP, with all that servers are known to do."""

import asyncio
import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from PIL import Image, ImageDraw

from papertray.engine.errors import Cancelled, PapertrayError, ReaderAway, ReaderError
from papertray.engine.pages import BlockKind, Ending, PageImage, ReadOptions, Watch
from papertray.engine.readers.server import reader as server_reader
from papertray.engine.readers.server import sending, understanding
from papertray.engine.readers.server.reader import ServerReader
from papertray.engine.server_address import ServerAddress
from tests.engine.readers.openai_server import Answer, Body, InferenceServer, Reply, inference_server

KEY = "sk-not-for-logs"
NOBODY = "http://127.0.0.1:9/v1"  # the port of a service that throws away what it gets: nobody listens


def draw_page(number: int, size: tuple[int, int] = (300, 200)) -> PageImage:
    image = Image.new("RGB", size, "white")
    place = (size[0] // 4, size[1] // 3)
    ImageDraw.Draw(image).text(place, f"page {number}", fill="black", font_size=size[1] // 6)
    return PageImage(image, number)


def picture_of(body: Body) -> Image.Image:
    (image,) = (part for part in body["messages"][0]["content"] if part["type"] == "image_url")
    return Image.open(io.BytesIO(base64.b64decode(image["image_url"]["url"].partition(",")[2])))


def width_of(body: Body) -> int:
    return picture_of(body).width


@contextmanager
def reading(
    *urls: str,
    model: str = "some-vl",
    key: str = KEY,
    family: str = "",
    in_flight: int | None = None,
    **more: object,
) -> Iterator[ServerReader]:
    servers = tuple(ServerAddress(url, model, key, family, in_flight) for url in urls)
    reader = server_reader.load(ReadOptions(servers=servers, **more))  # type: ignore[arg-type]
    try:
        yield reader
    finally:
        reader.close()


def read_one(answer: Answer, model: str = "some-vl") -> tuple[str, InferenceServer]:
    with inference_server(answer) as server, reading(server.url, model=model) as reader:
        (text,) = reader.read([draw_page(1)], Watch())
        return text.markdown, server


def in_turn(*replies: Reply) -> Answer:
    """One after the other; the last one again and again."""
    left = list(replies)
    return lambda _body: left.pop(0) if len(left) > 1 else left[0]


GOOD = Reply(("# Tit", "le\n\nWords."))


def test_many_pages_are_with_the_server_at_once_and_come_back_in_order() -> None:
    all_here = threading.Barrier(8)

    def answer(body: Body) -> Reply:
        all_here.wait(30)
        return Reply((f"It is {width_of(body)} wide.",))

    pages = [draw_page(number, (300 + number, 200)) for number in range(8)]
    with inference_server(answer) as server, reading(server.url) as reader:
        texts = reader.read(pages, Watch())
    assert [text.markdown for text in texts] == [f"It is {300 + number} wide." for number in range(8)]


def test_an_answer_becomes_blocks_and_the_key_is_in_the_head_alone() -> None:
    markdown, server = read_one(lambda _: GOOD)
    assert markdown == "# Title\n\nWords."
    assert server.keys == [f"Bearer {KEY}"]
    assert KEY not in json.dumps(server.bodies)
    assert KEY not in repr(ServerAddress("http://x/v1", "m", KEY))


def test_a_program_that_has_a_loop_running_can_read_too() -> None:
    async def within() -> str:
        return read_one(lambda _: GOOD)[0]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(within())).result() == "# Title\n\nWords."


def test_each_sort_of_model_is_asked_as_its_publisher_says_and_understood() -> None:
    grounded = "<|ref|>title<|/ref|><|det|>[[100, 100, 899, 200]]<|/det|>\n# Invoice\n"
    with (
        inference_server(lambda _: Reply((grounded,))) as server,
        reading(server.url, model="deepseek-ai/DeepSeek-OCR") as reader,
    ):
        (text,) = reader.read([draw_page(1)], Watch())
    (block,) = text.blocks
    assert (block.kind, block.markdown, block.box is not None) == (BlockKind.TITLE, "# Invoice", True)
    (body,) = server.bodies
    assert body["skip_special_tokens"] is False
    assert body["vllm_xargs"]["ngram_size"] == 30
    layout = json.dumps([{"bbox": [10, 10, 90, 30], "category": "Section-header", "text": "## Terms"}])
    assert read_one(lambda _: Reply((layout,)), "rednote-hilab/dots.ocr")[0] == "## Terms"
    placed = "![title](100,100,899,200) # Invoice\n\n![page_number](480,950,520,970) 7"
    markdown, server = read_one(lambda _: Reply((placed,)), "lightonai/LightOnOCR-3-4B")
    assert markdown == "# Invoice"
    assert server.bodies[0]["messages"][0]["content"][1]["text"] == "grounding"
    assert server.bodies[0]["temperature"] == 0.1
    _, server = read_one(lambda _: GOOD, "lightonai/LightOnOCR-2-1B")
    assert [part["type"] for part in server.bodies[0]["messages"][0]["content"]] == ["image_url"]
    _, server = read_one(lambda _: GOOD, "openbmb/MiniCPM-OCR-1.0")
    assert server.bodies[0]["messages"][0]["content"][1]["text"] == "Text Recognition:"


def test_a_picture_is_no_larger_than_the_model_or_the_settings_want() -> None:
    with inference_server(lambda _: GOOD) as server, reading(server.url, longest_side=640) as reader:
        reader.read([draw_page(1, (3000, 2000))], Watch())
        assert picture_of(server.bodies[0]).size == (640, 427)
    with inference_server(lambda _: GOOD) as server, reading(server.url) as reader:
        reader.read([draw_page(1, (3000, 2000))], Watch())
        assert max(picture_of(server.bodies[0]).size) == 2000


@pytest.mark.parametrize(
    "bad",
    [
        Reply(status=429, headers={"Retry-After": "0"}, raw=b"slow down"),
        Reply(status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, raw=b""),
        Reply(status=500, headers={"Retry-After": "0"}, raw=b'{"error": {"message": "out of memory"}}'),
        Reply(("half an ans",), finish=None, done=False, headers={"Retry-After": "0"}),
        Reply(raw=b"<html>", headers={}),
    ],
)
def test_what_another_try_may_mend_is_tried_again(bad: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    markdown, server = read_one(in_turn(bad, GOOD))
    assert markdown == "# Title\n\nWords."
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    "good",
    [
        Reply(("Words.",), done=False),
        Reply(raw=b'{"choices": [{"message": {"content": "Words."}, "finish_reason": "stop"}]}'),
    ],
)
def test_servers_that_do_not_say_done_or_do_not_stream_are_understood(good: Reply) -> None:
    assert read_one(lambda _: good)[0] == "Words."


@pytest.mark.parametrize(
    ("status", "advice"),
    [(400, "sees pictures"), (401, "key_env"), (404, "url"), (413, "longest_side"), (422, "sees pictures")],
)
def test_what_is_final_for_a_page_is_told_in_the_servers_own_words(status: int, advice: str) -> None:
    words = b'{"error": {"message": "no \\u001b[31msuch model", "code": 1}}'
    with pytest.raises(ReaderError) as problem:
        read_one(lambda _: Reply(status=status, raw=words))
    assert f"({status}): no \N{REPLACEMENT CHARACTER}[31msuch model" in problem.value.sentence
    assert advice in problem.value.advice
    assert not isinstance(problem.value, ReaderAway)


def test_a_page_that_is_refused_costs_the_others_nothing() -> None:
    def answer(body: Body) -> Reply:
        return Reply(status=413, raw=b"too large") if width_of(body) == 302 else GOOD

    pages = [draw_page(number, (300 + number, 200)) for number in range(4)]
    with inference_server(answer) as server, reading(server.url) as reader:
        with pytest.raises(ReaderError, match="too large"):
            reader.read(pages, Watch())
        for number in (0, 1, 3):
            assert reader.read([pages[number]], Watch())[0].markdown
        widths = [width_of(body) for body in server.bodies]
    assert sorted(widths) == [300, 301, 302, 303]


def test_nothing_twice_is_a_failure_and_never_an_empty_note() -> None:
    with pytest.raises(PapertrayError, match="it wrote nothing"):
        read_one(lambda _: Reply())


def test_a_loop_is_dropped_and_what_came_before_it_kept() -> None:
    def answer(_: Body) -> Reply:
        return Reply(("# Title\n\n", "Words of the page.\n\n", "again "), endless=True)

    with inference_server(answer) as server, reading(server.url) as reader:
        (text,) = reader.read([draw_page(1)], Watch())
        assert server.dropped.wait(30)
    assert text.ending is Ending.LOOP_CUT
    assert text.markdown.startswith("# Title\n\nWords of the page.")
    assert understanding.CUT in text.warnings


def test_an_answer_that_was_too_long_says_so() -> None:
    with (
        inference_server(lambda _: Reply(("Words",), finish="length")) as server,
        reading(server.url) as reader,
    ):
        (text,) = reader.read([draw_page(1)], Watch())
    assert (text.ending, text.warnings) == (Ending.TOKEN_LIMIT, (understanding.TOO_LONG,))


def test_a_blank_page_asks_nobody() -> None:
    with inference_server(lambda _: GOOD) as server, reading(server.url) as reader:
        (text,) = reader.read([PageImage(Image.new("RGB", (300, 200), "white"))], Watch())
    assert text.blank
    assert server.bodies == []


def test_a_server_that_is_away_leaves_its_pages_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    with inference_server(lambda _: GOOD) as server, reading(NOBODY, server.url) as reader:
        texts = reader.read([draw_page(number) for number in range(6)], Watch())
    assert all(text.markdown for text in texts)
    assert len(server.bodies) == 6


def test_without_any_server_the_pages_are_given_back_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "_PATIENCE", 0.0)
    with (
        reading(NOBODY) as reader,
        pytest.raises(ReaderAway, match=re.escape(f"No server answers at {NOBODY}")),
    ):
        reader.read([draw_page(1)], Watch())


def test_cancelling_drops_the_streams_at_once() -> None:
    class Impatient(Watch):
        def __init__(self) -> None:
            super().__init__(progress=lambda _pieces: self.cancel.set())

    never = threading.Event()
    with inference_server(lambda _: Reply(("A ",), hang=never)) as server, reading(server.url) as reader:
        with pytest.raises(Cancelled):
            reader.read([draw_page(1)], Impatient())
        assert server.dropped.wait(30)
        assert reader._fleet.servers[0].busy == 0


def test_without_a_server_in_the_settings_the_reader_says_what_to_write() -> None:
    with pytest.raises(ReaderError, match="no server is named"):
        server_reader.load(ReadOptions())
