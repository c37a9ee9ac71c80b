"""The reader whose servers are elsewhere, or here and started by papertray.

Those are started with the reader and ended with it. While none can be asked yet, pages wait; what is wrong
with a server is no fault of theirs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from papertray.engine.errors import Cancelled, ReaderAway, ReaderError
from papertray.engine.page_flow import PageFlow, PageRequest
from papertray.engine.pages import PageImage, PageText, Reader, ReaderIdentity, ReadOptions, Watch
from papertray.engine.readers.server import reader
from papertray.engine.readers.server.own_server import OwnServer
from papertray.engine.server_address import ServerAddress

_LOOK = 0.1  # seconds between two looks whether the pages are still wanted
_DEATHS = 2  # of a server while it had the same pages: more than chance


class DeadlyPage(ReaderError):
    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} ended again and again while it had this page.",
            "Try it with smaller pictures: `papertray config set engine.longest_side 1280`.",
        )


def load(options: ReadOptions) -> Reader:
    """It begins to start what is to be started; nothing is asked before there is a page."""
    if any(server.command for server in options.servers):
        return OwnServersReader(options)
    return reader.load(options)


class OwnServersReader:
    """Around a reader that asks servers: ours are kept running. `addresses` are where all are asked."""

    rung = ""
    why = "The settings name a server that papertray starts on this machine."

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._own = [OwnServer(server) for server in options.servers if server.command]
        self.addresses = self._present_servers()
        self._has_read = False
        self._asked = self._open()

    @property
    def identity(self) -> ReaderIdentity:
        return self._asked.identity

    @property
    def batch(self) -> int:
        return self._asked.batch

    @property
    def starting(self) -> str:
        """What has to start before any page can be read; "" when nothing has to."""
        return "" if self._one_is_ready() else ", ".join(one.address.program for one in self._own)

    @property
    def memory(self) -> int:
        return sum(server.memory for server in self._own)

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        self._wait_until_ready(watch)
        with self._pages_out():
            texts = self._asked.read(pages, watch)
        self._has_read = True
        return texts

    def read_flow(self, flow: PageFlow) -> None:
        """The first page is in hand while a server starts: who gives it up ends the waiting, too.

        A page that alone ends a server again and again, which has read others, is to blame.
        """
        while (first := flow.take()) is not None:
            self._wait_until_ready(first.watch)
            pages, before = _PagesOut(flow, first), self._deaths()
            try:
                with self._pages_out():
                    self._asked.read_flow(pages)
            except ReaderAway:
                if not (self._has_read and len(pages.out) == 1 and self._deaths() - before >= _DEATHS):
                    raise
                pages.fail(next(iter(pages.out)), DeadlyPage(self._own[0].address.program))
            self._has_read = self._has_read or pages.answered

    def close(self) -> None:
        self._asked.close()
        for server in self._own:
            server.stop()
        for server in self._own:
            server.wait()

    def _wait_until_ready(self, watch: Watch) -> None:
        while not self._one_is_ready():
            if watch.cancelled:
                raise Cancelled
            if all(server.is_hopeless for server in self._own):
                problem = self._problem()
                assert problem is not None
                raise problem
            self._own[0].wait_until_ready(_LOOK)
        self._follow_moves()

    @contextmanager
    def _pages_out(self) -> Iterator[None]:
        """Where no server can be asked, what is wrong with ours says more than that."""
        for server in self._own:
            server.expect_pages()
        try:
            yield
        except ReaderAway as problem:
            raise self._problem() or problem from problem
        finally:
            for server in self._own:
                server.release_pages()

    def _deaths(self) -> int:
        return sum(server.deaths for server in self._own)

    def _one_is_ready(self) -> bool:
        """A server that somebody else starts may be: the reader finds out."""
        return len(self._own) < len(self._options.servers) or any(server.is_ready for server in self._own)

    def _follow_moves(self) -> None:
        """One whose port was taken while it did not run has another since."""
        present = self._present_servers()
        if present != self.addresses:
            self._asked.close()
            self.addresses = present
            self._asked = self._open()

    def _open(self) -> reader.ServerReader:
        return reader.load(replace(self._options, servers=self.addresses))

    def _present_servers(self) -> tuple[ServerAddress, ...]:
        own = iter(self._own)
        return tuple(next(own).address if one.command else one for one in self._options.servers)

    def _problem(self) -> ReaderAway | None:
        return next((server.problem for server in self._own if not server.is_ready), None)


class _PagesOut:
    """A flow whose first page is in hand already; `out` are those that have not come to an end."""

    def __init__(self, flow: PageFlow, first: PageRequest) -> None:
        self._flow = flow
        self._first: PageRequest | None = first
        self.out: set[PageRequest] = set()
        self.answered = False

    def take(self) -> PageRequest | None:
        request, self._first = self._first or self._flow.take(), None
        self.out |= {request} if request else set()
        return request

    def answer(self, request: PageRequest, text: PageText) -> None:
        self.out.remove(request)
        self.answered = True
        self._flow.answer(request, text)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self.out.remove(request)
        self._flow.fail(request, problem)
