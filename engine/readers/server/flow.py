"""Pages on their way to servers: one that ends makes room for the next at once, of whichever document.

Used by the thread that asks for pages; a loop in another one sends them.
"""

import queue
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

from papertray.engine.errors import Cancelled
from papertray.engine.pages import NextPage, PageText
from papertray.engine.readers.server.listening import PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.sending import LOOK, PageSender

_PICTURES = 4
"""So many are in memory, of pages not packed yet; packed they are small and may wait by the hundred."""


class PageFlow:
    def __init__(self, sender: PageSender, loop: OwnLoop, counter: PieceCounter) -> None:
        self._sender = sender
        self._loop = loop
        self._counter = counter
        self._asked = 0
        self._pictures = 0
        self._places: dict[Future[PageText], int] = {}
        self._news: queue.SimpleQueue[Future[PageText] | None] = queue.SimpleQueue()

    @property
    def is_empty(self) -> bool:
        return not self._places

    def fill(self, next_page: NextPage, most: int) -> None:
        """Ask for pages while there is room for them and some wait."""
        while len(self._places) < most and self._pictures < _PICTURES:
            page = next_page()
            if page is None:
                return
            self._pictures += 1
            future = self._loop.start(self._sender.send(page, self._counter, lambda: self._news.put(None)))
            del page
            self._places[future] = self._asked
            self._asked += 1
            future.add_done_callback(self._news.put)

    def take_ended(self) -> Iterator[tuple[int, PageText | Exception]]:
        """What has ended, after a short wait for the first, each with its place in the order of asking."""
        news = self._take_news()
        self._pictures -= news.count(None)
        for future in news:
            if future is not None:
                yield self._places.pop(future), _outcome(future)

    def drop(self) -> None:
        """Nobody wants the rest any more: its streams end."""
        for future in self._places:
            future.cancel()
        self._loop.run(self._sender.wait_until_idle())
        self._places.clear()

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
