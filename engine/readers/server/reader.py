"""The reader whose model runs elsewhere: pages go to servers, many at once, and come back as blocks.

A loop of its own waits for all of them; only the thread that asks for pages runs it. A page that was read
stays read when another of its batch cannot be: asked again, it is there.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from loguru import logger

from papertray.engine.errors import Cancelled, ReaderAway, ReaderError
from papertray.engine.page_flow import PageFlow, PageRequest
from papertray.engine.pages import PageImage, PageText, ReaderIdentity, ReadOptions, Watch
from papertray.engine.readers.server.dispatch import Dispatch
from papertray.engine.readers.server.fleet import Fleet
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
        batch = _Batch(pages, watch, self._done)
        try:
            self._let_flow(batch, Dispatch(self._sender, self._loop, spend_pictures=False))
        finally:
            self._done = batch.left_over()
        return batch.texts()

    def read_flow(self, flow: PageFlow) -> None:
        """Takes as many pages as the servers read well at once."""
        self._let_flow(flow, Dispatch(self._sender, self._loop, spend_pictures=True))

    def _let_flow(self, flow: PageFlow, dispatch: Dispatch) -> None:
        try:
            while True:
                dispatch.fill(flow.take, self._fleet.limit + _AHEAD)
                if dispatch.is_empty:
                    return
                for request, outcome in dispatch.take_ended():
                    if isinstance(outcome, ReaderAway):
                        raise outcome
                    if isinstance(outcome, PageText):
                        flow.answer(request, outcome)
                    else:
                        flow.fail(request, outcome)
        finally:
            dispatch.drop()

    def close(self) -> None:
        self._loop.run(self._sender.close())
        self._loop.close()


class _Batch:
    """A flow of pages that are all there; of some the text may be `known`."""

    def __init__(
        self, pages: Sequence[PageImage], watch: Watch, known: Sequence[tuple[PageImage, PageText]]
    ) -> None:
        self._pages = pages
        self._others = [each for each in known if all(each[0] is not page for page in pages)]
        self._outcomes: dict[int, PageText | Exception] = {
            number: text for number, page in enumerate(pages) for one, text in known if one is page
        }
        asked = [number for number in range(len(pages)) if number not in self._outcomes]
        self._numbers = {PageRequest(pages[number], watch.of_page(number)): number for number in asked}
        self._waiting = list(reversed(self._numbers))

    def take(self) -> PageRequest | None:
        return self._waiting.pop() if self._waiting else None

    def answer(self, request: PageRequest, text: PageText) -> None:
        self._outcomes[self._numbers[request]] = text

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self._outcomes[self._numbers[request]] = problem
        if isinstance(problem, Cancelled):
            self._waiting.clear()

    def texts(self) -> list[PageText]:
        texts = [self._outcomes.get(number) for number in range(len(self._pages))]
        problems = [text for text in texts if isinstance(text, Exception)]
        for problem in sorted(problems, key=lambda one: not isinstance(one, Cancelled)):
            raise problem
        return [text for text in texts if isinstance(text, PageText)]

    def left_over(self) -> list[tuple[PageImage, PageText]]:
        """What was read of pages that are asked for again because another of them has failed."""
        texts = [(self._pages[n], text) for n, text in self._outcomes.items() if isinstance(text, PageText)]
        return self._others + (texts if len(texts) < len(self._pages) else [])
