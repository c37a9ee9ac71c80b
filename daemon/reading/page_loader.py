"""Load the images of the pages that are to be read next.

Takes jobs of the journal; gives those of which there is an image, with it. What is wrong with the others goes
into the journal. The bytes of a document are looked at by the renderer's child process only.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from loguru import logger

from papertray.daemon.files import Roots
from papertray.daemon.journal import Journal
from papertray.daemon.records import PageJob
from papertray.engine.beneath import FileBeneath
from papertray.engine.errors import (
    Cancelled,
    DocumentChanged,
    DocumentGone,
    PapertrayError,
    RendererCrashed,
    RendererOutOfMemory,
    RendererStopped,
    RendererTimedOut,
)
from papertray.engine.pages import PageImage
from papertray.engine.renderer import Renderer

_DEADLY = (RendererCrashed, RendererOutOfMemory, RendererTimedOut)
_DEATHS = 3  # renderer children that one document may cost
_STOPS = 20  # of them that somebody else may stop
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class LoadedPage:
    job: PageJob
    image: PageImage


class PageLoader:
    """`upcoming` tells so many pages that are likely to be asked for after these."""

    def __init__(
        self,
        journal: Journal,
        renderer: Renderer,
        upcoming: Callable[[int], Sequence[PageJob]],
        roots: Roots = Roots(()),
    ) -> None:
        self._journal = journal
        self._renderer = renderer
        self._upcoming = upcoming
        self._roots = roots
        self._deaths: Counter[int] = Counter()
        self._stops: Counter[int] = Counter()

    def load(self, jobs: Sequence[PageJob]) -> list[LoadedPage]:
        """None at all when the renderer was closed meanwhile."""
        if not jobs:
            return []
        upcoming = self._upcoming(_AHEAD)
        self._renderer.expect([(self._source(job), job.number) for job in (*jobs, *upcoming)])
        loaded = []
        for job in jobs:
            try:
                _require_unchanged(job)
                image = self._renderer.image(self._source(job), job.number)
                loaded.append(LoadedPage(job, replace(image, is_guest=job.is_guest)))
            except Cancelled:
                return []
            except PapertrayError as problem:
                self.reject(job, problem)
        return loaded

    def reject(self, job: PageJob, problem: PapertrayError) -> None:
        """This page cannot be read; nor can the others, of a document that costs too many children.

        One that changed or went away is waited for. Its picture may have been drawn only while it was read.
        A renderer that was stopped from outside is no fault of the document: it waits for the next turn,
        though not for ever.
        """
        if isinstance(problem, (DocumentChanged, DocumentGone)):
            self._journal.arrivals.lose(job.document, problem)
            return
        if isinstance(problem, RendererStopped) and self._stops[job.document] < _STOPS:
            self._stops[job.document] += 1
            self._journal.queue.give_back([job])
            return
        logger.bind(document=job.document).info("page {} failed: {}", job.number, type(problem).__name__)
        self._journal.queue.fail([job], problem)
        if isinstance(problem, _DEADLY):
            self._deaths[job.document] += 1
            if self._deaths[job.document] >= _DEATHS:
                self._journal.queue.fail_rest(job.document, problem)

    def _source(self, job: PageJob) -> FileBeneath:
        """Where it was dropped, or where papertray has put it since."""
        return self._roots.beneath(job.archived or job.path, job.folder)

    def forget(self, document: int) -> None:
        """Its note stands: what it cost is not held against it when it is read again."""
        del self._deaths[document], self._stops[document]


def _source(job: PageJob) -> FileBeneath:
    return FileBeneath(job.folder, job.path)


def _require_unchanged(job: PageJob) -> None:
    """What the renderer cannot know after a restart: that the file is the one that was opened."""
    try:
        unchanged = job.fingerprint.matches((job.archived or job.path).stat())
    except OSError:
        return  # the renderer says what is wrong with it
    if not unchanged:
        raise DocumentChanged(job.path)
