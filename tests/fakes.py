"""Readers for tests: they answer at once, from the picture itself: the same page always says the same."""

import hashlib
import threading
from collections.abc import Callable, Sequence

from papertray.daemon.settings import EngineSettings
from papertray.engine.errors import Cancelled
from papertray.engine.pages import Block, BlockKind, PageImage, PageText, Reader, ReaderIdentity, Watch


def text_of(page: PageImage) -> str:
    """What the fake reader says of a page: a name for its pixels."""
    return f"page {hashlib.sha256(page.image.tobytes()).hexdigest()[:16]}"


class InstantReader:
    """Reads by hashing. `before` is called with every page first, and may raise, wait or kill.

    It likes as many pages at once as the readers that ship; a test that wants more asks for them.
    """

    identity = ReaderIdentity("instant", "1", "cpu")
    why = rung = ""

    def __init__(self, batch: int = 1, before: Callable[[PageImage], None] = lambda _page: None) -> None:
        self.batch = batch
        self.before = before
        self.read_pages = 0
        self.closed = False

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        texts = []
        for page in pages:
            self.before(page)
            if watch.cancelled:
                raise Cancelled
            texts.append(PageText((Block(BlockKind.TEXT, text_of(page)),)))
            self.read_pages += 1
        return texts

    def close(self) -> None:
        self.closed = True


class OneReader:
    """The daemon's `Readers`, always giving the same one; counts how often it was opened."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.opened: list[EngineSettings] = []

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        self.opened.append(engine)
        return self.reader

    def fallback(self, engine: EngineSettings) -> Reader:
        return self.reader

    def is_back(self, engine: EngineSettings) -> bool:
        return True

    def stock(self) -> tuple[str, ...]:
        return ()


class Gate:
    """Holds a reader until it is opened; `reached` says that it waits there."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _page: PageImage) -> None:
        self.reached.set()
        self.opened.wait(30)
