"""Pages on their way to servers: one that ends makes room for the next at once, of whichever document.

Used by the thread that asks for pages; a loop in another one sends them.
"""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from papertray.engine.devices.cores import count_cores
from papertray.engine.errors import Cancelled
from papertray.engine.page_flow import PageRequest
from papertray.engine.pages import PageText
from papertray.engine.readers.server.listening import PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.sending import LOOK, PageSender

_MOST_PICTURES = 8
"""Of pages not packed yet as many are in memory as there are cores to pack them and one, at most so many."""

_MOST_BYTES = 128_000_000
"""So much of packed pages may be on its way: a hundred of print, twenty colour scans."""


class Dispatch:
    """With `spend_pictures` the pictures of pages are given back as soon as they are packed."""

    def __init__(self, sender: PageSender, loop: OwnLoop, *, spend_pictures: bool) -> None:
        self._sender = sender
        self._loop = loop
        self._spend_pictures = spend_pictures
        self._most_pictures = min(count_cores() + 1, _MOST_PICTURES)
        self._requests: dict[Future[PageText], PageRequest] = {}
        self._sizes: dict[PageRequest, int | None] = {}  # in bytes, once they are packed
        self._news: queue.SimpleQueue[Future[PageText] | _Packed] = queue.SimpleQueue()

    @property
    def is_empty(self) -> bool:
        return not self._requests

    def fill(self, take: Callable[[], PageRequest | None], most: int) -> None:
        """Take pages while there is room for them and some wait."""
        while len(self._requests) < most and self._has_memory():
            request = take()
            if request is None:
                return
            self._sizes[request] = None
            work = self._sender.send(request.page, PieceCounter(request.watch), self._on_packed(request))
            future = self._loop.start(work)
            self._requests[future] = request
            future.add_done_callback(self._news.put)

    def take_ended(self) -> Iterator[tuple[PageRequest, PageText | Exception]]:
        """What has ended, after a short wait for the first; and what nobody wants any more is ended."""
        for news in self._take_news():
            if isinstance(news, _Packed):
                if news.request in self._sizes:  # else it was cancelled meanwhile
                    self._sizes[news.request] = news.size
                continue
            request = self._requests.pop(news)
            del self._sizes[request]
            yield request, _outcome(news)
        for future, request in self._requests.items():
            if request.watch.cancelled:
                future.cancel()

    def drop(self) -> None:
        """Nobody wants the rest any more: its streams end."""
        for future in self._requests:
            future.cancel()
        self._loop.run(self._sender.wait_until_idle())
        self._requests.clear()
        self._sizes.clear()

    def _has_memory(self) -> bool:
        sizes = self._sizes.values()
        pictures = sum(size is None for size in sizes)
        return pictures < self._most_pictures and sum(size or 0 for size in sizes) < _MOST_BYTES

    def _on_packed(self, request: PageRequest) -> Callable[[int], None]:
        def tell(size: int) -> None:
            if self._spend_pictures:
                request.page.release()
            self._news.put(_Packed(request, size))

        return tell

    def _take_news(self) -> "list[Future[PageText] | _Packed]":
        news = []
        try:
            news.append(self._news.get(timeout=LOOK))
            while True:
                news.append(self._news.get_nowait())
        except queue.Empty:
            return news


@dataclass(frozen=True, slots=True)
class _Packed:
    """A page whose picture is no longer needed: so many bytes of it are."""

    request: PageRequest
    size: int


def _outcome(future: Future[PageText]) -> PageText | Exception:
    try:
        return future.result()
    except CancelledError:
        return Cancelled()
    except Exception as problem:
        return problem
