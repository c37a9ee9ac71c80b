"""One page, and the servers that may read it: it goes to one of them, and to another when that one fails.

What another try may mend is tried again within a budget. That a server has too many pages, or is away for
everybody, is no page's fault; of all else the page may be the cause.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from papertray.engine.inference.paper import put_on_paper
from papertray.engine.layout.ink import is_blank_page
from papertray.engine.layout.recurrence import PageLooks, look_at_words
from papertray.engine.pages import PageImage, PageText, ReadOptions
from papertray.engine.readers.server.asking import ServerAsker
from papertray.engine.readers.server.clients import ServerClients
from papertray.engine.readers.server.families import ServerFamily, find_family, is_papertray
from papertray.engine.readers.server.fleet import Fleet, ServerState
from papertray.engine.readers.server.listening import Listener, PieceCounter
from papertray.engine.readers.server.problems import (
    Cause,
    GoesInCircle,
    NoServer,
    OtherServer,
    ServerAnswerUseless,
    ServerBusy,
)
from papertray.engine.readers.server.requests import PackedPage, pack_page
from papertray.engine.readers.server.understanding import cut_answer, understand_answer

LOOK = 0.1  # seconds between two looks whether a server that rests is able again
_TRIES = 5  # of a page that may be the cause
_PATIENCE = 60.0  # seconds for which no server answers before the pages are given back
_LOOKED_AT = 1000  # pixels of the longest side are enough to tell an empty sheet


@dataclass(slots=True)
class PageOnItsWay:
    """A page, packed for each family of models that it went to, with its last problem and when that was.

    It goes to none of the addresses `shut`: they have it already, or would pass it on.
    """

    number: int
    packed: PackedPage
    counter: PieceCounter
    others: dict[str, PackedPage] = field(default_factory=dict)
    tries: int = 0
    since: float = 0.0
    problem: str = ""
    shut: set[str] = field(default_factory=set)

    def look(self) -> PageLooks:
        return look_at_words(np.asarray(self.packed.unpack().convert("L")))


class PageSender:
    """Used on one event loop."""

    def __init__(self, options: ReadOptions, fleet: Fleet) -> None:
        self._options = options
        self._fleet = fleet
        self._clients = ServerClients([server.address for server in fleet.servers])
        self._asker = ServerAsker(self._clients, options)
        self._strangers: dict[str, str] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._pages = 0
        self._last_answer = 0.0
        self._last_problem = ""
        # Who failed comes after those who wait, or one page could keep them all out.
        self._turn = asyncio.Lock()
        self._room = asyncio.Event()

    async def send(
        self, image: PageImage, counter: PieceCounter, on_packed: Callable[[int], None]
    ) -> PageText:
        """What a server says of it. `on_packed` is told how many bytes stay in memory once its picture is
        needed no longer.

        Raises NoServer once none has answered for a while, ReaderError when this page cannot be read.
        """
        self._count(1)
        try:
            number, is_guest, packed = image.number, image.is_guest, None
            try:
                packed = await asyncio.to_thread(self.pack, image)
            finally:
                del image
                on_packed(packed.memory if packed else 0)
            if packed is None:
                return PageText((), blank=True)
            return await self.send_packed(packed, number, counter, is_guest=is_guest)
        finally:
            self._count(-1)

    def pack(self, image: PageImage) -> PackedPage | None:
        """For the model of the first server; None where there is nothing on it."""
        picture = put_on_paper(image.image)
        if _is_blank(picture):
            return None
        family = _family(self._fleet.servers[0])
        return pack_page(picture, family, self._options, image.dots_per_inch)

    async def send_packed(
        self, packed: PackedPage, number: int, counter: PieceCounter, *, is_guest: bool = False
    ) -> PageText:
        """What another papertray has sent to be read here goes to no third one: it could come back."""
        page = PageOnItsWay(number, packed, counter)
        if is_guest:
            page.shut |= {one.address.url for one in self._fleet.servers if is_papertray(one.address)}
        while True:
            server = await self._next_server(page)
            try:
                text = await self._ask(server, page)
            finally:
                self._room.set()
            if text is not None:
                return text

    async def wait_until_idle(self) -> None:
        """Until every page that was sent has ended, or has ended being cancelled."""
        await self._idle.wait()

    async def close(self) -> None:
        await self._clients.close()

    def _count(self, change: int) -> None:
        if not self._pages:
            self._last_answer = time.monotonic()
            self._idle.clear()
        self._pages += change
        if not self._pages:
            self._idle.set()

    async def _packed_for(self, server: ServerState, page: PageOnItsWay) -> PackedPage:
        family = _family(server)
        if family is page.packed.family:
            return page.packed
        if family.name not in page.others:
            whole, dots = page.packed.unpack(), page.packed.dots_per_inch
            page.others[family.name] = await asyncio.to_thread(pack_page, whole, family, self._options, dots)
        return page.others[family.name]

    async def _next_server(self, page: PageOnItsWay) -> ServerState:
        """The next with room, who asked first first. Raises NoServer once none has answered for long."""
        if page.shut:
            return await self._room_for(page)  # others need not wait until one of the few has room
        async with self._turn:
            return await self._room_for(page)

    async def _room_for(self, page: PageOnItsWay) -> ServerState:
        while (server := self._fleet.take(page.shut)) is None:
            self._raise_if_hopeless(page)
            self._room.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._room.wait()
        return server

    def _raise_if_hopeless(self, page: PageOnItsWay) -> None:
        """None has answered for long; or, which time does not mend, each is another than the one meant."""
        servers = [one for one in self._fleet.servers if one.address.url not in page.shut]
        if not servers:
            raise GoesInCircle(tuple(one.address.url for one in self._fleet.servers), page.problem)
        urls = tuple(one.address.url for one in servers)
        if self._strangers.keys() >= set(urls):
            raise OtherServer(urls[0], self._strangers[urls[0]])
        if all(one.failures for one in servers) and time.monotonic() - self._last_answer > _PATIENCE:
            raise NoServer(urls, page.problem or self._last_problem or "none was reached")

    async def _ask(self, server: ServerState, page: PageOnItsWay) -> PageText | None:
        """None where it is worth another try, with this server or another."""
        sent = time.monotonic()
        page.since = page.since or sent
        ear = Listener(page.counter, page.look)
        try:
            packed = await self._packed_for(server, page)
            answer = await self._asker.ask(server.address, packed, ear.hear)
            await ear.finish()
        except ServerBusy as problem:
            self._fleet.failed(server, sent, problem.seconds, random.random())
            self._last_problem = problem.problem
            self._remember_who(server, problem)
            _count_failure(page, problem, server)
            return None
        except BaseException:
            self._fleet.refused(server)
            raise
        self._fleet.answered(server, answer.pieces)
        self._last_answer = time.monotonic()
        if ear.kept is not None:
            answer = cut_answer(answer, ear.pieces[: ear.kept])
        text = await asyncio.to_thread(understand_answer, answer, page.packed, packed, page.number)
        if text is None:
            _count_empty(page, server)
        return text

    def _remember_who(self, server: ServerState, problem: ServerBusy) -> None:
        url = server.address.url
        if problem.cause is Cause.STRANGER:
            self._strangers[url] = problem.problem
        else:
            self._strangers.pop(url, None)
        if problem.cause is Cause.AWAY:
            self._clients.forget(server.address)


def _family(server: ServerState) -> ServerFamily:
    return find_family(server.address.model, server.address.family)


def _is_blank(picture: Image.Image) -> bool:
    grey = picture.convert("L")
    return is_blank_page(np.asarray(grey.reduce(max(1, max(grey.size) // _LOOKED_AT))))


def _count_failure(page: PageOnItsWay, problem: ServerBusy, server: ServerState) -> None:
    """Of a server that has too much, or has read nobody since the last try either, the page knows nothing."""
    page.problem = problem.problem
    reads_others, page.since = server.answered_at > page.since, time.monotonic()
    if problem.cause is Cause.CIRCLE:
        page.shut.add(server.address.url)
        return
    if problem.cause in (Cause.FULL, Cause.STRANGER) or (problem.cause is Cause.AWAY and not reads_others):
        return
    page.tries += 1
    if page.tries >= _TRIES:
        raise ServerAnswerUseless(server.address.url, problem.problem)


def _count_empty(page: PageOnItsWay, server: ServerState) -> None:
    page.tries += 1
    page.problem = "it wrote nothing"
    if page.tries >= 2:
        raise ServerAnswerUseless(server.address.url, page.problem)
