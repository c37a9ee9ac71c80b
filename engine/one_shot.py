"""Read one document from its first page to its last, here and now: no queue, no journal.

Takes a path; gives what was seen on each page, or why one could not be read. The reader is loaded for the
first document that can be opened, and kept for the next.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from papertray.engine.errors import Cancelled, PapertrayError
from papertray.engine.markdown import FailedPage
from papertray.engine.pages import PageText, Reader, ReaderIdentity, Watch
from papertray.engine.renderer import Renderer

Seen = Callable[[int, int], None]
"""Called with the pages done and the pages there are."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read, all pages accounted for."""

    kind: str
    pages: tuple[PageText | FailedPage, ...]
    reader: ReaderIdentity

    @property
    def failed(self) -> bool:
        return any(isinstance(page, FailedPage) for page in self.pages)


class OneShot:
    def __init__(self, renderer: Renderer, load: Callable[[], Reader]) -> None:
        self._renderer = renderer
        self._load = load
        self._reader: Reader | None = None

    def read(self, path: Path, seen: Seen, watch: Watch) -> Document:
        """Raises when the document cannot be opened; a page that cannot be read is a `FailedPage`."""
        outline = self._renderer.inspect(path)
        self._reader = self._reader or self._load()
        pages = tuple(self._pages(path, len(outline.pages), self._reader, seen, watch))
        return Document(outline.kind, pages, self._reader.identity)

    def _pages(
        self, path: Path, count: int, reader: Reader, seen: Seen, watch: Watch
    ) -> Iterator[PageText | FailedPage]:
        self._renderer.expect([(path, number) for number in range(1, count + 1)])
        seen(0, count)
        for number in range(1, count + 1):
            yield self._page(path, number, reader, watch)
            seen(number, count)

    def _page(self, path: Path, number: int, reader: Reader, watch: Watch) -> PageText | FailedPage:
        try:
            return reader.read([self._renderer.image(path, number)], watch)[0]
        except Cancelled:
            raise
        except PapertrayError as problem:
            return FailedPage(number, problem.sentence, problem.advice)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._renderer.close()
