"""The reader whose model runs elsewhere: pages go to servers, many at once, and come back as blocks.

A loop of its own waits for all of them; only the thread that asks for pages runs it. A page that was read
stays read when another of its batch cannot be: asked again, it is there.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from loguru import logger

from papertray.engine.errors import Cancelled, ReaderError
from papertray.engine.inference.paper import put_on_paper
from papertray.engine.layout.ink import is_blank_page
from papertray.engine.layout.recurrence import look_at_words
from papertray.engine.pages import (
    Ending,
    PageImage,
    PageText,
    ReaderIdentity,
    ReadOptions,
    Watch,
)
from papertray.engine.readers.server.exchange import ServerAnswer, ask_server
from papertray.engine.readers.server.families import ServerFamily, find_family
from papertray.engine.readers.server.fleet import Fleet, ServerState
from papertray.engine.readers.server.listening import Listener, PieceCounter
from papertray.engine.readers.server.own_loop import OwnLoop
from papertray.engine.readers.server.problems import NoServer, ServerAnswerUseless, ServerBusy
from papertray.engine.readers.server.requests import make_request

_LOOK = 0.1  # seconds between two looks whether the pages are still wanted
_TRIES = 5  # of a page, while its server answers at all
_PATIENCE = 60.0  # seconds for which no server answers before the pages are given back
_CONNECT, _SILENCE = 10.0, 300.0
CUT = "The server's model repeated itself on this page; what came after that was left out."
TOO_LONG = "The server's model wrote more than it may for one page; the end may be missing."


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
class _Page:
    """One page on its way, with its last problem."""

    image: PageImage
    tries: int = 0
    problem: str = ""


@dataclass(slots=True)
class ServerReader:
    options: ReadOptions
    why: str = "The settings name a server."
    rung: str = ""
    _fleet: Fleet = field(init=False)
    _loop: OwnLoop = field(default_factory=OwnLoop)
    _client: httpx.AsyncClient | None = None
    _done: list[tuple[PageImage, PageText]] = field(default_factory=list)
    _last_answer: float = 0.0

    def __post_init__(self) -> None:
        self._fleet = Fleet(self.options.servers, time.monotonic)

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
        return self._loop.run(self._read_until_cancelled(pages, watch))

    def close(self) -> None:
        if self._client is not None:
            self._loop.run(self._client.aclose())
            self._client = None
        self._loop.close()

    async def _read_until_cancelled(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        if self._client is None:
            timeout = httpx.Timeout(_SILENCE, connect=_CONNECT)
            limits = httpx.Limits(max_connections=None, keepalive_expiry=30.0)
            is_local = all(server.is_local for server in self.options.servers)
            self._client = httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=not is_local)
        self._last_answer = time.monotonic()
        counter = PieceCounter(watch)
        work = asyncio.gather(
            *(self._read_page(_Page(page), counter) for page in pages), return_exceptions=True
        )
        try:
            while not work.done():
                if watch.cancelled:
                    raise Cancelled
                await asyncio.wait([work], timeout=_LOOK)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        return self._all_or_raise(pages, work.result())

    def _all_or_raise(
        self, pages: Sequence[PageImage], results: Sequence[PageText | BaseException]
    ) -> list[PageText]:
        """The texts of all pages. Where one has none, those of the others wait to be asked for."""
        texts = [result for result in results if isinstance(result, PageText)]
        if len(texts) < len(pages):
            problem = next(result for result in results if not isinstance(result, PageText))
            pairs = zip(pages, results, strict=True)
            self._done = self._done_of(pages, wanted=False)
            self._done += [(page, text) for page, text in pairs if isinstance(text, PageText)]
            raise problem
        self._done = self._done_of(pages, wanted=False) if len(pages) == 1 else []
        return texts

    def _done_of(self, pages: Sequence[PageImage], *, wanted: bool) -> list[tuple[PageImage, PageText]]:
        return [done for done in self._done if any(done[0] is page for page in pages) is wanted]

    async def _read_page(self, page: _Page, counter: PieceCounter) -> PageText:
        if done := self._done_of([page.image], wanted=True):
            return done[0][1]
        picture = await asyncio.to_thread(put_on_paper, page.image.image)
        if await asyncio.to_thread(lambda: is_blank_page(np.asarray(picture.convert("L")))):
            return PageText((), blank=True)
        while True:
            server = await self._next_server(page)
            answer = await self._ask(server, page, picture, counter)
            if answer is not None:
                return answer

    async def _next_server(self, page: _Page) -> ServerState:
        """The next that has room; raises NoServer once none has answered for a while."""
        while (server := self._fleet.take()) is None:
            nobody = all(one.failures for one in self._fleet.servers)
            if nobody and time.monotonic() - self._last_answer > _PATIENCE:
                urls = tuple(one.address.url for one in self._fleet.servers)
                raise NoServer(urls, page.problem or "none was reached")
            await asyncio.sleep(_LOOK)
        return server

    async def _ask(
        self, server: ServerState, page: _Page, picture: Any, counter: PieceCounter
    ) -> PageText | None:
        """None where it is worth another try, with this server or another."""
        assert self._client is not None
        family = find_family(server.address.model, server.address.family)
        body, size = await asyncio.to_thread(make_request, picture, server.address, family, self.options)
        ear = Listener(counter, lambda: look_at_words(np.asarray(picture.convert("L"))))
        try:
            answer = await ask_server(self._client, server.address.url, server.address.key, body, ear.hear)
        except ServerBusy as problem:
            self._fleet.failed(server, problem.seconds, random.random())
            self._count_failure(page, problem, server)
            return None
        except BaseException:
            self._fleet.refused(server)
            raise
        self._fleet.answered(server)
        self._last_answer = time.monotonic()
        if ear.kept is not None:
            answer = ServerAnswer("".join(ear.pieces[: ear.kept]), Ending.LOOP_CUT, answer.pieces)
        return self._page_text(answer, page, size, family, server)

    def _count_failure(self, page: _Page, problem: ServerBusy, server: ServerState) -> None:
        """Of one that is away the page knows nothing; one that answers badly may do so because of it."""
        page.problem = problem.problem
        if problem.is_away or problem.seconds is not None:
            return
        page.tries += 1
        if page.tries >= _TRIES:
            raise ServerAnswerUseless(server.address.url, problem.problem)

    def _page_text(
        self,
        answer: ServerAnswer,
        page: _Page,
        size: tuple[int, int],
        family: ServerFamily,
        server: ServerState,
    ) -> PageText | None:
        conversion = family.convert(answer.text, page.image, size)
        if not conversion.blocks and not conversion.figures:
            page.tries += 1
            page.problem = "it wrote nothing"
            if page.tries >= 2:
                raise ServerAnswerUseless(server.address.url, page.problem)
            return None
        endings = {Ending.LOOP_CUT: (CUT,), Ending.TOKEN_LIMIT: (TOO_LONG,)}
        return PageText(
            conversion.blocks,
            answer.ending,
            conversion.figures,
            (*endings.get(answer.ending, ()), *conversion.warnings),
            tokens=answer.pieces,
        )
