"""A reader that asks servers only for what a file does not say itself.

Takes the place of the reader that it stands before. A page of plain prose that its file says soundly is read
from there, in milliseconds: nothing of it leaves this machine. Of all else that a server writes, numbers and
names that the file does not have are doubtful, where the file says all that the page shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from papertray.engine.checking.checked_reader import AT_ONCE, check_page, is_plain_prose
from papertray.engine.errors import Cancelled
from papertray.engine.layer.written_text import read_sound
from papertray.engine.page_flow import PageFlow, PageRequest, read_flow
from papertray.engine.pages import PageImage, PageText, Reader, ReaderIdentity, StartsPrograms, Watch


class WrittenFirstReader:
    """`trusting` takes whatever is written for sound."""

    def __init__(self, reader: Reader, *, trusting: bool) -> None:
        self._reader = reader
        self._trusting = trusting

    @property
    def identity(self) -> ReaderIdentity:
        return self._reader.identity

    @property
    def batch(self) -> int:
        return self._reader.batch

    @property
    def why(self) -> str:
        return self._reader.why

    @property
    def rung(self) -> str:
        return self._reader.rung

    @property
    def starting(self) -> str:
        return self._reader.starting if isinstance(self._reader, StartsPrograms) else ""

    @property
    def memory(self) -> int:
        return self._reader.memory if isinstance(self._reader, StartsPrograms) else 0

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        if watch.cancelled:
            raise Cancelled
        written = [self._look(page) for page in pages]
        asked = [page for page, text in zip(pages, written, strict=True) if not _is_enough(text)]
        answers = iter(self._reader.read(asked, watch) if asked else ())
        return [
            text if text is not None and _is_enough(text) else check_page(next(answers), text)
            for text in written
        ]

    def read_flow(self, flow: PageFlow) -> None:
        beside = _WrittenFlow(flow, self._look)
        while beside.has_more:
            beside.has_more = False
            read_flow(self._reader, beside)

    def close(self) -> None:
        self._reader.close()

    def _look(self, page: PageImage) -> PageText | None:
        if page.layer is None:
            return None
        try:
            return read_sound(page.layer, page.dots_per_inch, trusting=self._trusting)
        except Exception:  # whatever is odd about it, a server can look at the page
            return None


class _WrittenFlow:
    """The pages that servers have to be asked for. `has_more` where none was given and there may be one."""

    def __init__(self, flow: PageFlow, look: Callable[[PageImage], PageText | None]) -> None:
        self._flow = flow
        self._look = look
        self._taken: dict[PageRequest, tuple[PageRequest, PageText | None]] = {}
        self.has_more = True

    def take(self) -> PageRequest | None:
        """So many pages of prose may hold up those that are with the servers."""
        for _ in range(AT_ONCE):
            if (request := self._flow.take()) is None:
                return None
            text = self._look(request.page)
            if text is None or not _is_enough(text):
                asked = PageRequest(replace(request.page, layer=None), request.watch)
                self._taken[asked] = (request, text)
                return asked
            self._flow.answer(request, text)
        self.has_more = True
        return None

    def answer(self, request: PageRequest, text: PageText) -> None:
        asked, written = self._taken.pop(request)
        self._flow.answer(asked, check_page(text, written))

    def fail(self, request: PageRequest, problem: Exception) -> None:
        self._flow.fail(self._taken.pop(request)[0], problem)


def _is_enough(text: PageText | None) -> bool:
    return text is not None and is_plain_prose(text)
