"""The inference thread: take the next pages, read them, store what they say, put finished notes in place.

The only thread that touches a reader. A page is claimed in the journal before it is read and stored the
moment it is, so that whatever ends this process costs at most the page in hand.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from loguru import logger

from papertray.daemon.errors import PageReadingFailed
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.reading.journal_retry import JournalRetry
from papertray.daemon.reading.page_loader import LoadedPage, PageLoader
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.records import PageJob
from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import PageInProgress, Trouble
from papertray.engine.errors import Cancelled, PapertrayError, ReaderAway
from papertray.engine.pages import PageText, Reader, Watch
from papertray.engine.renderer import Renderer

_NAP = 5.0


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """What a reader made of pages that it read together, and how long each took."""

    jobs: Sequence[PageJob]
    texts: Sequence[PageText]
    reader: Reader
    seconds: float


class Worker:
    """`reading` are the pages in hand, `wake` ends a rest, `cancel` has the pages in hand given back."""

    def __init__(
        self,
        journal: Journal,
        notes: NoteWriter,
        renderer: Renderer,
        slot: ReaderSlot,
        engine: EngineSettings,
        stop: threading.Event,
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._renderer = renderer
        self._slot = slot
        self._engine = engine
        self._stop = stop
        self._loader = PageLoader(journal, renderer)
        self._retry = JournalRetry(stop)
        self.wake = threading.Event()
        self.cancel = threading.Event()
        self.reading: tuple[PageInProgress, ...] = ()
        self._away: Trouble | None = None

    def run(self) -> None:
        """Until it is stopped; what is in hand then is given back."""
        self._journal.queue.recover()
        try:
            self._place_notes()
            while not self._is_stopped():
                if not self.turn():
                    self.rest()
                    self.wake.wait(_NAP)
        finally:
            self._slot.unload()

    def turn(self) -> bool:
        """Read the next pages, and put in place what is done by that; whether any were, or could be, read."""
        jobs = self._next_pages()
        self._away = None
        for batch in self._read(self._loader.load(jobs)):
            self._store(batch)
        self._place_notes()
        return bool(jobs) and self._away is None

    def rest(self) -> None:
        """Hold no more than is needed while there is nothing to read."""
        self._renderer.rest()
        self._slot.forget_old_trouble()
        self._slot.unload_if_idle(self._engine.idle_unload)

    @property
    def trouble(self) -> Trouble | None:
        return self._retry.trouble or self._away

    def cancel_if_abandoned(self) -> None:
        """Stop reading pages when nobody waits for any of them any more."""
        documents = {page.document for page in self.reading}
        if documents and not self._journal.queue.has_open_pages(documents):
            self.cancel.set()

    def _is_stopped(self) -> bool:
        """Whoever stops us sets `stop` before `cancel`: looked at in the other order, neither is missed."""
        self.cancel.clear()
        self.wake.clear()
        return self._stop.is_set()

    def _next_pages(self) -> list[PageJob]:
        """As many as the reader likes at once, or none while it is paused."""
        if self._journal.requests.paused()[0]:
            return []
        reader = self._slot.now.reader
        limit = 1 if reader is None else reader.batch
        return self._retry.run(lambda: self._journal.queue.ready_pages(limit))

    def _read(self, pages: Sequence[LoadedPage]) -> Iterator[ReadBatch]:
        """Together, or each for itself when something is wrong with one of them; none that was given back."""
        if not pages:
            return
        jobs = [page.job for page in pages]
        self._show(jobs)
        started = time.monotonic()
        try:
            reader = self._slot.get(self._engine_for(jobs[0]))
            self._retry.run(lambda: self._journal.queue.begin(jobs))
            each = tuple(Watch(self.cancel, partial(self._count, number)) for number in range(len(jobs)))
            watch = Watch(self.cancel, partial(self._count, 0), each)
            texts = reader.read([page.image for page in pages], watch)
        except Cancelled:
            self._journal.queue.give_back(jobs)
        except ReaderAway as problem:
            self._journal.queue.give_back(jobs)
            self._away = Trouble.of(problem, "Until then the pages wait.")
        except PapertrayError as problem:
            yield from self._read_each(pages, problem)
        except Exception as problem:
            logger.bind(document=jobs[0].document).exception("a page could not be read")
            yield from self._read_each(pages, PageReadingFailed(problem))
        else:
            yield ReadBatch(jobs, texts, reader, (time.monotonic() - started) / len(jobs))
        finally:
            self.reading = ()

    def _read_each(self, pages: Sequence[LoadedPage], problem: PapertrayError) -> Iterator[ReadBatch]:
        """Something is wrong with one of these pages: let each show for itself."""
        if len(pages) == 1:
            self._loader.reject(pages[0].job, problem)
            return
        for page in pages:
            yield from self._read([page])

    def _store(self, batch: ReadBatch) -> None:
        self._slot.mark_used()
        pages = list(zip(batch.jobs, batch.texts, strict=True))
        identity, rung = batch.reader.identity, batch.reader.rung
        self._retry.run(lambda: self._journal.queue.finish(pages, identity, rung, batch.seconds))

    def _place_notes(self) -> None:
        for document in self._notes.place_ready():
            self._loader.forget(document)

    def _engine_for(self, job: PageJob) -> EngineSettings:
        wanted = {"model": job.wanted_reader, "mode": job.wanted_mode}
        return self._engine.model_copy(update={name: value for name, value in wanted.items() if value})

    def _show(self, jobs: Sequence[PageJob]) -> None:
        self.reading = tuple(
            PageInProgress(job.document, job.path.name, job.number, job.pages, tokens=0) for job in jobs
        )

    def _count(self, number: int, tokens: int) -> None:
        """So many of this page, of those in hand."""
        pages = list(self.reading)
        pages[number] = replace(pages[number], tokens=tokens)
        self.reading = tuple(pages)
