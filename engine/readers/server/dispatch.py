"""Pages on their way to servers: one that ends makes room for the next at once, of whichever document.

Used by the thread that asks for pages; a loop in another one sends them.
"""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future

from papertray.engine.errors import Cancelled
from papertray.engine.page_flow import PageRequest
from papertray.engine.pages import PageText
from papertray.engine.readers.server.listening import PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.sending import LOOK, PageSender

_PICTURES = 4
"""So many are in memory, of pages not packed yet; packed they are small and may wait by the hundred."""


class Dispatch:
    """With `spend_pictures` the pictures of pages are given back as soon as they are packed."""

    def __init__(self, sender: PageSender, loop: OwnLoop, *, spend_pictures: bool) -> None:
        self._sender = sender
        self._loop = loop
        self._spend_pictures = spend_pictures
        self._pictures = 0
        self._requests: dict[Future[PageText], PageRequest] = {}
        self._news: queue.SimpleQueue[Future[PageText] | None] = queue.SimpleQueue()

    @property
    def is_empty(self) -> bool:
        return not self._requests

    def fill(self, take: Callable[[], PageRequest | None], most: int) -> None:
        """Take pages while there is room for them and some wait."""
        while len(self._requests) < most and self._pictures < _PICTURES:
            request = take()
            if request is None:
                return
            self._pictures += 1
            work = self._sender.send(request.page, PieceCounter(request.watch), self._on_packed(request))
            future = self._loop.start(work)
            self._requests[future] = request
            future.add_done_callback(self._news.put)

    def take_ended(self) -> Iterator[tuple[PageRequest, PageText | Exception]]:
        """What has ended, after a short wait for the first; and what nobody wants any more is ended."""
        news = self._take_news()
        self._pictures -= news.count(None)
        for future in news:
            if future is not None:
                yield self._requests.pop(future), _outcome(future)
        for future, request in self._requests.items():
            if request.watch.cancelled:
                future.cancel()

    def drop(self) -> None:
        """Nobody wants the rest any more: its streams end."""
        for future in self._requests:
            future.cancel()
        self._loop.run(self._sender.wait_until_idle())
        self._requests.clear()

    def _on_packed(self, request: PageRequest) -> Callable[[], None]:
        def tell() -> None:
            if self._spend_pictures and not callable(request.page.picture):
                request.page.picture.close()
            self._news.put(None)

        return tell

    def _take_news(self) -> list[Future[PageText] | None]:
        news = []
        try:
            news.append(self._news.get(timeout=LOOK))
            while True:
                news.append(self._news.get_nowait())
        except queue.Empty:
            return news


def _outcome(future: Future[PageText]) -> PageText | Exception:
    try:
        return future.result()
    except CancelledError:
        return Cancelled()
    except Exception as problem:
        return problem
