"""Read one document from its first page to its last, here and now: no queue, no journal.

Takes a path; gives what was seen on each page, or why one could not be read. The reader is loaded for the
first document that can be opened, and kept for the next.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from papertray.engine.errors import (
    Cancelled,
    DocumentError,
    NoSuchFile,
    PapertrayError,
    ReaderError,
)
from papertray.engine.markdown import FailedPage, doubtful_pages, figure_file, join_pages
from papertray.engine.page_flow import PageRequest, read_flow
from papertray.engine.pages import Figure, PageText, Reader, ReaderIdentity, Watch
from papertray.engine.renderer import Renderer

PageProgress = Callable[[int, int], None]
"""Called with the pages done and the pages there are: first with none done, then after each page."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read. `pages` has every page, in order: its text, or why it could not be read."""

    kind: str
    pages: tuple[PageText | FailedPage, ...]
    reader: ReaderIdentity

    @property
    def failed_pages(self) -> tuple[FailedPage, ...]:
        """The pages that could not be read; empty when all went well."""
        return tuple(page for page in self.pages if isinstance(page, FailedPage))

    @property
    def doubtful_pages(self) -> tuple[int, ...]:
        """The numbers of the pages whose confidence is low; empty when all are good, or none is known."""
        return doubtful_pages(self.pages)

    @property
    def markdown(self) -> str:
        """The text of all pages as one note: a comment where each begins, a warning where one is missing."""
        return join_pages(self.pages)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures of all pages, by the names under which `markdown` links them."""
        return tuple(
            replace(figure, name=figure_file(number, figure.name))
            for number, page in enumerate(self.pages, start=1)
            for figure in page.figures
        )


class DocumentReader:
    """Reads documents, one after the other, with a reader that is loaded once; `close` it, or use `with`.

    To be used by one thread at a time. `papertray.open_reader` gives one.
    """

    def __init__(self, renderer: Renderer, load: Callable[[], Reader]) -> None:
        self._renderer = renderer
        self._load = load
        self._reader: Reader | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        progress: PageProgress = lambda _done, _pages: None,
        cancel: threading.Event | None = None,
        unread: Callable[[int], FailedPage] | None = None,
    ) -> Document:
        """Every page of a PDF or an image. A page that cannot be read is a `FailedPage` among the others.

        Where `cancel` is set once a page was read, `unread` says what stands for the pages that are left.

        Raises `DocumentError` when the document cannot be opened or none of its pages could be read,
        `ReaderError` when the reader cannot be loaded, `Cancelled` once `cancel` is set and nothing kept.
        """
        if self._closed:
            raise ReaderError("This reader is closed.", "Open another one: `papertray.open_reader()`.")
        file, watch = Path(path), Watch(cancel or threading.Event())
        require_file(file)
        outline = self._renderer.inspect(file)
        self._reader = self._reader or self._load()
        pages = tuple(self._pages(file, len(outline.pages), self._reader, progress, watch, unread))
        document = Document(outline.kind, pages, self._reader.identity)
        if len(document.failed_pages) == len(pages):
            raise DocumentError(document.failed_pages[0].sentence, document.failed_pages[0].advice)
        return document

    def close(self) -> None:
        """Give back the reader's memory and end the process that draws pages."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._renderer.close()
        self._closed = True

    def _pages(
        self,
        file: Path,
        count: int,
        reader: Reader,
        progress: PageProgress,
        watch: Watch,
        unread: Callable[[int], FailedPage] | None,
    ) -> Iterator[PageText | FailedPage]:
        self._renderer.expect([(file, number) for number in range(1, count + 1)])
        progress(0, count)
        pages = _PagesOfDocument(self._renderer, file, count, progress, watch)
        try:
            read_flow(reader, pages)
        except Cancelled:
            if unread is None or not pages.ends:
                raise
            return (pages.ends.get(number) or unread(number) for number in range(1, count + 1))
        return (pages.ends[number] for number in range(1, count + 1))


class _PagesOfDocument:
    """A flow of all pages from the first to the last; `ends` says what became of each."""

    def __init__(
        self, renderer: Renderer, file: Path, count: int, progress: PageProgress, watch: Watch
    ) -> None:
        self._renderer = renderer
        self._file = file
        self._numbers = iter(range(1, count + 1))
        self._count = count
        self._progress = progress
        self._watch = watch
        self.ends: dict[int, PageText | FailedPage] = {}

    def take(self) -> PageRequest | None:
        for number in self._numbers:
            if self._watch.cancelled:
                raise Cancelled
            try:
                return PageRequest(self._renderer.image(self._file, number), self._watch)
            except Cancelled:
                raise
            except PapertrayError as problem:
                self._end(FailedPage(number, problem.sentence, problem.advice), number)
        return None

    def answer(self, request: PageRequest, text: PageText) -> None:
        self._end(text, request.page.number)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        """What is no fault of the page is raised."""
        if isinstance(problem, Cancelled) or not isinstance(problem, PapertrayError):
            raise problem
        number = request.page.number
        self._end(FailedPage(number, problem.sentence, problem.advice), number)

    def _end(self, end: PageText | FailedPage, number: int) -> None:
        self.ends[number] = end
        self._progress(len(self.ends), self._count)


def require_file(file: Path) -> None:
    """What else may be wrong with it, the renderer says."""
    if not os.path.lexists(file):
        raise NoSuchFile(file)
