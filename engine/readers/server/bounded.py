"""A server's answer, piece by piece, and no more of it than a page can be.

Whoever answers is not trusted to end: neither a line, nor the whole, nor what is packed may fill the memory.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
from httpx_sse import EventSource

from papertray.engine.readers.server.problems import ServerBusy

LONGEST_VALUE = 8_000_000  # bytes; what another papertray says of a page takes some thousand
LONGEST_WHOLE = 64_000_000  # bytes; of a stream each word may bring some hundred of them along
LONGEST_PROBLEM = 20_000  # bytes that are read of what a server says about an error

UNPACKED = {"Accept-Encoding": "identity"}
"""In a request's head: what comes packed could be a thousand times as much as was sent."""


DONE: dict[str, Any] = {}
"""Stands for what a stream ends with that says so."""


async def read_events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The values of a stream, until it ends; `DONE` comes last where it says that it is done."""
    response.stream = _Measured(
        response, LONGEST_WHOLE, end=b"\n\n"
    )  # the last blank line is left out by some
    async for event in EventSource(response).aiter_sse():
        if not event.data:  # a blank line, where events have numbers
            continue
        if event.data.strip() == "[DONE]":
            yield DONE
            return
        value = parse_json(event.data, "a part of its answer")
        if event.event == "error":
            value = value if isinstance(value, dict) and value.get("error") else {"error": value}
        if isinstance(value, dict):
            yield value


async def read_whole(response: httpx.Response) -> Any:
    response.stream = _Measured(response, LONGEST_VALUE)
    return parse_json(await response.aread(), "its answer")


async def read_beginning(response: httpx.Response) -> bytes:
    content = b""
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > LONGEST_PROBLEM:
            break
    return content[:LONGEST_PROBLEM]


def parse_json(text: str | bytes, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ServerBusy(f"{what} is not JSON") from None


class _Measured(httpx.AsyncByteStream):
    """What comes in, and `end` after it: with a problem where a line, or the whole, is too long."""

    def __init__(self, response: httpx.Response, most: int, end: bytes = b"") -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ServerBusy("its answer is packed, which nobody asked for")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        self._stream = response.stream
        self._most = most
        self._end = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        whole = line = 0
        async for piece in self._stream:
            whole += len(piece)
            last = piece.rfind(b"\n")
            line = line + len(piece) if last < 0 else len(piece) - last - 1
            if line > LONGEST_VALUE or whole > self._most:
                raise ServerBusy("its answer does not end")
            yield piece
        if self._end:
            yield self._end

    async def aclose(self) -> None:
        await self._stream.aclose()
