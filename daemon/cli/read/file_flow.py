"""The pages of many files as one flow: a reader takes the next while others are read, of whichever file.

Files are opened a few ahead, so that the processes that draw pages have something to do. What is wrong with
a file is told to `refuse`; whoever is done, with all its pages, goes to `finish`.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from papertray.engine.errors import Cancelled, DocumentError, PapertrayError
from papertray.engine.markdown import FailedPage
from papertray.engine.page_flow import PageRequest
from papertray.engine.pages import PageText, Watch
from papertray.engine.renderer import Renderer

_AHEAD = 3  # pages that each process draws before they are asked for


@dataclass(frozen=True, slots=True)
class FileToRead:
    """`into` is the folder for its note."""

    path: Path
    into: Path


@dataclass(slots=True, eq=False)
class FileInHand:
    file: FileToRead
    kind: str
    renderer: Renderer
    pages: list[PageText | FailedPage | None]
    unasked: deque[int] = field(init=False)

    def __post_init__(self) -> None:
        self.unasked = deque(range(1, len(self.pages) + 1))

    @property
    def texts(self) -> tuple[PageText | FailedPage, ...]:
        return tuple(page for page in self.pages if page is not None)


class FileFlow:
    def __init__(
        self,
        files: Iterator[FileToRead],
        renderers: Sequence[Renderer],
        most_open: int,
        finish: Callable[[FileInHand], None],
        refuse: Callable[[FileToRead, PapertrayError], None],
    ) -> None:
        self._files = files
        self._renderers = cycle(renderers)
        self._ahead = _AHEAD * len(renderers)
        self._most_open = most_open
        self._finish = finish
        self._refuse = refuse
        self._open: list[FileInHand] = []
        self._in_hand: dict[PageRequest, tuple[FileInHand, int]] = {}
        self._cancel = threading.Event()

    def take(self) -> PageRequest | None:
        while (place := self._next_page()) is not None:
            opened, number = place
            try:
                image = opened.renderer.image(opened.file.path, number)
            except Cancelled:
                raise
            except PapertrayError as problem:
                self._end(opened, number, FailedPage(number, problem.sentence, problem.advice))
                continue
            request = PageRequest(image, Watch(self._cancel))
            self._in_hand[request] = place
            return request
        return None

    def answer(self, request: PageRequest, text: PageText) -> None:
        self._end(*self._in_hand.pop(request), text)

    def fail(self, request: PageRequest, problem: Exception) -> None:
        opened, number = self._in_hand.pop(request)
        if isinstance(problem, Cancelled):
            opened.unasked.appendleft(number)
        elif isinstance(problem, PapertrayError):
            self._end(opened, number, FailedPage(number, problem.sentence, problem.advice))
        else:
            raise problem

    def give_back(self) -> None:
        """Nobody was there to read what is in hand: it is taken again."""
        for opened, number in self._in_hand.values():
            opened.unasked.appendleft(number)
        self._in_hand.clear()

    def _next_page(self) -> tuple[FileInHand, int] | None:
        while self._waiting() < self._ahead and len(self._open) < self._most_open:
            file = next(self._files, None)
            if file is None:
                break
            self._open_file(file)
        opened = next((each for each in self._open if each.unasked), None)
        if opened is None:
            return None
        number = opened.unasked.popleft()
        self._expect(opened.renderer)
        return opened, number

    def _open_file(self, file: FileToRead) -> None:
        renderer = next(self._renderers)
        try:
            outline = renderer.inspect(file.path)
        except DocumentError as problem:
            self._refuse(file, problem)
            return
        opened = FileInHand(file, outline.kind, renderer, [None] * len(outline.pages))
        self._open.append(opened)
        self._expect(renderer)

    def _expect(self, renderer: Renderer) -> None:
        theirs = (each for each in self._open if each.renderer is renderer)
        pages = ((each.file.path, number) for each in theirs for number in each.unasked)
        renderer.expect(list(islice(pages, _AHEAD)))

    def _waiting(self) -> int:
        return sum(len(each.unasked) for each in self._open)

    def _end(self, opened: FileInHand, number: int, page: PageText | FailedPage) -> None:
        opened.pages[number - 1] = page
        if None not in opened.pages:
            self._open.remove(opened)
            self._finish(opened)
