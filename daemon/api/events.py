"""Streams of server-sent events that end with the daemon, and never keep it from ending."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from fastapi.responses import StreamingResponse

from papertray.daemon.board import StatusBoard
from papertray.daemon.status import Status
from papertray.daemon.wire import FinishedAnswer, dumps

KEEP_ALIVE = 15.0


def format_event(data: object, name: str = "", number: str = "") -> str:
    lines = [f"id: {number}"] if number else []
    lines += [f"event: {name}"] if name else []
    return "\n".join([*lines, f"data: {dumps(data)}", "", ""])


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


async def stream_statuses(
    board: StatusBoard,
    stopping: Callable[[], bool],
    keep_alive: float = KEEP_ALIVE,
    finished_since: Callable[[float], list[FinishedAnswer]] = lambda _moment: [],
) -> AsyncIterator[str]:
    """The status as it is, then each one that is published; a slow listener gets the newest only.

    And each document that ends meanwhile, once.
    """
    loop, news, sent = asyncio.get_running_loop(), asyncio.Event(), -1
    since, stands = time.time(), _standing(board.now[1])
    with board.listening(lambda: _wake(loop, news)):
        while not stopping():
            number, status = board.now
            if _standing(status) != stands:
                stands = _standing(status)
                for document in await asyncio.to_thread(finished_since, since):
                    since = max(since, document.finished or since)
                    yield format_event(document, "document")
            if number > sent:
                sent = number
                yield f"id: {number}\nevent: status\ndata: {status.to_json()}\n\n"
            try:
                async with asyncio.timeout(keep_alive):
                    await news.wait()
            except TimeoutError:
                yield ": still here\n\n"
            news.clear()


def _standing(status: Status) -> tuple[dict[str, int], int]:
    """What changes when a document ends, or gets the last of its outputs."""
    return status.counts, status.outputs_left


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(news.set)
