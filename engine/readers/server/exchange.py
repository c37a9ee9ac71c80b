"""One page, one server: the request goes out, the answer streams in. What goes wrong has one of three names.

Every sort of answer that servers give is taken: a stream of events, with or without its last one, or one JSON
value from those that do not stream. A key is in the request's head and nowhere else.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from papertray.engine.pages import Ending
from papertray.engine.readers.server.body import RequestBody
from papertray.engine.readers.server.bounded import DONE, UNPACKED, read_beginning, read_events, read_whole
from papertray.engine.readers.server.families import SILENCE
from papertray.engine.readers.server.page_details import FIELD
from papertray.engine.readers.server.problems import Cause, ServerBusy, ServerRefused, quote_server

_LONGEST_ANSWER = 1_000_000  # letters; what is longer is no page
_LONGEST_WAIT = 4 * 3600.0  # seconds, also with signs of life: many pages may wait at a slow machine
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_BROKEN = frozenset({"abort", "aborted", "cancelled", "canceled", "error", "content_filter"})
"""Reasons for an end at which the page was not: servers that are stopped say so, and that all went well."""

_CAUSES = {429: Cause.FULL, 503: Cause.FULL, 502: Cause.AWAY, 504: Cause.AWAY, 508: Cause.CIRCLE}

OnPiece = Callable[[str], bool]
"""Told each piece as it comes; True says that enough was heard, and the stream is dropped."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """`details` is what another papertray says of the page besides, as it came in."""

    text: str
    ending: Ending
    pieces: int
    details: object = None


async def ask_server(
    client: httpx.AsyncClient,
    url: str,
    key: str,
    body: RequestBody,
    on_piece: OnPiece,
    silence: float = SILENCE,
) -> ServerAnswer:
    """Raises ServerRefused, or ServerBusy where another try may help. After `silence` it counts as away."""
    head = {"Content-Type": "application/json", "Content-Length": str(body.size), **UNPACKED}
    if key:
        head["Authorization"] = f"Bearer {key}"
    usual = client.timeout
    timeout = httpx.Timeout(connect=usual.connect, read=silence, write=usual.write, pool=usual.pool)
    place = f"{url}/chat/completions"
    try:
        async with (
            asyncio.timeout(_LONGEST_WAIT),
            client.stream("POST", place, content=body, headers=head, timeout=timeout) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise await _problem(url, response)
            if "text/event-stream" in response.headers.get("content-type", ""):
                return await _gather(url, read_events(response), on_piece)
            return _whole(url, await read_whole(response))
    except TimeoutError:
        raise ServerBusy("its answer does not end") from None
    except httpx.TimeoutException as problem:
        name = type(problem).__name__
        raise ServerBusy(f"silent for too long ({name})", cause=Cause.AWAY) from problem
    except httpx.HTTPError as problem:
        words = quote_server(str(problem)) or type(problem).__name__
        raise ServerBusy(words, cause=Cause.AWAY) from problem


async def _problem(url: str, response: httpx.Response) -> Exception:
    seconds = _seconds_to_wait(response.headers.get("retry-after", ""))
    return _judge(url, response.status_code, *_words_of(await read_beginning(response)), seconds)


def _judge(url: str, status: int, words: str, advice: str, seconds: float | None = None) -> Exception:
    if status in _WORTH_ANOTHER_TRY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        cause = _CAUSES.get(status, Cause.UNKNOWN)
        said = "" if cause is Cause.CIRCLE else f"it says {status} "
        return ServerBusy(f"{said}{quote_server(words)}".strip(), seconds, cause)
    return ServerRefused(url, status, words, quote_server(advice))


def _words_of(content: bytes) -> tuple[str, str]:
    """What the server says, out of the JSON that most put it into; and what another papertray advises."""
    text = content.decode(errors="replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text, ""
    if isinstance(value, dict) and isinstance(value.get("problem"), str):
        return value["problem"], str(value.get("advice", ""))
    for name in ("error", "message", "detail"):
        value = value.get(name, value) if isinstance(value, dict) else value
    return value if isinstance(value, str) else json.dumps(value), ""


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


async def _gather(url: str, events: AsyncIterator[dict[str, Any]], on_piece: OnPiece) -> ServerAnswer:
    text: list[str] = []
    letters, ending, details = 0, None, None
    async for event in events:
        if event is DONE:
            ending = ending or (Ending.FINISHED if text else None)
            break
        if event.get("error"):
            raise _broken_off(url, event)
        details = event.get(FIELD, details)
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
        if choice.get("finish_reason"):
            ending = _ending_of(choice)
    if ending is None:
        raise ServerBusy("its answer was cut short")
    return ServerAnswer("".join(text), ending, len(text), details)


def _broken_off(url: str, event: dict[str, Any]) -> Exception:
    """Said instead of an answer, or in the midst: with the status that it would have had, or none."""
    (words, advice), error = _words_of(json.dumps(event).encode()), event["error"]
    named = (error.get("status"), error.get("code")) if isinstance(error, dict) else ()
    for status in named:
        if isinstance(status, int | str) and re.fullmatch("[45][0-9][0-9]", str(status)):
            return _judge(url, int(status), words, advice)
    return ServerBusy(f"it broke off: {quote_server(words)}")


def _whole(url: str, answer: Any) -> ServerAnswer:
    choice = _choice(answer)
    if not choice and isinstance(answer, dict) and answer.get("error"):
        raise _broken_off(url, answer)
    text = _text_of(choice.get("message"))[:_LONGEST_ANSWER]
    return ServerAnswer(text, _ending_of(choice), len(text) // 3)


def _ending_of(choice: dict[str, Any]) -> Ending:
    if (reason := choice.get("finish_reason")) and str(reason) in _BROKEN:
        raise ServerBusy(f"it broke off ({reason})")
    return Ending.TOKEN_LIMIT if choice.get("finish_reason") == "length" else Ending.FINISHED


def _choice(value: Any) -> dict[str, Any]:
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, dict) else {}


def _text_of(message: Any) -> str:
    """In one piece, or in parts as some have it; what a model thinks before it writes stands elsewhere."""
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""
