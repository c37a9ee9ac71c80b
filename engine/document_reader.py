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
    ReaderAway,
    ReaderError,
)
from papertray.engine.markdown import FailedPage, doubtful_pages, figure_file, join_pages
from papertray.engine.pages import Figure, PageImage, PageText, Reader, ReaderIdentity, Watch
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
        number = 1
        while number <= count:
            numbers = range(number, min(number + reader.batch, count + 1))
            try:
                yield from self._together(file, numbers, reader, watch)
            except Cancelled:
                if unread is None or number == 1:
                    raise
                yield from map(unread, range(number, count + 1))
                return
            number = numbers.stop
            progress(number - 1, count)

    def _together(
        self, file: Path, numbers: range, reader: Reader, watch: Watch
    ) -> list[PageText] | list[PageText | FailedPage]:
        """As many as the reader likes at once; each for itself when something is wrong with one of them."""
        if watch.cancelled:
            raise Cancelled
        pages = [self._image(file, number) for number in numbers]
        images = [page for page in pages if isinstance(page, PageImage)]
        if len(images) == len(pages) > 1:
            try:
                return reader.read(images, watch)
            except (Cancelled, ReaderAway):
                raise
            except PapertrayError:
                pass
        return [_read_one(page, reader, watch) if isinstance(page, PageImage) else page for page in pages]

    def _image(self, file: Path, number: int) -> PageImage | FailedPage:
        try:
            return self._renderer.image(file, number)
        except Cancelled:
            raise
        except PapertrayError as problem:
            return FailedPage(number, problem.sentence, problem.advice)


def _read_one(page: PageImage, reader: Reader, watch: Watch) -> PageText | FailedPage:
    """Where nobody is there to read, no page is at fault: that is raised."""
    if watch.cancelled:
        raise Cancelled
    try:
        return reader.read([page], watch)[0]
    except (Cancelled, ReaderAway):
        raise
    except PapertrayError as problem:
        return FailedPage(page.number, problem.sentence, problem.advice)


def require_file(file: Path) -> None:
    """What else may be wrong with it, the renderer says."""
    if not os.path.lexists(file):
        raise NoSuchFile(file)
