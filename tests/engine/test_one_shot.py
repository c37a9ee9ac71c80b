"""One document read here and now, by the real renderer and a reader that answers at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from papertray.engine.errors import Cancelled, DocumentError, ReaderError
from papertray.engine.markdown import FailedPage
from papertray.engine.one_shot import OneShot
from papertray.engine.pages import PageImage, PageText, Watch
from papertray.engine.renderer import Renderer
from tests.desks import draw_pages
from tests.fakes import InstantReader, text_of

HASH_OF_WHITE = text_of(PageImage(Image.new("RGB", (30, 20), "white")))


class Loads:
    """Loads a reader, and counts."""

    def __init__(self, reader: InstantReader) -> None:
        self.reader = reader
        self.count = 0

    def __call__(self) -> InstantReader:
        self.count += 1
        return self.reader


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def unseen(_done: int, _pages: int) -> None: ...


def test_every_page_is_read_in_order_and_progress_is_told(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    told: list[tuple[int, int]] = []
    book = draw_pages(tmp_path / "book.pdf", "book", 3)
    whole = OneShot(renderer, loads).read(book, lambda *seen: told.append(seen), Watch())
    assert (whole.kind, len(whole.pages), whole.failed) == ("pdf", 3, False)
    assert len({page.markdown for page in whole.pages if isinstance(page, PageText)}) == 3
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_page_that_cannot_be_read_leaves_the_others(renderer: Renderer, tmp_path: Path) -> None:
    def second_fails(page: PageImage) -> None:
        if page.number == 2:
            raise ReaderError("The page is too odd.", "Read it yourself.")

    book = draw_pages(tmp_path / "book.pdf", "book", 3)
    whole = OneShot(renderer, Loads(InstantReader(before=second_fails))).read(book, unseen, Watch())
    assert whole.failed
    assert whole.pages[1] == FailedPage(2, "The page is too odd.", "Read it yourself.")
    assert isinstance(whole.pages[2], PageText)


def test_no_reader_is_loaded_for_what_cannot_be_opened(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    with pytest.raises(DocumentError):
        OneShot(renderer, loads).read(tmp_path / "nothing.pdf", unseen, Watch())
    assert loads.count == 0


def test_one_reader_serves_all_documents_and_is_closed_at_the_end(renderer: Renderer, tmp_path: Path) -> None:
    loads = Loads(InstantReader())
    reading = OneShot(renderer, loads)
    Image.new("RGB", (30, 20), "white").save(tmp_path / "white.png")
    for _ in range(2):
        page = reading.read(tmp_path / "white.png", unseen, Watch()).pages[0]
        assert isinstance(page, PageText)
        assert page.markdown == HASH_OF_WHITE
    reading.close()
    assert (loads.count, loads.reader.closed) == (1, True)


def test_a_cancelled_page_is_no_failed_page(renderer: Renderer, tmp_path: Path) -> None:
    watch = Watch()
    watch.cancel.set()
    book = draw_pages(tmp_path / "book.pdf", "book", 1)
    with pytest.raises(Cancelled):
        OneShot(renderer, Loads(InstantReader())).read(book, unseen, watch)
