"""One page, one server: the request goes out, the answer streams in. What goes wrong has one of three names.

Every sort of answer that servers give is taken: a stream of events, with or without its last one, or one JSON
value from those that do not stream. A key is in the request's head and nowhere else.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from httpx_sse import EventSource

from papertray.engine.pages import Ending
from papertray.engine.readers.server.problems import Cause, ServerBusy, ServerRefused, quote_server

_LONGEST_ANSWER = 1_000_000  # letters; what is longer is no page
_LONGEST_PROBLEM = 20_000  # bytes that are read of what a server says about an error
_ENDINGS = {"length": Ending.TOKEN_LIMIT}
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_CAUSES = {429: Cause.FULL, 503: Cause.FULL, 502: Cause.AWAY, 504: Cause.AWAY}

OnPiece = Callable[[str], bool]
"""Told each piece as it comes; True says that enough was heard, and the stream is dropped."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    text: str
    ending: Ending
    pieces: int


async def ask_server(
    client: httpx.AsyncClient, url: str, key: str, body: bytes, on_piece: OnPiece
) -> ServerAnswer:
    """Raises ServerRefused, or ServerBusy where another try may help."""
    head = {"Content-Type": "application/json"}
    if key:
        head["Authorization"] = f"Bearer {key}"
    try:
        async with client.stream("POST", f"{url}/chat/completions", content=body, headers=head) as response:
            if response.status_code != httpx.codes.OK:
                raise await _problem(url, response)
            if "text/event-stream" in response.headers.get("content-type", ""):
                return await _gather(url, _events(response), on_piece)
            return _whole(await response.aread())
    except httpx.TimeoutException as problem:
        name = type(problem).__name__
        raise ServerBusy(f"silent for too long ({name})", cause=Cause.AWAY) from problem
    except httpx.HTTPError as problem:
        words = quote_server(str(problem)) or type(problem).__name__
        raise ServerBusy(words, cause=Cause.AWAY) from problem


async def _problem(url: str, response: httpx.Response) -> Exception:
    seconds = _seconds_to_wait(response.headers.get("retry-after", ""))
    return _judge(url, response.status_code, _words_of(await _beginning(response)), seconds)


def _judge(url: str, status: int, words: str, seconds: float | None = None) -> Exception:
    if status in _WORTH_ANOTHER_TRY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        problem = f"it says {status} {quote_server(words)}".strip()
        return ServerBusy(problem, seconds, _CAUSES.get(status, Cause.UNKNOWN))
    return ServerRefused(url, status, words)


async def _beginning(response: httpx.Response) -> bytes:
    content = b""
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > _LONGEST_PROBLEM:
            break
    return content


def _words_of(content: bytes) -> str:
    """What the server says, out of the JSON that most put it into."""
    text = content.decode(errors="replace")
    try:
        value = json.loads(text)
    except ValueError:
        return text
    for name in ("error", "message", "detail"):
        value = value.get(name, value) if isinstance(value, dict) else value
    return value if isinstance(value, str) else json.dumps(value)


def _seconds_to_wait(header: str) -> float | None:
    """Retry-After, as seconds or as a date; None where it says nothing that can be followed."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
        return max(0.0, (moment - type(moment).now(moment.tzinfo)).total_seconds())
    except (ValueError, TypeError):
        return None


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The values of a stream, until it says that it is done or ends."""
    async for event in EventSource(response).aiter_sse():
        if event.data.strip() == "[DONE]":
            return
        try:
            value = json.loads(event.data)
        except ValueError:
            raise ServerBusy("a part of its answer is not JSON") from None
        if isinstance(value, dict):
            yield value


async def _gather(url: str, events: AsyncIterator[dict[str, Any]], on_piece: OnPiece) -> ServerAnswer:
    text: list[str] = []
    letters, ending = 0, None
    async for event in events:
        if event.get("error"):
            raise _broken_off(url, event)
        choice = _choice(event)
        piece = _text_of(choice.get("delta"))
        if piece:
            text.append(piece)
            letters += len(piece)
            if on_piece(piece):
                ending = Ending.LOOP_CUT
                break
        if letters > _LONGEST_ANSWER:
            ending = Ending.TOKEN_LIMIT
            break
        if reason := choice.get("finish_reason"):
            ending = _ENDINGS.get(reason, Ending.FINISHED)
    if ending is None:
        raise ServerBusy("its answer was cut short")
    return ServerAnswer("".join(text), ending, len(text))


def _broken_off(url: str, event: dict[str, Any]) -> Exception:
    """Said in the midst of an answer: with the status that it would have had, or none."""
    words, error = _words_of(json.dumps(event).encode()), event["error"]
    status = error.get("status", error.get("code")) if isinstance(error, dict) else None
    if isinstance(status, int) and httpx.codes.is_error(status):
        return _judge(url, status, words)
    return ServerBusy(f"it broke off: {quote_server(words)}")


def _whole(content: bytes) -> ServerAnswer:
    try:
        choice = _choice(json.loads(content))
    except ValueError:
        raise ServerBusy("its answer is not JSON") from None
    text = _text_of(choice.get("message"))
    return ServerAnswer(
        text, _ENDINGS.get(choice.get("finish_reason") or "", Ending.FINISHED), len(text) // 3
    )


def _choice(value: Any) -> dict[str, Any]:
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, dict) else {}


def _text_of(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    return content if isinstance(content, str) else ""
