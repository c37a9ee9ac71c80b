"""The inference thread: take the next pages, read them, store what they say, put finished notes in place.

The only thread that touches a reader. A page is claimed in the journal before it is read and stored the
moment it is, so that whatever ends this process costs at most the page in hand.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from loguru import logger

from papertray.daemon.errors import JournalFull, PageReadingFailed
from papertray.daemon.journal import Journal
from papertray.daemon.notes.writer import NoteWriter
from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.records import PageJob
from papertray.daemon.settings import EngineSettings
from papertray.daemon.status import PageInProgress, Trouble
from papertray.engine.errors import (
    Cancelled,
    DocumentChanged,
    DocumentGone,
    PapertrayError,
    RendererCrashed,
    RendererOutOfMemory,
    RendererTimedOut,
)
from papertray.engine.pages import PageImage, PageText, Watch
from papertray.engine.renderer import Renderer

_DEADLY = (RendererCrashed, RendererOutOfMemory, RendererTimedOut)
_DEATHS = 3  # renderer children that one document may cost
_AHEAD = 8
_NAP = 5.0
_T = TypeVar("_T")
_BACK_OFF = (5.0, 15.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Hands:
    """What the inference thread works with."""

    journal: Journal
    notes: NoteWriter
    renderer: Renderer
    slot: ReaderSlot
    engine: EngineSettings


class Worker:
    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._journal = hands.journal
        self._deaths: dict[int, int] = {}
        self.wake = threading.Event()
        self.cancel = threading.Event()
        self.reading: tuple[PageInProgress, ...] = ()
        self.trouble: Trouble | None = None

    def run(self, stop: threading.Event) -> None:
        """Until `stop`. What is in hand then is given back."""
        self._journal.queue.recover()
        try:
            while not self._ends(stop):
                self.place_notes()
                if not self.read_some(stop):
                    self._rest()
        finally:
            self._hands.slot.unload()

    def _ends(self, stop: threading.Event) -> bool:
        """Whoever stops us sets `stop` before `cancel`: looked at in the other order, neither is missed."""
        self.cancel.clear()
        self.wake.clear()
        return stop.is_set()

    def read_some(self, stop: threading.Event) -> bool:
        """Read the next pages, unless it is paused; whether there were any."""
        if self._journal.wishes.paused()[0]:
            return False
        jobs = self._patiently(stop, lambda: self._journal.queue.ready(self._batch()))
        if not jobs:
            return False
        try:
            images = self._images(jobs)
            if images:
                self._read(stop, *zip(*images, strict=True))
        finally:
            self.reading = ()
        self.place_notes()
        return True

    def stop_if_unwanted(self) -> None:
        """Stop reading pages when nobody waits for any of them any more."""
        documents = {page.document for page in self.reading}
        if documents and not self._journal.queue.wants(documents):
            self.cancel.set()

    def place_notes(self) -> None:
        for document in self._journal.notes.due():
            try:
                self._hands.notes.place(document)
            except PapertrayError as problem:
                logger.bind(document=document.id).warning("{}", problem)
                self._journal.notes.postpone(document.id, problem, _back_off(document.tries))
            else:
                self._deaths.pop(document.id, None)
                logger.bind(document=document.id).info("note in place")

    def _batch(self) -> int:
        reader = self._hands.slot.now.reader
        return 1 if reader is None else reader.batch

    def _images(self, jobs: Sequence[PageJob]) -> list[tuple[PageJob, PageImage]]:
        """The jobs whose page can be seen, with it; the others have failed."""
        expected = [*jobs, *self._journal.queue.upcoming(_AHEAD)]
        self._hands.renderer.expect([(job.path, job.number) for job in expected])
        seen = []
        for job in jobs:
            try:
                _still_the_same(job)
                seen.append((job, self._hands.renderer.image(job.path, job.number)))
            except Cancelled:
                return []
            except (DocumentChanged, DocumentGone) as problem:
                self._journal.arrivals.unsettle(job.document, problem)
            except PapertrayError as problem:
                self._fail([job], problem)
        return seen

    def _read(self, stop: threading.Event, jobs: Sequence[PageJob], images: Sequence[PageImage]) -> None:
        watch = Watch(self.cancel, lambda tokens: self._show(jobs, tokens))
        self._show(jobs, 0)
        started = time.monotonic()
        try:
            reader = self._hands.slot.get(self._engine(jobs[0]))
            self._patiently(stop, lambda: self._journal.queue.begin(jobs))
            texts = reader.read(images, watch)
        except Cancelled:
            self._journal.queue.give_back(jobs)
        except PapertrayError as problem:
            self._one_by_one(stop, jobs, images, problem)
        except Exception as problem:
            logger.bind(document=jobs[0].document).exception("a page could not be read")
            self._one_by_one(stop, jobs, images, PageReadingFailed(problem))
        else:
            self._hands.slot.used()
            self._store(stop, jobs, texts, (time.monotonic() - started) / len(jobs))

    def _one_by_one(
        self,
        stop: threading.Event,
        jobs: Sequence[PageJob],
        images: Sequence[PageImage],
        problem: PapertrayError,
    ) -> None:
        """Something is wrong with one of these pages: let each show for itself."""
        if len(jobs) == 1 and isinstance(problem, (DocumentChanged, DocumentGone)):
            self._journal.arrivals.unsettle(jobs[0].document, problem)  # its picture was drawn only now
            return
        if len(jobs) == 1:
            self._fail(jobs, problem)
            return
        for job, image in zip(jobs, images, strict=True):
            self._read(stop, [job], [image])

    def _store(
        self, stop: threading.Event, jobs: Sequence[PageJob], texts: Sequence[PageText], seconds: float
    ) -> None:
        reader = self._hands.slot.now.reader
        assert reader is not None
        rung = getattr(reader, "rung", "")
        read = list(zip(jobs, texts, strict=True))
        self._patiently(stop, lambda: self._journal.queue.finish(read, reader.identity, rung, seconds))

    def _fail(self, jobs: Sequence[PageJob], problem: PapertrayError) -> None:
        for job in jobs:
            logger.bind(document=job.document).info("page {} failed: {}", job.number, type(problem).__name__)
        self._journal.queue.fail(jobs, problem)
        if isinstance(problem, _DEADLY):
            document = jobs[0].document
            self._deaths[document] = self._deaths.get(document, 0) + 1
            if self._deaths[document] >= _DEATHS:
                self._journal.queue.fail_rest(document, problem)

    def _patiently(self, stop: threading.Event, action: Callable[[], _T]) -> _T:
        """Keep what is in hand until the journal has room for it again."""
        tries = 0
        while True:
            try:
                done = action()
            except JournalFull as problem:
                self.trouble = Trouble(problem.sentence, problem.advice)
                if stop.wait(_back_off(tries)):
                    raise
                tries += 1
            else:
                if tries:
                    self.trouble = None
                return done

    def _engine(self, job: PageJob) -> EngineSettings:
        wanted = {"model": job.wanted_reader, "mode": job.wanted_mode}
        return self._hands.engine.model_copy(update={name: value for name, value in wanted.items() if value})

    def _show(self, jobs: Sequence[PageJob], tokens: int) -> None:
        self.reading = tuple(
            PageInProgress(job.document, job.path.name, job.number, job.pages, tokens) for job in jobs
        )

    def _rest(self) -> None:
        self._hands.renderer.rest()
        self._hands.slot.unload_if_idle(self._hands.engine.idle_unload)
        self.wake.wait(_NAP)


def _still_the_same(job: PageJob) -> None:
    """What the renderer cannot know after a restart: that the file is the one that was opened."""
    try:
        now = job.path.stat()
    except OSError:
        return  # the renderer says what is wrong with it
    if (now.st_size, now.st_mtime_ns) != (job.size, job.mtime_ns):
        raise DocumentChanged(job.path)


def _back_off(tries: int) -> float:
    return _BACK_OFF[min(tries, len(_BACK_OFF) - 1)]
