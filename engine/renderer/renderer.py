"""The renderer: who asks comes first, and while nobody asks, the pages expected next are drawn ahead.

One thread of its own talks to the child. What is drawn ahead waits as raw pixels, bounded in number and size.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from papertray.engine.beneath import NamedFile, Source, translate_problems
from papertray.engine.documents import DocumentLimits, Fingerprint, Outline
from papertray.engine.errors import Cancelled, DocumentChanged
from papertray.engine.pages import PageImage
from papertray.engine.renderer.attended import AttendedChild
from papertray.engine.renderer.child import COMMAND
from papertray.engine.renderer.replies import DrawnPage, parse_drawing, parse_outline

if TYPE_CHECKING:
    from PIL.Image import Image

RESTED = 2.0  # seconds without a task until the child ends that may: the next document is often close behind
MOST_FINGERPRINTS = 10_000  # documents whose fingerprint is kept between `inspect` and `image`

Page = tuple[Path, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RenderTask:
    """Something for the child to do, and where the answer goes."""

    answer: "Future[Any]"
    work: Callable[[], Any]


class Renderer:
    """Opens documents in a child process, and replaces the child when one of them is too much for it.

    Thread-safe: `inspect` and `image` may be called from different threads at once. `image` raises
    `DocumentChanged` when the file is no longer the one `inspect` saw; without an `inspect` (after a restart)
    the caller compares what it knows. A path means the file that a person named; a `Source` says how it may
    be opened. `dots_per_inch` tells at how many a PDF's pages are drawn, where that is not as `limits` say.
    `command` starts the child; tests bring one that misbehaves.
    """

    def __init__(
        self,
        limits: DocumentLimits = DocumentLimits(),
        ahead: int = 3,
        command: Sequence[str] = COMMAND,
        dots_per_inch: Callable[[Path], int | None] = lambda _file: None,
    ) -> None:
        self._child = AttendedChild(command, limits)
        self._ahead = ahead
        self._dots_per_inch = dots_per_inch
        self._room = ahead * limits.page_megapixels * 3_000_000
        self._tasks: deque[RenderTask] = deque()
        self._expected: dict[Page, Source] = {}
        self._drawn_ahead: dict[Page, Future[DrawnPage]] = {}
        self._fingerprints: OrderedDict[Path, Fingerprint] = OrderedDict()
        self._change = threading.Condition()
        self._closed = self._resting = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def inspect(self, file: Path | Source) -> Outline:
        """Kind and page sizes, before any pixels are made."""
        source, path = _source(file)
        outline, fingerprint = self._ask(partial(self._outline, source)).result()
        with self._change:
            self._fingerprints[path] = fingerprint
            self._fingerprints.move_to_end(path)
            if len(self._fingerprints) > MOST_FINGERPRINTS:
                self._fingerprints.popitem(last=False)
        return outline

    def image(self, file: Path | Source, number: int) -> PageImage:
        """Page `number`, counted from 1, upright and in RGB.

        A page that something is written on comes with that, and is drawn when somebody looks at its picture:
        then this may raise what it raises here.
        """
        source, path = _source(file)
        now = _fingerprint(path)
        with self._change:
            ahead = self._drawn_ahead.pop((path, number), None)
            self._expected.pop((path, number), None)
            self._change.notify_all()  # there is room for another page
            before = self._fingerprints.get(path, now)
        if before != now:
            raise DocumentChanged(path)
        page = ahead.result() if ahead else None
        if page is None or page.file != now:  # drawn ahead from what the file was before
            page = self._ask(partial(self._look, source, number)).result()
        if page.file != now:
            raise DocumentChanged(path)
        if page.layer is None:
            return PageImage(_image(page), number, page.size.dots_per_inch)
        later = cache(partial(self._draw_later, source, number, now))
        return PageImage(later, number, page.size.dots_per_inch, page.layer)

    def _draw_later(self, source: Source, number: int, file: Fingerprint) -> "Image":
        drawn = self._ask(partial(self._pixels, source, number)).result()
        if drawn.file != file:
            raise DocumentChanged(source.path)
        return _image(drawn)

    def expect(self, pages: Sequence[tuple[Path | Source, int]]) -> None:
        """Name the few pages that will be asked for next, in order: the first are drawn beforehand."""
        sources = ((_source(file), number) for file, number in pages)
        with self._change:
            self._expected = {(path, number): source for (source, path), number in sources}
            self._wake()

    def rest(self) -> None:
        """Let the child end, unless something comes soon; it is started again when it is needed.

        What was drawn ahead is dropped.
        """
        with self._change:
            self._expected.clear()
            self._drawn_ahead.clear()
            self._resting = True
            self._change.notify_all()

    def close(self) -> None:
        """End the child at once. Whoever still waits for a page gets `Cancelled`."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._child.give_up()
        if self._thread:
            self._thread.join()

    def _ask(self, work: Callable[[], T]) -> "Future[T]":
        answer: Future[T] = Future()
        with self._change:
            if self._closed:
                raise Cancelled
            self._tasks.append(RenderTask(answer, work))
            self._wake()
        return answer

    def _wake(self) -> None:
        """Tell the thread that there is something to do, or start it; called while holding `_change`."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="renderer", daemon=True)
            self._thread.start()
        self._change.notify_all()

    def _run(self) -> None:
        while task := self._next_task():
            try:
                task.answer.set_result(task.work())
            except BaseException as problem:
                task.answer.set_exception(Cancelled() if self._closed else problem)
        self._child.end()
        for task in self._tasks:
            task.answer.set_exception(Cancelled())

    def _next_task(self) -> RenderTask | None:
        """Wait for something to do; None when the renderer is closed."""
        with self._change:
            while not self._closed:
                if self._tasks:
                    return self._tasks.popleft()
                if page := self._page_ahead():
                    answer = self._drawn_ahead[page] = Future()
                    return RenderTask(answer, partial(self._look, self._expected[page], page[1]))
                if not self._change.wait(RESTED if self._resting else None):
                    self._resting = False
                    return RenderTask(Future(), self._child.end)
        return None

    def _page_ahead(self) -> Page | None:
        """The next page worth drawing before anyone asks, if there is room for it."""
        page = next((page for page in self._expected if page not in self._drawn_ahead), None)
        if page is None:
            return None
        for stale in [page for page in self._drawn_ahead if page not in self._expected]:
            del self._drawn_ahead[stale]
        full = (
            len(self._drawn_ahead) >= self._ahead
            or sum(map(_bytes, self._drawn_ahead.values())) >= self._room
        )
        return None if full else page

    def _outline(self, source: Source) -> tuple[Outline, Fingerprint]:
        return self._child.ask(source, None, parse_outline, more=self._drawn_as(source))

    def _look(self, source: Source, number: int) -> DrawnPage:
        return self._child.ask(source, number, parse_drawing, look=True, more=self._drawn_as(source))

    def _pixels(self, source: Source, number: int) -> DrawnPage:
        return self._child.ask(source, number, parse_drawing, more=self._drawn_as(source))

    def _drawn_as(self, source: Source) -> dict[str, int]:
        dots = self._dots_per_inch(source.path)
        return {} if dots is None else {"dots_per_inch": dots}


def _source(file: Path | Source) -> tuple[Source, Path]:
    return (NamedFile(file), file) if isinstance(file, Path) else (file, file.path)


def _bytes(drawn: "Future[DrawnPage]") -> int:
    return len(drawn.result().data) if drawn.done() and not drawn.exception() else 0


def _fingerprint(path: Path) -> Fingerprint:
    with translate_problems(path):
        return Fingerprint.of(path.stat())


def _image(drawn: DrawnPage) -> "Image":
    from PIL import Image

    width, height = drawn.size.width, drawn.size.height
    return Image.frombytes("RGB", (width, height), drawn.data, "raw", "RGB", drawn.stride)
