"""The reader whose model runs elsewhere: pages go to servers, many at once, and come back as blocks.

A loop of its own waits for all of them; only the thread that asks for pages runs it. A page that was read
stays read when another of its batch cannot be: asked again, it is there.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from loguru import logger

from papertray.engine.errors import Cancelled, ReaderAway, ReaderError
from papertray.engine.pages import NextPage, PageImage, PageText, ReaderIdentity, ReadOptions, Watch
from papertray.engine.readers.server.fleet import Fleet
from papertray.engine.readers.server.flow import PageFlow
from papertray.engine.readers.server.listening import PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.sending import PageSender

_AHEAD = 4  # pages that are packed and wait for room


def load(options: ReadOptions) -> "ServerReader":
    """Nothing is asked before there is a page."""
    if not options.servers:
        raise ReaderError(
            "The model is `server`, but no server is named.",
            "Put `[[engine.servers]]` with url and model into the settings: `papertray config edit`.",
        )
    for server in options.servers:
        if server.is_open_to_others:
            logger.warning("pages and key go unencrypted to {}: use https beyond this machine", server.url)
    return ServerReader(options)


@dataclass(slots=True)
class ServerReader:
    options: ReadOptions
    why: str = "The settings name a server."
    rung: str = ""
    _fleet: Fleet = field(init=False)
    _sender: PageSender = field(init=False)
    _loop: OwnLoop = field(default_factory=OwnLoop)
    _done: list[tuple[PageImage, PageText]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._fleet = Fleet(self.options.servers, time.monotonic)
        self._sender = PageSender(self.options, self._fleet)

    @property
    def identity(self) -> ReaderIdentity:
        models = dict.fromkeys(server.model for server in self.options.servers)
        places = dict.fromkeys(server.place for server in self.options.servers)
        return ReaderIdentity("server", ", ".join(models), ", ".join(places))

    @property
    def batch(self) -> int:
        """Twice what is with the servers, so that the last pages of a batch do not leave them idle."""
        return 2 * self._fleet.limit

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        """The texts of all pages. Where one has none, those of the others wait to be asked for."""
        known = {n: text for n, page in enumerate(pages) for done, text in self._done if done is page}
        asked = [n for n in range(len(pages)) if n not in known]
        left = iter([pages[n] for n in asked])
        outcomes: dict[int, PageText | Exception] = {**known}
        try:
            for place, outcome in self.read_continuously(lambda: next(left, None), watch):
                outcomes[asked[place]] = outcome
        finally:
            texts = {n: outcome for n, outcome in outcomes.items() if isinstance(outcome, PageText)}
            self._remember(pages, texts)
        for outcome in outcomes.values():
            if isinstance(outcome, Exception):
                raise outcome
        return [texts[n] for n in range(len(pages))]

    def read_continuously(
        self, next_page: NextPage, watch: Watch
    ) -> Iterator[tuple[int, PageText | Exception]]:
        """The pages in the order in which they end, each with its place in the order of asking.

        Ends when no page is in hand and none waits. Raises Cancelled, and ReaderAway when nobody is there to
        read: then those in hand are not read, and no page is at fault.
        """
        flow = PageFlow(self._sender, self._loop, PieceCounter(watch))
        try:
            while True:
                flow.fill(next_page, self._fleet.limit + _AHEAD)
                if flow.is_empty:
                    return
                for place, outcome in flow.take_ended():
                    if isinstance(outcome, ReaderAway):
                        raise outcome
                    yield place, outcome
                if watch.cancelled:
                    raise Cancelled
        finally:
            flow.drop()

    def close(self) -> None:
        self._loop.run(self._sender.close())
        self._loop.close()

    def _remember(self, pages: Sequence[PageImage], texts: Mapping[int, PageText]) -> None:
        """What was read of pages that are asked for again because another of them has failed."""
        self._done = [done for done in self._done if all(done[0] is not page for page in pages)]
        if len(texts) < len(pages):
            self._done += [(pages[n], text) for n, text in texts.items()]
