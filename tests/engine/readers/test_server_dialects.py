"""What inference engines really send, by their sources and by reports about them: each is understood."""

import json
from collections.abc import Callable

import pytest

from papertray.engine.errors import ReaderError
from papertray.engine.pages import Watch
from tests.engine.readers.openai_server import Body, Reply, inference_server
from tests.engine.readers.test_server import GOOD, draw_page, in_turn, read_one, reading

STREAM = {"Content-Type": "text/event-stream; charset=utf-8"}
RAW = "Grüße \u2028 aus\u0085 Łódź 東京."


def event(value: object, **how: object) -> bytes:
    return b"data: " + json.dumps(value, **how).encode() + b"\n\n"  # type: ignore[arg-type]


def delta(text: object, finish: object = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


DONE = b"data: [DONE]\n\n"
STOP = event(delta("", "stop"))


def stream(*parts: bytes) -> Reply:
    return Reply(raw=b"".join(parts), headers=STREAM)


@pytest.mark.parametrize(
    "said",
    [
        stream(
            b": ping\n\n: keep-alive\n\n\n\n\n", event(delta("Words.")), b"\n\n", STOP, b"data: [DONE]\n\n"
        ),
        stream(event(delta("Words.")).replace(b"data: ", b"data:"), STOP, b"data:[DONE]\n"),
        stream(event(delta("Words.")), STOP.rstrip()),  # no blank line at its end
        stream(event(delta("Words.")), DONE),  # and no reason for it
        stream(event(delta("Words.")).replace(b"\n", b"\r\n"), STOP.replace(b"\n", b"\r\n")),
        stream(event(delta("Words.", "stop")), event({"choices": [], "usage": {"total_tokens": 9}})),
        stream(event({"choices": None, "usage": None}), event(delta("Words.", "length")), STOP),
        stream(event({"choices": [{"delta": {"reasoning_content": "Hm."}}]}), event(delta("Words.")), STOP),
        stream(event(delta([{"type": "text", "text": "Words."}])), event(delta(None, "eos"))),
        stream(b"event: message\nid: 1\nretry: 10\n" + event(delta("Words.")), STOP),
        stream(event(delta("<think>\nA page, ")), event(delta("I see.\n</think>\n\nWords.")), STOP),
        Reply(raw=b'{"choices": [{"message": {"content": [{"type": "text", "text": "Words."}]}}]}'),
        Reply(raw=b'{"choices": [{"message": {"content": "Words.", "reasoning": "Hm."}}], "error": null}'),
    ],
)
def test_each_way_of_saying_it_is_heard_at_once(said: Reply) -> None:
    markdown, server = read_one(lambda _: said)
    assert (markdown, len(server.bodies)) == ("Words.", 1)


def test_letters_that_are_cut_in_two_and_marks_that_look_like_ends_of_lines_come_whole() -> None:
    whole = event(delta(RAW), ensure_ascii=False) + STOP
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in whole) + b"0\r\n\r\n"
    said = Reply(raw=chunks, headers={**STREAM, "Transfer-Encoding": "chunked"})
    markdown, server = read_one(lambda _: said)
    assert markdown.split() == RAW.split()
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    "broken",
    [
        stream(event(delta("Wo")), event(delta("", "abort")), DONE),  # vLLM, SGLang
        stream(event({"error": {"message": "The request queue is full.", "code": 503}}), DONE),
        stream(event(delta("Wo")), event({"error": {"message": "engine died", "code": "internal_error"}})),
        stream(
            event(delta("Wo")), b"event: error\n" + event({"message": "Compute error."}), STOP
        ),  # LM Studio
        stream(event(delta("Wo")), b"event: error\n" + event("Compute error."), STOP),
        stream(event({"error": {"message": "busy", "code": "429", "status": "RESOURCE_EXHAUSTED"}})),
        Reply(raw=b'{"error": {"message": "Compute error."}, "message": "Compute error."}'),  # LM Studio
        Reply(raw=b'{"choices": [{"message": {"content": "Wo"}, "finish_reason": "abort"}]}'),
        stream(DONE),
    ],
)
def test_an_answer_that_was_broken_off_is_no_page_however_well_it_ends(
    broken: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    markdown, server = read_one(in_turn(broken, GOOD))
    assert (markdown, len(server.bodies)) == ("# Title\n\nWords.", 2)


@pytest.mark.parametrize(
    "said",
    [
        stream(
            event({"error": {"message": "Vision is not loaded", "type": "x", "code": 400}}),
            b"data: [DONE]\n\n",
        ),
        Reply(raw=b'{"error": {"message": "Vision is not loaded", "code": "422"}}'),
        Reply(status=400, raw=b'{"object": "error", "message": "Vision is not loaded", "code": 400}'),
        Reply(status=422, raw=b'{"detail": [{"msg": "Vision is not loaded", "loc": ["body"]}]}'),
        Reply(raw=b'{"error": "Vision is not loaded"}'),
    ],
)
def test_what_a_server_says_instead_of_an_answer_is_told_in_its_words(
    said: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    with pytest.raises(ReaderError, match="Vision is not loaded"):
        read_one(lambda _: said)


def _small_room(body: Body) -> Reply:
    """As vLLM does where a model has no more room than the answer may take; it counts for itself unasked."""
    if "max_tokens" in body:
        words = "max_tokens=8192 cannot be greater than max_model_len=8192 minus the prompt's 913 tokens"
        return Reply(status=400, raw=json.dumps({"error": {"message": words, "code": 400}}).encode())
    return GOOD


def _old_and_small(body: Body) -> Reply:
    if "vllm_xargs" in body:
        return Reply(status=400, raw=b'{"error": {"message": "vllm_xargs: Input should be a valid string"}}')
    return _small_room(body)


@pytest.mark.parametrize(("answer", "asked"), [(_small_room, 2), (_old_and_small, 3)])
def test_a_server_with_less_room_than_an_answer_may_take_is_asked_without_a_limit(
    answer: Callable[[Body], Reply], asked: int
) -> None:
    with inference_server(answer) as server, reading(server.url, model="DeepSeek-OCR") as reader:
        for _ in range(2):
            assert reader.read([draw_page(1)], Watch())[0].markdown
    assert len(server.bodies) == asked + 1  # it is remembered
    assert ("vllm_xargs" in server.bodies[-1]) == (asked == 2)
