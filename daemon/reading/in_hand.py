"""The pages in hand: claimed in the journal when the reader takes them, stored when they are answered.

A flow of pages for one reader, from one thread. `now` and `give_up` are for other threads: what is in hand,
as the status shows it, and pages that nobody waits for any more.
"""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial

from loguru import logger

from papertray.daemon.errors import PageReadingFailed
from papertray.daemon.journal import Journal
from papertray.daemon.reading.journal_retry import JournalRetry
from papertray.daemon.reading.page_loader import LoadedPage, PageLoader
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.reading.turns import ReaderTurns
from papertray.daemon.records import PageJob
from papertray.daemon.status import PageInProgress
from papertray.engine.errors import Cancelled, PapertrayError
from papertray.engine.page_flow import PageRequest
from papertray.engine.pages import PageText, Watch

LOOKED_AT = 8
"""Pages of the queue among which one is sought that can be read beside those in hand."""


@dataclass(slots=True)
class PageInHand:
    """`seconds` are its share of the time in which several were in hand."""

    job: PageJob
    given_up: threading.Event = field(default_factory=threading.Event)
    tokens: int = 0
    seconds: float = 0.0

    @property
    def shown(self) -> PageInProgress:
        job = self.job
        return PageInProgress(job.document, job.path.name, job.number, job.pages, self.tokens)


class PagesInHand:
    """`turns` say which page is next, `ended` is called when one has ended, or may have."""

    def __init__(
        self,
        journal: Journal,
        loader: PageLoader,
        slot: ReaderSlot,
        retry: JournalRetry,
        cancel: threading.Event,
        turns: ReaderTurns,
        ended: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._loader = loader
        self._slot = slot
        self._retry = retry
        self._cancel = cancel
        self._turns = turns
        self._ended = ended
        self._held: PageRequest | None = None
        self._pages: dict[PageRequest, PageInHand] = {}
        self._counted = 0.0
        self._shown: tuple[PageInHand, ...] = ()

    @property
    def now(self) -> tuple[PageInProgress, ...]:
        """Asked by other threads, too."""
        return tuple(page.shown for page in self._shown)

    def give_up(self, documents: Collection[int]) -> None:
        """From another thread: nobody waits for these documents any more."""
        for page in self._shown:
            if page.job.document in documents:
                page.given_up.set()

    def hold(self, loaded: LoadedPage) -> None:
        """The page that is taken first: it is shown while its reader is loaded."""
        self._held = self._add(loaded)

    def take(self) -> PageRequest | None:
        """None also while what comes next is for another reader, or must show itself alone."""
        request, self._held = self._held, None
        if request is None:
            loaded = self._next_page()
            if loaded is None:
                self._ended()  # of a document whose bytes were read before
                return None
            request = self._add(loaded)
        job = self._pages[request].job
        self._retry.run(lambda: self._journal.queue.begin([job]))
        return request

    def answer(self, request: PageRequest, text: PageText) -> None:
        page = self._remove(request)
        reader = self._slot.now.reader
        assert reader is not None
        self._slot.mark_used()
        identity, rung = reader.identity, reader.rung
        read = [(page.job, replace(text, reader=identity.name))]
        self._retry.run(lambda: self._journal.queue.finish(read, identity, rung, page.seconds))
        self._ended()

    def fail(self, request: PageRequest, problem: Exception) -> None:
        job = self._remove(request).job
        if isinstance(problem, Cancelled):
            self._journal.queue.give_back([job])
        else:
            self._loader.reject(job, _in_a_sentence(job, problem))
        self._ended()

    def fail_all(self, problem: Exception) -> None:
        for request in list(self._pages):
            self.fail(request, problem)

    def give_back(self) -> None:
        """What is in hand was not read."""
        self._journal.queue.give_back([page.job for page in self._pages.values()])

    def let_go(self) -> None:
        self._held = None
        self._pages = {}
        self._show()

    def _next_page(self) -> LoadedPage | None:
        if self._cancel.is_set() or self._journal.requests.paused()[0]:
            return None
        jobs = self._retry.run(lambda: self._turns.next_pages(LOOKED_AT))
        if jobs and self._turns.goes_ahead(jobs[0]):
            return None
        job = next((job for job in jobs if self._goes_along(job)), None)
        loaded = self._loader.load([job] if job else [])
        return loaded[0] if loaded else None

    def _goes_along(self, job: PageJob) -> bool:
        """With those in hand, and with the reader that is loaded. A page that was tried before goes alone."""
        others = [page.job for page in self._pages.values()]
        alone = job.attempts or any(other.attempts for other in others)
        if others and alone:
            return False
        if any(other.sha256 == job.sha256 and other.document != job.document for other in others):
            return False  # it takes over what the other says
        return self._slot.serves(self._turns.engine_for(job))

    def _add(self, loaded: LoadedPage) -> PageRequest:
        page = PageInHand(loaded.job)
        watch = Watch(self._cancel, partial(_count, page), given_up=page.given_up)
        request = PageRequest(loaded.image, watch)
        self._count_time()
        self._pages[request] = page
        self._show()
        return request

    def _remove(self, request: PageRequest) -> PageInHand:
        self._count_time()
        page = self._pages.pop(request)
        self._show()
        return page

    def _show(self) -> None:
        self._shown = tuple(self._pages.values())

    def _count_time(self) -> None:
        now = time.monotonic()
        for page in self._pages.values():
            page.seconds += (now - self._counted) / len(self._pages)
        self._counted = now


def _count(page: PageInHand, tokens: int) -> None:
    page.tokens = tokens


def _in_a_sentence(job: PageJob, problem: Exception) -> PapertrayError:
    if isinstance(problem, PapertrayError):
        return problem
    logger.bind(document=job.document).opt(exception=problem).error("a page could not be read")
    return PageReadingFailed(problem)
